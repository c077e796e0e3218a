"""What the tests of making the index anew share: a user's rows, and processes that index them in one place or another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import text

from app.background import end
from app.breakers import Breakers
from app.db.engine import Database
from app.db.ids import new_id
from app.db.index_state import IndexStates
from app.db.memories import Memories
from app.db.memory_store import PostgresMemoryStore
from app.db.models import IndexState
from app.generations import Generations
from app.indexing import keep_index
from app.jobs.settle import Settler
from app.rebuilding import Rebuild
from app.status import Status
from graphs.errors import IndexUnavailable
from graphs.memory.index import IndexFilter, IndexQuery, Vector
from graphs.memory.managed import FormerIndex, ManagedIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.ports import Embedder, RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory, MemoryKind

NOW = datetime.now(UTC)
FACTS = ["My dog is called Biscuit.", "I play the cello.", "I am allergic to peanuts.", "I drive an old Volvo."]


class Letters:
    """An embedder for those tests in which meaning plays no part: counts letters, from one of them on."""

    relevant_from = 0.0
    dimensions = 26

    def __init__(self, name: str, first: int) -> None:
        self.name, self._first = name, first
        self.away = False

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        if self.away:
            raise IndexUnavailable("away, as the test wants it")
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, each in zip(rows, texts, strict=True):
            for letter in each.lower():
                if "a" <= letter <= "z":
                    row[(ord(letter) - 97 + self._first) % self.dimensions] += 1
        unit: Vector = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    async def embed_query(self, text: str) -> Vector:
        vector: Vector = (await self.embed_documents([text]))[0]
        return vector


@dataclass
class World:
    """One user's rows, and the place of an index in an engine."""

    database: Database
    engine: str
    engines: dict[str, str]
    """Where each is: Milvus' address, and Postgres'."""
    user: UUID
    name: str = field(default_factory=lambda: f"rebuild_{uuid4().hex[:10]}")
    known: "dict[str, World]" = field(default_factory=dict)
    """The places that processes can reach, by name."""

    def __post_init__(self) -> None:
        self.known[self.name] = self

    def elsewhere(self) -> "World":
        """The same rows, to be indexed in the other engine."""
        (engine,) = self.engines.keys() - {self.engine}
        return World(self.database, engine, self.engines, self.user, known=self.known)

    def index(self, embedder: Embedder) -> ManagedIndex:
        if self.engine == "milvus":
            config = MilvusConfig(uri=self.engines["milvus"], alias=self.name)
            return MilvusIndex(config, embedder=embedder.name, dimensions=embedder.dimensions)
        schema = PgvectorConfig(url=self.engines["pgvector"], schema=self.name)
        return PgvectorIndex(schema, embedder=embedder.name, dimensions=embedder.dimensions)

    @asynccontextmanager
    async def process(self, embedder: Embedder, *others: Embedder) -> AsyncIterator[Generations]:
        """A process that asks for `embedder` and is able to open `others`."""

        async def reopen(setting: str) -> Embedder | None:
            return next((other for other in others if other.name == setting), None)

        def other(place: str) -> FormerIndex | None:
            return self.known[place].index(embedder) if place in self.known else None

        index = self.index(embedder)
        generations = Generations(
            self.database,
            place=self.name,
            embedder=embedder,
            index=index,
            setting=embedder.name,
            reopen=reopen,
            other=other,
        )
        try:
            yield generations
        finally:
            await generations.close()
            await index.close()

    async def tell(self, *texts: str) -> list[UUID]:
        memories = [
            Memory(id=new_id(), user_id=self.user, kind=MemoryKind.FACT, text=each, created_at=NOW) for each in texts
        ]
        async with self.database.transaction() as tx:
            await Memories(tx).add_many(self.user, memories)
        return [memory.id for memory in memories]

    async def forget(self, *ids: UUID) -> None:
        async with self.database.transaction() as tx:
            await tx.execute(text("DELETE FROM memories WHERE id = ANY(:ids)"), {"ids": list(ids)})

    async def state(self) -> IndexState:
        async with self.database.transaction() as tx:
            state = await IndexStates(tx, self.name).read()
        assert state is not None
        return state

    async def serving(self) -> str | None:
        """The generation that serves in this place."""
        index = self.index(Letters("any", 0))
        try:
            return await index.serving()
        finally:
            await index.close()

    async def lose(self) -> None:
        """Take away what serves in this place."""
        index = self.index(Letters("any", 0))
        try:
            lost = await index.serving()
            assert lost is not None
            assert await index.leave({lost, "one that is not there"}) == {lost}
        finally:
            await index.close()

    async def places(self) -> dict[str, bool]:
        """By place that is noted, whether it is the chosen one."""
        async with self.database.transaction() as tx:
            return {row.place: row.chosen for row in await tx.execute(text("SELECT place, chosen FROM index_state"))}

    async def unindexed(self) -> int:
        async with self.database.transaction() as tx:
            return int(await tx.scalar(text("SELECT count(*) FROM memories WHERE indexed_at IS NULL")) or 0)

    def memory(self, generations: Generations) -> MemoryService:
        live = generations.live
        return MemoryService(
            embedder=live.embedder, index=live.index, store=PostgresMemoryStore(self.database), deadline=10
        )

    async def found(self, generations: Generations, question: str) -> tuple[str, bool]:
        """The best memory, and whether words alone found it."""
        answer = await self.memory(generations).search(RecallQuery(IndexFilter(self.user), question, k=1))
        return answer.items[0].memory.text if answer.items else "", answer.degraded


async def held(index: ManagedIndex, embedder: Embedder, user: UUID) -> set[UUID]:
    """All that a generation holds of a user."""
    query = IndexQuery(IndexFilter(user), await embedder.embed_query("x"), None, 1000)
    return {candidate.id for candidate in await index.search(query)}


async def settled(world: World, embedder: Embedder, *texts: str) -> list[UUID]:
    """Memories that the first embedder's index holds."""
    ids = await world.tell(*texts)
    async with world.process(embedder) as before:
        assert await before.look()
        await Settler(world.database, before).settle_all(world.user, ids)
    return ids


async def steps(rebuild: Rebuild) -> None:
    while await rebuild.step():
        pass


@asynccontextmanager
async def kept(generations: Generations, rebuild: Rebuild | None) -> AsyncIterator[None]:
    """What a process does about the index, for the time of the block."""
    keeping = asyncio.create_task(keep_index(generations, rebuild))
    try:
        yield
    finally:
        await end(keeping, again_after=1.0)  # a cancellation may be lost


def fits(generations: Generations) -> Callable[[], bool]:
    return lambda: generations.live.pair.complete and generations.progress is None


async def memory_of(generations: Generations) -> tuple[str, str]:
    """What /ready says of the memory."""
    models = SimpleNamespace(choose=lambda _: SimpleNamespace(config=None))
    status = Status(
        database=generations.database,
        generations=generations,
        models=models,  # type: ignore[arg-type]
        redis=None,
        breakers=Breakers(),
    )
    found = await status._memory()
    return found.state, found.detail or ""
