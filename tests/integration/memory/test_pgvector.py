"""What is pgvector's own: BM25 as it is defined, coming up, going away, coming back, and being rebuilt."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import psycopg
import pytest
from psycopg import sql

from app.embedded.postgres import PostgresPart
from graphs.errors import IndexGone, IndexMismatch, IndexUnavailable
from graphs.memory.bm25 import bm25
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, Vector
from graphs.memory.pgvector import BATCH, PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.records import MemoryKind

DIMENSIONS = 8
ONE: Vector = np.eye(DIMENSIONS, dtype=np.float32)[0]


def entry(user: UUID, words: str = "word", vector: Vector = ONE) -> IndexEntry:
    return IndexEntry(uuid4(), user, MemoryKind.EPISODE, words, vector, datetime.now(UTC), session_id=uuid4())


def index_at(
    url: str, schema: str = "memory_index", *, embedder: str = "test", dimensions: int = DIMENSIONS
) -> PgvectorIndex:
    config = PgvectorConfig(url=url, schema=schema, timeout=5)
    return PgvectorIndex(config, embedder=embedder, dimensions=dimensions)


async def found(index: PgvectorIndex, user: UUID, limit: int = 100) -> set[UUID]:
    return {hit.id for hit in await index.search(IndexQuery(IndexFilter(user), ONE, None, limit))}


async def by_words(index: PgvectorIndex, where: IndexFilter, words: str) -> dict[UUID, float]:
    hits = await index.search(IndexQuery(where, None, words, 1000))
    return {hit.id: hit.sparse for hit in hits if hit.sparse is not None}


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(statement.encode()).fetchall()


def tables_of(url: str, schema: str) -> set[str]:
    where = f"FROM pg_tables WHERE schemaname = '{schema}' AND tablename <> 'generations'"
    return {str(row[0]) for row in rows(url, f"SELECT tablename {where}")}


def words_of(url: str, schema: str) -> int:
    (table,) = (name for name in tables_of(url, schema) if name.startswith("words_"))
    return int(str(rows(url, f'SELECT count(*) FROM "{schema}"."{table}"')[0][0]))


@asynccontextmanager
async def server(folder: Path, port: int | None = None) -> AsyncIterator[PostgresPart]:
    """A Postgres server for the time of the block, on the port that it had before."""
    part = PostgresPart(folder)
    part.port = port or part.port
    await part.start()
    try:
        yield part
    finally:
        await part.stop()


@pytest.fixture
def schema() -> str:
    return f"t_{uuid4().hex[:8]}"


@pytest.fixture
async def index(module_database_url: str, schema: str) -> AsyncIterator[PgvectorIndex]:
    made = index_at(module_database_url, schema)
    await made.prepare()
    yield made
    await made.close()


# --- scores


async def test_words_score_as_bm25_is_defined_over_the_users_own_memories(index: PgvectorIndex) -> None:
    user, dice = uuid4(), np.random.default_rng(7)
    texts = [" ".join(f"w{n}" for n in dice.zipf(1.5, dice.integers(1, 40)) if n < 50) for _ in range(120)]
    entries = [entry(user, text) for text in texts]
    # What others say must not make a word common.
    await index.upsert([*entries, *(entry(uuid4(), "w1 w2 w3") for _ in range(50))])
    for question in ("w1 w7 w12", "w3 w3 w40", "w2", "w49 nothing"):
        wanted = bm25(question, {each.id: each.words for each in entries})
        assert await by_words(index, IndexFilter(user), question) == pytest.approx(wanted, rel=1e-6)


async def test_a_filter_takes_memories_away_and_leaves_scores_as_they_are(index: PgvectorIndex) -> None:
    user = uuid4()
    entries = [entry(user, f"apple w{n}") for n in range(10)]
    await index.upsert(entries)
    every = await by_words(index, IndexFilter(user), "apple w3")
    one = await by_words(index, IndexFilter(user, session_id=entries[3].session_id), "apple w3")
    assert one == {entries[3].id: every[entries[3].id]}


async def test_vectors_score_by_their_cosine_to_the_last_digit_of_a_float(index: PgvectorIndex) -> None:
    user, dice = uuid4(), np.random.default_rng(7)
    vectors = dice.normal(size=(20, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    entries = [entry(user, vector=vector) for vector in vectors]
    await index.upsert(entries)
    hits = await index.search(IndexQuery(IndexFilter(user), vectors[0], None, 20))
    wanted = {each.id: float(each.vector @ vectors[0]) for each in entries}
    assert {hit.id: hit.dense for hit in hits} == pytest.approx(wanted, abs=1e-6)


# --- words follow their memories


async def test_words_leave_with_their_memory_and_change_with_it(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
    user, session = uuid4(), uuid4()
    first, second, third, fourth = (entry(user, f"one two three{n}") for n in range(4))
    await index.upsert([first, second, third, replace(fourth, session_id=session)])
    assert words_of(module_database_url, schema) == 12
    await index.upsert([replace(first, words="four")])
    assert words_of(module_database_url, schema) == 10
    assert (await by_words(index, IndexFilter(user), "four")).keys() == {first.id}
    await index.delete(user, [second.id])
    assert words_of(module_database_url, schema) == 7
    await index.delete_session(user, session)
    assert words_of(module_database_url, schema) == 4
    await index.delete_user(user)
    assert words_of(module_database_url, schema) == 0


async def test_all_of_a_user_leaves_in_parts_and_nothing_of_another(index: PgvectorIndex) -> None:
    user, other = uuid4(), uuid4()
    theirs = [entry(other, f"w{n}") for n in range(5)]
    await index.upsert([*(entry(user, f"w{n}") for n in range(2 * BATCH + 1)), *theirs])
    await index.delete_user(user)
    assert await index.count(user) == 0
    assert await by_words(index, IndexFilter(user), "w1 w2") == {}
    assert await found(index, other) == {each.id for each in theirs}


async def test_writing_the_same_memories_at_once_neither_fails_nor_doubles(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
    user = uuid4()
    entries = [entry(user, f"w{n} w{n + 1}") for n in range(100)]
    await asyncio.gather(*(index.upsert(entries[::step]) for step in (1, -1, 1, -1, 2, -2)))
    assert await index.count(user) == 100
    assert words_of(module_database_url, schema) == 200


async def test_words_of_any_length_and_with_zero_bytes(index: PgvectorIndex) -> None:
    user = uuid4()
    long, zero = entry(user, "x" * 50_000), entry(user, "a\x00b c")
    await index.upsert([long, zero])
    assert (await by_words(index, IndexFilter(user), "x" * 50_000)).keys() == {long.id}
    assert (await by_words(index, IndexFilter(user), "c \x00")).keys() == {zero.id}


# --- generations


async def test_prepare_alone_makes_tables_and_once(module_database_url: str, schema: str) -> None:
    first, second = index_at(module_database_url, schema), index_at(module_database_url, schema)
    user = uuid4()
    for call in (first.open(), first.count(), first.upsert([entry(user)]), found(first, user), first.delete_user(user)):
        with pytest.raises(IndexGone):
            await call
    assert await first.serving() is None
    await first.drop("one that is not there")
    assert rows(module_database_url, f"SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'") == []
    assert await first.prepare() is True
    assert await first.prepare() is False
    assert await second.prepare() is False
    await first.close()
    await second.close()


async def test_what_is_lost_while_it_is_used_is_not_made_again(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
    user = uuid4()
    await index.upsert([entry(user)])
    serving = await index.serving()
    assert serving is not None
    assert await index.leave({serving}) == {serving}
    for call in (found(index, user), index.count(), index.upsert([entry(user)]), index.delete_user(user)):
        with pytest.raises(IndexGone):
            await call
    assert rows(module_database_url, f"SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'") == []


async def test_many_that_prepare_at_once_share_one_pair_of_tables(module_database_url: str, schema: str) -> None:
    indexes = [index_at(module_database_url, schema) for _ in range(4)]
    assert sum(await asyncio.gather(*(index.prepare() for index in indexes))) == 1
    assert len(tables_of(module_database_url, schema)) == 2
    for index in indexes:
        await index.close()


@pytest.mark.parametrize(("embedder", "dimensions"), [("other", DIMENSIONS), ("test", 4)])
async def test_vectors_of_another_embedder_are_refused_until_a_rebuild(
    module_database_url: str, schema: str, index: PgvectorIndex, embedder: str, dimensions: int
) -> None:
    await index.upsert([entry(uuid4())])
    other = index_at(module_database_url, schema, embedder=embedder, dimensions=dimensions)
    with pytest.raises(IndexMismatch, match="memocha reindex"):
        await other.prepare()
    async with other.rebuild():
        pass
    assert await other.count() == 0
    await other.close()


async def test_a_rebuild_takes_the_old_ones_place_for_everyone(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
    user = uuid4()
    old, new = entry(user, "old"), entry(user, "new")
    await index.upsert([old])
    bystander = index_at(module_database_url, schema)
    assert await found(bystander, user) == {old.id}
    async with index.rebuild() as fresh:
        await fresh.upsert([new])
        assert await found(index, user) == {old.id}
        assert await found(fresh, user) == {new.id}
    assert await found(index, user) == {new.id}
    assert await found(bystander, user) == {new.id}
    assert len(tables_of(module_database_url, schema)) == 2
    await bystander.close()


async def test_a_rebuild_that_fails_changes_nothing(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
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
    assert len(tables_of(module_database_url, schema)) == 2


async def test_what_a_killed_rebuild_left_goes_with_the_next(
    module_database_url: str, schema: str, index: PgvectorIndex
) -> None:
    await index.prepare()
    await index._tables.make_fresh()
    assert len(tables_of(module_database_url, schema)) == 4
    async with index.rebuild():
        pass
    assert len(tables_of(module_database_url, schema)) == 2


# --- the server


async def test_a_server_that_is_down_is_said_so_in_time_and_found_when_it_comes_back(tmp_path: Path) -> None:
    user = uuid4()
    mine = entry(user)
    async with server(tmp_path) as part:
        port = part.port
        index = index_at(part.url)
        await index.prepare()
        await index.upsert([mine])
    for call in (index.prepare(), index.count(), index.upsert([entry(user)]), found(index, user), index.flush()):
        start = time.monotonic()
        with pytest.raises(IndexUnavailable):
            await call
        assert time.monotonic() - start < 2.5
    async with server(tmp_path, port):
        async with asyncio.timeout(20):
            while True:
                try:
                    assert await found(index, user) == {mine.id}
                    break
                except IndexUnavailable:
                    await asyncio.sleep(0.1)
    await index.close()


async def test_a_database_without_pgvector_says_what_to_do(module_database_url: str, index: PgvectorIndex) -> None:
    """The role of the embedded server may not add the extension, as on most servers of others."""
    name = f"bare_{uuid4().hex[:8]}"
    with psycopg.connect(module_database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        bare = index_at(module_database_url.rsplit("/", 1)[0] + f"/{name}")
        with pytest.raises(IndexUnavailable, match="CREATE EXTENSION vector"):
            await bare.prepare()
        await bare.close()
    finally:
        with psycopg.connect(module_database_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


async def test_an_error_quotes_no_row(module_database_url: str, schema: str, index: PgvectorIndex) -> None:
    await index.prepare()
    secret = entry(uuid4(), "canary", vector=np.ones(3, dtype=np.float32))
    with pytest.raises(IndexUnavailable) as refused:
        await index.upsert([secret])
    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_config_does_not_show_its_password() -> None:
    assert "hush" not in repr(PgvectorConfig(url="postgresql://me:hush@127.0.0.1/x"))
