"""A port of memory that is not told whose memory it is refuses, whichever engine is behind it, before it asks it."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from app.db.engine import Database
from app.db.memory_store import PostgresMemoryStore
from app.db.sentences import PostgresSentences
from graphs.errors import InvalidMemoryQuery
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import IndexFilter, MemoryIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.ports import MemoryPort, MemoryStore
from graphs.memory.records import Memory, MemoryKind
from graphs.memory.second_look import SentenceVectors

NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"
NOBODY = [
    pytest.param(None, id="none"),
    pytest.param("", id="empty"),
    pytest.param("*", id="all"),
    pytest.param('" or 1==1 or "', id="or"),
    pytest.param("%", id="like"),
    pytest.param(0, id="zero"),
    pytest.param(str(uuid4()).upper(), id="text of an id"),
    pytest.param([uuid4()], id="several"),
]
ENGINES = {
    "in memory": InMemoryIndex,
    "milvus": lambda: MilvusIndex(MilvusConfig(uri="http://127.0.0.1:9"), embedder="e", dimensions=2),
    "pgvector": lambda: PgvectorIndex(PgvectorConfig(url=NOWHERE), embedder="e", dimensions=2),
}
REMOVALS: dict[str, Callable[[Any, Any], Awaitable[object]]] = {
    "delete": lambda index, user: index.delete(user, [uuid4()]),
    "delete_session": lambda index, user: index.delete_session(user, uuid4()),
    "delete_user": lambda index, user: index.delete_user(user),
}
READS: dict[str, Callable[[Any, Any], Awaitable[object]]] = {
    "get": lambda store, user: store.get(user, [uuid4()]),
    "sources": lambda store, user: store.sources(user, [uuid4()]),
    "speakers": lambda store, user: store.speakers(user),
}
FILTERED = {"search", "around", "telling", "search_words", "recall"}
"""What asks with an `IndexFilter`, or a query that holds one: there is none without a user."""
NOT_ASKING = {
    "upsert": "each entry says whose it is",
    "count": "of all users, for whoever runs the service; it gives a number",
    "flush": "reads and changes nothing",
    "close": "reads and changes nothing",
    "put": "keeps vectors by the memories' own ids, whose rows say whose they are; gives nothing",
}


@pytest.fixture(scope="module", params=["in memory", "postgres"])
def store(request: pytest.FixtureRequest) -> MemoryStore:
    return InMemoryStore() if request.param == "in memory" else PostgresMemoryStore(Database(NOWHERE))


@pytest.mark.parametrize("user", NOBODY)
@pytest.mark.parametrize("method", REMOVALS)
@pytest.mark.parametrize("engine", ENGINES)
async def test_nothing_is_removed_of_nobody(engine: str, method: str, user: object) -> None:
    index = ENGINES[engine]()
    try:
        with pytest.raises(InvalidMemoryQuery):
            await REMOVALS[method](index, user)
    finally:
        await index.close()


@pytest.mark.parametrize("user", NOBODY)
@pytest.mark.parametrize("method", READS)
async def test_nothing_is_read_of_nobody(store: MemoryStore, method: str, user: object) -> None:
    with pytest.raises(InvalidMemoryQuery):
        await READS[method](store, user)


@pytest.mark.parametrize("user", NOBODY)
async def test_no_sentences_are_read_of_nobody(user: object) -> None:
    with pytest.raises(InvalidMemoryQuery):
        await PostgresSentences(Database(NOWHERE)).get(user, "e", [uuid4()])  # type: ignore[arg-type]


@pytest.mark.parametrize("user", NOBODY)
def test_there_is_no_filter_without_a_user(user: object) -> None:
    with pytest.raises(InvalidMemoryQuery):
        IndexFilter(user)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        IndexFilter()  # type: ignore[call-arg]


async def test_a_store_in_memory_gives_what_is_the_users() -> None:
    """Else the refusals would show nothing."""
    user = uuid4()
    memory = Memory(uuid4(), user, MemoryKind.FACT, "mine", datetime(2026, 1, 1, tzinfo=UTC))
    assert await InMemoryStore([memory]).get(user, [memory.id]) == [memory]
    assert await InMemoryStore([memory]).get(uuid4(), [memory.id]) == []


@pytest.mark.parametrize("port", [MemoryIndex, MemoryStore, MemoryPort, SentenceVectors])
def test_every_method_of_a_port_is_told_whose(port: type) -> None:
    """A new one takes a user, or a filter, or stands above with a reason; and is tried here."""
    tried = REMOVALS.keys() | READS.keys() | FILTERED | NOT_ASKING.keys()
    for name, method in inspect.getmembers(port, inspect.isfunction):
        if name.startswith("_"):
            continue
        assert name in tried, name
        parameters = inspect.signature(method).parameters
        assert name in NOT_ASKING or {"user_id", "filter", "query"} & parameters.keys(), name
        assert name in NOT_ASKING or all(
            parameters[each].default is inspect.Parameter.empty for each in ("user_id", "filter") if each in parameters
        ), name
