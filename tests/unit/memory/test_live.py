"""The pair of embedder and index that answers, when it changes in the middle of a question."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import numpy as np
import pytest

from graphs.errors import IndexUnavailable
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, Vector
from graphs.memory.live import Live, Pair
from graphs.memory.records import MemoryKind


class Constant:
    """An embedder with one vector."""

    relevant_from = 0.0

    def __init__(self, name: str, *vector: float) -> None:
        self.name, self.dimensions = name, len(vector)
        self._vector = np.asarray(vector, dtype=np.float32)

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        return np.stack([self._vector for _ in texts])

    async def embed_query(self, text: str) -> Vector:
        del text
        return self._vector


async def test_a_question_is_searched_where_its_vector_belongs() -> None:
    user = uuid4()
    one, two = (Pair(Constant(name, *vector), InMemoryIndex()) for name, vector in (("one", (1, 0)), ("two", (0, 1))))
    ids = {}
    for pair in (one, two):
        ids[pair.embedder.name] = uuid4()
        vector = await pair.embedder.embed_query("")
        now = datetime.now(UTC)
        await pair.index.upsert([IndexEntry(ids[pair.embedder.name], user, MemoryKind.FACT, "words", vector, now)])
    live = Live(one)

    async def found(vector: Vector | None) -> list[object]:
        return [each.id for each in await live.index.search(IndexQuery(IndexFilter(user), vector, "words", 5))]

    asked = await live.embedder.embed_query("q")
    live.go_over(two)
    assert (live.embedder.name, live.embedder.dimensions) == ("two", 2)
    assert await found(asked) == [ids["one"]]
    assert await found(await live.embedder.embed_query("q")) == [ids["two"]]
    assert await found(None) == [ids["two"]]


async def test_an_index_that_is_not_full_yet_takes_memories_and_is_not_asked() -> None:
    index, user = InMemoryIndex(), uuid4()
    live = Live(Pair(Constant("one", 1, 0), index, complete=False))
    vector = await live.embedder.embed_query("q")
    await live.index.upsert([IndexEntry(uuid4(), user, MemoryKind.FACT, "words", vector, datetime.now(UTC))])
    assert await index.count(user) == 1
    with pytest.raises(IndexUnavailable):
        await live.index.search(IndexQuery(IndexFilter(user), vector, None, 5))
