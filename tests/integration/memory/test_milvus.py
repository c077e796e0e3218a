"""What is Milvus' own: coming up, going away, coming back, and being rebuilt."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from pymilvus import MilvusClient

from graphs.errors import IndexGone, IndexMismatch, IndexUnavailable
from graphs.memory.expressions import literal
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, Vector
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.records import MemoryKind
from tests.support.embedded import running_milvus

DIMENSIONS = 8
ONE: Vector = np.eye(DIMENSIONS, dtype=np.float32)[0]


def entry(user: UUID, words: str = "word") -> IndexEntry:
    return IndexEntry(uuid4(), user, MemoryKind.EPISODE, words, ONE, datetime.now(UTC), session_id=uuid4())


def index_at(uri: str, alias: str, *, embedder: str = "test", dimensions: int = DIMENSIONS) -> MilvusIndex:
    return MilvusIndex(MilvusConfig(uri=uri, alias=alias, timeout=5), embedder=embedder, dimensions=dimensions)


async def found(index: MilvusIndex, user: UUID, limit: int = 100) -> set[UUID]:
    return {hit.id for hit in await index.search(IndexQuery(IndexFilter(user), ONE, None, limit))}


@pytest.fixture
def alias() -> str:
    return f"t_{uuid4().hex[:8]}"


@pytest.fixture
async def index(milvus_uri: str, alias: str) -> AsyncIterator[MilvusIndex]:
    made = index_at(milvus_uri, alias)
    await made.prepare()
    yield made
    await made.close()


async def test_prepare_alone_makes_a_collection_and_once(milvus_uri: str, alias: str) -> None:
    first, second = index_at(milvus_uri, alias), index_at(milvus_uri, alias)
    user = uuid4()
    for call in (first.open(), first.count(), first.upsert([entry(user)]), found(first, user), first.delete_user(user)):
        with pytest.raises(IndexGone):
            await call
    assert await first.serving() is None
    assert collections_of(milvus_uri, alias) == []
    assert await first.prepare() is True
    assert await first.prepare() is False
    assert await second.prepare() is False
    assert await second.count() == 0
    await first.close()
    await second.close()


async def test_what_is_lost_while_it_is_used_is_not_made_again(milvus_uri: str, alias: str, index: MilvusIndex) -> None:
    user = uuid4()
    await index.upsert([entry(user)])
    serving = await index.serving()
    assert serving is not None
    assert await index.leave({serving}) == {serving}
    for call in (found(index, user), index.count(), index.upsert([entry(user)]), index.delete_user(user)):
        with pytest.raises(IndexGone):
            await call
    assert collections_of(milvus_uri, alias) == []


async def test_two_that_prepare_at_once_share_one_collection(milvus_uri: str, alias: str) -> None:
    first, second = index_at(milvus_uri, alias), index_at(milvus_uri, alias)
    made = await asyncio.gather(first.prepare(), second.prepare())
    assert sorted(made) in ([False, True], [False, False])
    user = uuid4()
    mine = entry(user)
    await first.upsert([mine])
    assert await found(second, user) == {mine.id}
    assert len(collections_of(milvus_uri, alias)) == 1
    await first.close()
    await second.close()


@pytest.mark.parametrize(("embedder", "dimensions"), [("other", DIMENSIONS), ("test", 4)])
async def test_vectors_of_another_embedder_are_refused_until_a_rebuild(
    milvus_uri: str, alias: str, index: MilvusIndex, embedder: str, dimensions: int
) -> None:
    await index.upsert([entry(uuid4())])
    other = index_at(milvus_uri, alias, embedder=embedder, dimensions=dimensions)
    with pytest.raises(IndexMismatch, match="memocha reindex"):
        await other.prepare()
    async with other.rebuild():
        pass
    assert await other.count() == 0
    await other.close()


async def test_a_collection_of_another_metric_is_refused_until_a_rebuild(milvus_uri: str, alias: str) -> None:
    first = MilvusIndex(
        MilvusConfig(uri=milvus_uri, alias=alias, metric="COSINE"), embedder="test", dimensions=DIMENSIONS
    )
    user = uuid4()
    mine = entry(user)
    await first.prepare()
    await first.upsert([mine])
    assert await found(first, user) == {mine.id}
    await first.close()
    other = index_at(milvus_uri, alias)
    with pytest.raises(IndexMismatch, match="MEMOCHA_MILVUS_METRIC"):
        await other.prepare()
    await other.close()


async def test_a_rebuild_takes_the_old_ones_place_for_everyone(milvus_uri: str, alias: str, index: MilvusIndex) -> None:
    user = uuid4()
    old, new = entry(user, "old"), entry(user, "new")
    await index.upsert([old])
    bystander = index_at(milvus_uri, alias)
    assert await found(bystander, user) == {old.id}
    async with index.rebuild() as fresh:
        await fresh.upsert([new])
        assert await found(index, user) == {old.id}
        assert await found(fresh, user) == {new.id}
    assert await found(index, user) == {new.id}
    assert await found(bystander, user) == {new.id}
    assert len(collections_of(milvus_uri, alias)) == 1
    await bystander.close()


async def test_a_rebuild_that_fails_changes_nothing(milvus_uri: str, alias: str, index: MilvusIndex) -> None:
    user = uuid4()
    old = entry(user)
    await index.upsert([old])

    async def broken() -> None:
        async with index.rebuild() as fresh:
            await fresh.upsert([entry(user)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await broken()
    assert await found(index, user) == {old.id}
    assert len(collections_of(milvus_uri, alias)) == 1


async def test_an_engine_that_is_down_is_said_so_in_time_and_found_when_it_comes_up(tmp_path: Path) -> None:
    async with running_milvus(tmp_path) as part:
        uri = part.uri
    index = MilvusIndex(MilvusConfig(uri=uri, timeout=1), embedder="test", dimensions=DIMENSIONS)
    for call in (index.prepare(), index.count(), index.upsert([entry(uuid4())]), found(index, uuid4()), index.flush()):
        start = time.monotonic()
        with pytest.raises(IndexUnavailable):
            await call
        assert time.monotonic() - start < 2.5
    async with running_milvus(tmp_path):
        await until_it_answers(index)
        user = uuid4()
        mine = entry(user)
        await index.upsert([mine])
        assert await found(index, user) == {mine.id}
        await index.close()


async def test_after_a_restart_of_the_engine_everything_is_found_again(tmp_path: Path) -> None:
    user = uuid4()
    flushed, fresh = entry(user), entry(user)
    async with running_milvus(tmp_path) as part:
        index = MilvusIndex(MilvusConfig(uri=part.uri, timeout=5), embedder="test", dimensions=DIMENSIONS)
        await index.prepare()
        await index.upsert([flushed])
        await index.flush()
        await index.upsert([fresh])
    with pytest.raises(IndexUnavailable):
        await found(index, user)
    async with running_milvus(tmp_path):
        await until_it_answers(index)
        assert await found(index, user) == {flushed.id, fresh.id}
        await index.close()


async def test_what_was_just_written_is_found_while_others_write_and_flush(index: MilvusIndex) -> None:
    """The engine has no lock over its writes, and hides rows while it flushes: the index keeps them apart."""

    async def tell_and_ask() -> None:
        for _ in range(6):
            user = uuid4()
            entries = [entry(user) for _ in range(60)]
            await index.upsert(entries)
            assert await found(index, user) == {each.id for each in entries}
            await index.delete(user, [each.id for each in entries[:30]])
            assert await found(index, user) == {each.id for each in entries[30:]}

    await asyncio.gather(*(tell_and_ask() for _ in range(4)))
    assert await index.count() == 4 * 6 * 30


async def test_a_word_counts_the_same_whenever_it_was_written(index: MilvusIndex) -> None:
    """The engine keeps rows in files. How rare a word is must not be asked of the file that a row happens to be in: in
    one of a few rows every word is common, so what was just said would score a fraction of what was said before."""
    user = uuid4()
    among = [entry(user, f"talk number n{at} about the weather") for at in range(300)]
    early, late, last = (entry(user, "canary called pavarotti") for _ in range(3))
    await index.upsert([*among, early])
    await index.flush()
    await index.upsert([late])
    await index.flush()
    await index.upsert([last])
    hits = await index.search(IndexQuery(IndexFilter(user), None, "canary pavarotti", 10))
    scores = {hit.id: hit.sparse or 0.0 for hit in hits}
    assert scores.keys() == {early.id, late.id, last.id}
    assert scores[late.id] == pytest.approx(scores[early.id], rel=0.01)
    assert scores[last.id] == pytest.approx(scores[early.id], rel=0.1)


async def test_the_index_flushes_by_itself_after_a_while(milvus_uri: str, alias: str) -> None:
    config = MilvusConfig(uri=milvus_uri, alias=alias, flush_rows=1000, flush_after=0.05)
    index = MilvusIndex(config, embedder="test", dimensions=DIMENSIONS)
    flushed = asyncio.Event()
    flush = index._flusher._flush

    async def noticed() -> None:
        await flush()
        flushed.set()

    index._flusher._flush = noticed
    await index.prepare()
    await index.upsert([entry(uuid4())])
    await asyncio.wait_for(flushed.wait(), 5)
    await index.close()


@pytest.mark.parametrize(
    "value", ['a"b', "a\\", '\\"', "' or 1==1 or '", '" or user_id != "', "дом\nжив\t", "狗🎉", "%_*", ""]
)
async def test_a_value_in_a_filter_is_only_ever_a_value(milvus_uri: str, alias: str, value: str) -> None:
    client = MilvusClient(milvus_uri)
    client.create_collection(alias, dimension=2, id_type="string", max_length=100, auto_id=False)
    client.insert(alias, [{"id": "1", "vector": [1, 0], "tag": value}, {"id": "2", "vector": [0, 1], "tag": "other"}])
    try:
        assert [row["id"] for row in client.query(alias, filter=f"tag == {literal(value)}")] == ["1"]
    finally:
        client.drop_collection(alias)
        client.close()


def collections_of(uri: str, alias: str) -> list[str]:
    client = MilvusClient(uri)
    try:
        return [name for name in client.list_collections() if name.startswith(alias)]
    finally:
        client.close()


async def until_it_answers(index: MilvusIndex) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await index.prepare()
            except IndexUnavailable:
                await asyncio.sleep(0.1)
            else:
                return
