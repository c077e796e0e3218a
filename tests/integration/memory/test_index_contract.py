"""What every memory index does: the one in memory, the one in Milvus and the one in Postgres alike."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import numpy as np
import pytest

from graphs.errors import InvalidMemoryQuery
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, MemoryIndex, Vector
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.records import MemoryKind
from graphs.memory.stem import stem_query, stem_text

DIMENSIONS = 8
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def direction(*parts: float) -> Vector:
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[: len(parts)] = parts
    unit: Vector = vector / np.linalg.norm(vector)
    return unit


def entry(user: UUID, text: str, vector: Vector | None = None, **fields: object) -> IndexEntry:
    made = IndexEntry(
        id=uuid4(),
        user_id=user,
        kind=MemoryKind.EPISODE,
        words=stem_text(text),
        vector=vector if vector is not None else direction(1),
        created_at=NOON,
    )
    return replace(made, **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=["in memory", "milvus", "pgvector", "pgvector hnsw"])
async def index(
    request: pytest.FixtureRequest, milvus_uri: str, module_database_url: str
) -> AsyncIterator[MemoryIndex]:
    made: MemoryIndex
    if request.param == "in memory":
        made = InMemoryIndex()
    elif request.param == "milvus":
        config = MilvusConfig(uri=milvus_uri, alias=f"contract_{uuid4().hex[:8]}")
        made = milvus = MilvusIndex(config, embedder="test", dimensions=DIMENSIONS)
        await milvus.prepare()
    else:
        schema = request.param.replace(" ", "_")
        kind: Literal["exact", "hnsw"] = "hnsw" if "hnsw" in request.param else "exact"
        place = PgvectorConfig(url=module_database_url, schema=schema, dense_index=kind)
        made = pgvector = PgvectorIndex(place, embedder="test", dimensions=DIMENSIONS)
        await pgvector.prepare()
    yield made
    await made.close()


@pytest.fixture
def user() -> UUID:
    return uuid4()


async def found(
    index: MemoryIndex, where: IndexFilter, words: str | None = None, vector: Vector | None = None
) -> set[UUID]:
    if words is None and vector is None:
        vector = direction(1)
    query = IndexQuery(where, vector, stem_query(words) if words else None, limit=50)
    return {candidate.id for candidate in await index.search(query)}


async def test_what_was_written_is_found_at_once_by_meaning_and_by_words(index: MemoryIndex, user: UUID) -> None:
    dog = entry(user, "My dog is called Biscuit", direction(1, 0.1))
    tax = entry(user, "The tax return is due in May", direction(0, 1))
    await index.upsert([dog, tax])
    query = IndexQuery(IndexFilter(user), direction(1), stem_query("what are my dogs called?"), limit=10)
    by_id = {candidate.id: candidate for candidate in await index.search(query)}
    assert by_id[dog.id].dense == pytest.approx(float(dog.vector @ direction(1)), abs=1e-3)
    assert by_id[dog.id].sparse is not None
    assert by_id[dog.id].sparse > 0
    assert by_id[tax.id].dense == pytest.approx(0, abs=1e-3)
    assert by_id[tax.id].sparse is None


async def test_words_rank_by_how_many_match(index: MemoryIndex, user: UUID) -> None:
    both = entry(user, "the red bicycle stands in the cellar")
    one = entry(user, "a bicycle needs a new chain every other year")
    other = entry(user, "nothing of the kind")
    await index.upsert([one, other, both])
    hits = await index.search(IndexQuery(IndexFilter(user), None, stem_query("red bicycle"), limit=10))
    scores = {hit.id: hit.sparse or 0.0 for hit in hits}
    assert scores.keys() == {both.id, one.id}
    assert scores[both.id] > scores[one.id]
    assert all(hit.dense is None for hit in hits)


async def test_each_side_gives_no_more_than_the_limit(index: MemoryIndex, user: UUID) -> None:
    await index.upsert([entry(user, f"apple number {n}", direction(1, n / 100)) for n in range(20)])
    hits = await index.search(IndexQuery(IndexFilter(user), direction(1), None, limit=5))
    assert len(hits) == 5
    assert min(hit.dense or 0 for hit in hits) == pytest.approx(float(direction(1, 0.04) @ direction(1)), abs=1e-4)


async def test_one_user_never_finds_what_is_anothers(index: MemoryIndex, user: UUID) -> None:
    stranger = uuid4()
    mine, theirs = entry(user, "the canary sings"), entry(stranger, "the canary sings")
    await index.upsert([mine, theirs])
    assert await found(index, IndexFilter(user), "canary", direction(1)) == {mine.id}
    assert await found(index, IndexFilter(stranger), "canary", direction(1)) == {theirs.id}
    await index.delete(user, [theirs.id])
    assert await found(index, IndexFilter(stranger), "canary") == {theirs.id}


@pytest.mark.parametrize("bad", ['" or 1==1', "*", "", None])
def test_a_query_needs_a_real_user(bad: object) -> None:
    with pytest.raises(InvalidMemoryQuery):
        IndexFilter(bad)  # type: ignore[arg-type]


async def test_filters_by_session_kind_and_time(index: MemoryIndex, user: UUID) -> None:
    session = uuid4()
    said = entry(user, "early", session_id=session, seq=1, created_at=NOON)
    later = entry(user, "late", session_id=uuid4(), seq=2, created_at=NOON + timedelta(hours=1))
    fact = entry(user, "fact", kind=MemoryKind.FACT, created_at=NOON + timedelta(hours=2))
    await index.upsert([said, later, fact])
    assert await found(index, IndexFilter(user)) == {said.id, later.id, fact.id}
    assert await found(index, IndexFilter(user, session_id=session)) == {said.id}
    assert await found(index, IndexFilter(user, kinds=frozenset({MemoryKind.FACT}))) == {fact.id}
    both = frozenset({MemoryKind.FACT, MemoryKind.EPISODE})
    assert await found(index, IndexFilter(user, kinds=both)) == {said.id, later.id, fact.id}
    assert await found(index, IndexFilter(user, since=later.created_at)) == {later.id, fact.id}
    assert await found(index, IndexFilter(user, until=later.created_at)) == {said.id}
    moment = later.created_at + timedelta(microseconds=1)
    assert await found(index, IndexFilter(user, since=later.created_at, until=moment)) == {later.id}


async def test_the_window_is_hidden_and_what_was_before_it_is_not(index: MemoryIndex, user: UUID) -> None:
    session = uuid4()
    turns = [entry(user, f"turn {n}", session_id=session, seq=n) for n in range(6)]
    elsewhere = entry(user, "elsewhere", session_id=uuid4(), seq=5)
    nowhere = entry(user, "typed in", kind=MemoryKind.FACT)
    await index.upsert([*turns, elsewhere, nowhere])
    where = IndexFilter(user, hidden_session=session, hidden_from_seq=4)
    assert await found(index, where) == {turn.id for turn in turns[:4]} | {elsewhere.id, nowhere.id}


async def test_writing_again_replaces(index: MemoryIndex, user: UUID) -> None:
    first = entry(user, "I live in Lisbon")
    await index.upsert([first])
    second = replace(first, words=stem_text("I live in Porto"))
    await index.upsert([second, second])
    assert await index.count(user) == 1
    assert await found(index, IndexFilter(user), "Porto") == {first.id}
    assert await found(index, IndexFilter(user), "Lisbon") == set()


async def test_deleted_is_gone_and_stays_gone_after_a_flush(index: MemoryIndex, user: UUID) -> None:
    session = uuid4()
    entries = [entry(user, f"word{n}", session_id=session if n < 2 else None) for n in range(5)]
    await index.upsert(entries)
    await index.flush()
    assert await index.count(user, [entries[0].id, entries[4].id, uuid4()]) == 2
    assert await index.count(uuid4(), [entries[0].id]) == await index.count(user, []) == 0
    await index.delete(user, [entries[4].id, uuid4()])
    assert await index.count(user, [entries[4].id]) == 0
    assert await found(index, IndexFilter(user)) == {e.id for e in entries[:4]}
    await index.delete_session(user, session)
    assert await found(index, IndexFilter(user)) == {e.id for e in entries[2:4]}
    await index.flush()
    assert await found(index, IndexFilter(user)) == {e.id for e in entries[2:4]}
    assert await found(index, IndexFilter(user), "word0 word1 word4") == set()
    await index.delete_user(user)
    assert await index.count(user) == 0
    assert await found(index, IndexFilter(user)) == set()


async def test_deleting_in_a_session_leaves_the_same_session_of_another_user(index: MemoryIndex, user: UUID) -> None:
    session, stranger = uuid4(), uuid4()
    theirs = entry(stranger, "theirs", session_id=session)
    await index.upsert([entry(user, "mine", session_id=session), theirs])
    await index.delete_session(user, session)
    assert await found(index, IndexFilter(user)) == set()
    assert await found(index, IndexFilter(stranger)) == {theirs.id}


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ('She said "never again" \\ and left', "who said never again?"),
        ("Мою собаку зовут Бисквит", "Как зовут мою собаку?"),
        ("我的狗叫饼干", "狗叫什么？"),  # noqa: RUF001
        ("मेरे कुत्ते का नाम बिस्किट है", "कुत्ते का नाम"),
        ("Das Café am Fluß öffnet um acht", "wann öffnet das cafe?"),
        ("犬の名前はビスケットです", "犬の名前は？"),  # noqa: RUF001
        ("my key is a_b-c.d:e'f`g%h", "a_b-c.d"),
    ],
    ids=["quotes", "cyrillic", "chinese", "hindi", "accents", "japanese", "signs"],
)
async def test_words_of_any_script_and_any_sign(index: MemoryIndex, user: UUID, text: str, question: str) -> None:
    wanted = entry(user, text)
    await index.upsert([wanted, entry(user, "something else altogether")])
    assert await found(index, IndexFilter(user), question) == {wanted.id}


async def test_words_that_are_none_find_nothing(index: MemoryIndex, user: UUID) -> None:
    await index.upsert([entry(user, "🎉🎉"), entry(user, "words")])
    assert await index.search(IndexQuery(IndexFilter(user), None, stem_query("🎉 ?!"), limit=5)) == []


async def test_many_at_once(index: MemoryIndex, user: UUID) -> None:
    entries = [entry(user, f"entry {n}") for n in range(1203)]
    await index.upsert(entries)
    assert await index.count(user) == 1203
    await index.delete(user, [e.id for e in entries[:1100]])
    assert await found(index, IndexFilter(user)) <= {e.id for e in entries[1100:]}
    assert await index.count(user) == 103
