"""A database and an index that have been in use: users with sessions, messages and the memories made of them."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.ids import LOCAL_USER_ID, new_id
from app.db.indexing import Indexing
from app.db.memories import Memories
from app.db.migrate import migrate
from app.db.models import Message, Session
from app.db.users import Users
from app.embedded import weights
from app.memory import open_generations
from app.settings import Settings
from bench.product import Stores
from bench.recall import embed_all, settle, weights_dir
from bench.texts import memories_of
from graphs.memory.index import IndexFilter
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.records import Memory
from graphs.memory.writer import entry

T = TypeVar("T")
TOGETHER = 500
"""Rows a statement."""


async def seed(here: Stores, *, memories: int, users: int, dice: random.Random) -> None:
    """Share so many memories out among so many users, of whom the local one is the first. On return the index has
    settled. Vectors are those of `bench.recall.embed_all`: the first thousand real, the others moved by noise."""
    await migrate(here.postgres.url)
    database = Database(here.postgres.url)
    try:
        owners = [LOCAL_USER_ID, *(new_id() for _ in range(users - 1))]
        made = [memory for owner in owners for memory in memories_of(owner, memories // users, dice)]
        await _begin_index(here, database)
        async with database.transaction() as tx:
            for number, owner in enumerate(owners[1:]):
                await Users(tx).create(f"user {number}", user_id=owner)
            await _store(tx, made)
        await _index(here, made)
    finally:
        await database.close()


async def _begin_index(here: Stores, database: Database) -> None:
    """As at a first start, so that the index is known to have what it will be given. Later there would be memories
    that nothing is known to have, and the service would make an index of its own."""
    settings = Settings(
        data_dir=here.folder, models_dir=weights_dir(), database_url=here.postgres.url, milvus_uri=here.milvus.uri
    )
    async with open_generations(settings, database) as generations:
        await generations.look()


async def _store(tx: AsyncSession, memories: Sequence[Memory]) -> None:
    """The rows, marked as indexed."""
    sessions: dict[UUID, list[Memory]] = {}
    for memory in memories:
        assert memory.session_id is not None
        sessions.setdefault(memory.session_id, []).append(memory)
    for batch in _batches(list(sessions.items())):
        rows = [
            {"id": session, "user_id": said[0].user_id, "title": said[0].text[:40], "next_seq": len(said),
             "created_at": said[0].created_at, "updated_at": said[-1].created_at}
            for session, said in batch
        ]  # fmt: skip
        await tx.execute(insert(Session), rows)
    messages = [
        {"id": memory.sources[0].message_id, "session_id": session, "user_id": memory.user_id, "role": memory.role,
         "parent_id": said[place - 1].sources[0].message_id if place else None,
         "content": memory.text, "seq": place, "created_at": memory.created_at + timedelta(microseconds=place)}
        for session, said in sessions.items()
        for place, memory in enumerate(said)
    ]  # fmt: skip
    for some in _batches(messages):
        await tx.execute(insert(Message), some)
    for session, said in sessions.items():
        await tx.execute(update(Session).where(Session.id == session).values(head_id=said[-1].sources[0].message_id))
    for owner in dict.fromkeys(memory.user_id for memory in memories):
        for mine in _batches([memory for memory in memories if memory.user_id == owner]):
            await Memories(tx).add_many(owner, mine)
            await Indexing(tx).mark(owner, {memory.id: 0 for memory in mine})


async def _index(here: Stores, memories: Sequence[Memory]) -> None:
    minilm = await embedder()
    index = MilvusIndex(MilvusConfig(uri=here.milvus.uri), embedder=minilm.name, dimensions=minilm.dimensions)
    try:
        await index.prepare()
        vectors = await embed_all(minilm, memories)
        await index.upsert([entry(memory, vector) for memory, vector in zip(memories, vectors, strict=True)])
        await index.flush()
        await settle(index, IndexFilter(LOCAL_USER_ID))
    finally:
        await index.close()
        minilm.close()


async def embedder() -> MiniLM:
    """The default embedder, in this process."""

    def quiet(*_: object) -> None: ...

    folder = weights_dir()
    return MiniLM(
        await weights.fetch(weights.MINILM, folder, quiet), await weights.fetch(weights.MINILM_TOKENIZER, folder, quiet)
    )


def _batches(items: list[T]) -> list[list[T]]:
    return [items[at : at + TOGETHER] for at in range(0, len(items), TOGETHER)]
