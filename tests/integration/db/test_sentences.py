"""The vectors of memories' sentences."""

from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import func, select

from app.db.engine import Database
from app.db.forgetting import Forgetting
from app.db.models import SentenceVectorsRow
from app.db.sentences import PostgresSentences
from graphs.memory.second_look import Small
from tests.integration.db.test_memories import fact, store


def rows(*first: int) -> Small:
    """Vectors of three dimensions, each with its number first."""
    vectors: Small = np.array([[number, 127, 0] for number in first], dtype=np.int8).reshape(-1, 3)
    return vectors


async def test_vectors_are_kept_and_replaced(database: Database, user: UUID) -> None:
    one, other = fact(user, "one"), fact(user, "other")
    await store(database, user, one, other)
    sentences = PostgresSentences(database)
    await sentences.put("small", {one.id: rows(1, 2), other.id: rows(), uuid4(): rows(3)})
    await sentences.put("large", {one.id: rows(4, 5)})
    found = await sentences.get(user, "small", [one.id, other.id])
    assert list(found) == [one.id]
    np.testing.assert_array_equal(found[one.id], rows(1, 2))
    await sentences.put("small", {one.id: rows(), other.id: rows(6, 7, 8)})
    found = await sentences.get(user, "small", [one.id, other.id])
    assert {key: len(value) for key, value in found.items()} == {other.id: 3}
    await sentences.keep_only("small")
    assert await sentences.get(user, "large", [one.id]) == {}
    assert await sentences.get(user, "small", []) == {}
    assert await sentences.get(uuid4(), "small", [other.id]) == {}


async def test_vectors_go_with_their_memory(database: Database, user: UUID) -> None:
    memory = fact(user, "my canary sings")
    await store(database, user, memory)
    await PostgresSentences(database).put("small", {memory.id: rows(1, 2)})
    async with database.transaction() as tx:
        await Forgetting(tx).memories(user, [memory.id])
        held = select(func.count()).where(SentenceVectorsRow.memory_id == memory.id)
        assert (await tx.execute(held)).scalar_one() == 0
