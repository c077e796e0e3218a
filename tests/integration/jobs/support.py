"""What the job tests share: an index that can be away or slow, and a service's worth of parts on one database."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
from sqlalchemy import text

from app.db.engine import Database
from app.db.ids import new_id
from app.db.messages import Messages
from app.db.sessions import Sessions
from app.db.users import Users
from app.jobs.queue import JobQueue
from app.jobs.settle import Settler
from app.jobs.tasks import Tasks
from app.jobs.worker import run_worker
from graphs.errors import IndexUnavailable
from graphs.memory.in_memory import InMemoryIndex
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, Vector
from graphs.memory.stem import stem_query
from graphs.memory.writer import MemoryWriter


class WordEmbedder:
    """Vectors by counting words: the jobs do not care what a text means."""

    name = "words"
    dimensions = 16
    relevant_from = 0.0

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        rows = [[1.0 + hash((word, n)) % 7 for n in range(self.dimensions)] for word in texts]
        vectors = np.asarray(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    async def embed_query(self, text: str) -> Vector:
        vector: Vector = (await self.embed_documents([text]))[0]
        return vector


class TestIndex(InMemoryIndex):
    """An index that can be away, and that can be stopped right before or after it writes."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.before_write: Callable[[], Awaitable[None]] | None = None
        self.after_write: Callable[[], Awaitable[None]] | None = None
        self.before_delete: Callable[[], Awaitable[None]] | None = None

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        self._there()
        await once(self, "before_write")
        await super().upsert(entries)
        await once(self, "after_write")

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        self._there()
        await once(self, "before_delete")
        await super().delete(user_id, ids)

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        self._there()
        await super().delete_session(user_id, session_id)

    async def delete_user(self, user_id: UUID) -> None:
        self._there()
        await super().delete_user(user_id)

    def held(self, user_id: UUID) -> dict[UUID, str]:
        """By memory, its words, of what it holds of a user."""
        return {entry.id: entry.words for entry in self._entries.values() if entry.user_id == user_id}

    def _there(self) -> None:
        if self.away:
            raise IndexUnavailable("away, as the test wants it")


async def once(index: TestIndex, hook: str) -> None:
    """Do what the test put there, one time."""
    if (action := getattr(index, hook)) is not None:
        setattr(index, hook, None)
        await action()


@dataclass
class Service:
    """The parts of a service that has no HTTP."""

    database: Database
    queue: JobQueue
    index: TestIndex
    tasks: Tasks
    user: UUID = field(default_factory=new_id)

    async def new_session(self, **how: bool) -> UUID:
        async with self.database.transaction() as tx:
            return (await Sessions(tx).create(self.user, **how)).id

    async def say(self, session: UUID, *contents: str, parent: UUID | None = None, remember: bool = True) -> list[UUID]:
        """Add messages below one another, and the job that remembers them, in one transaction."""
        ids: list[UUID] = []
        async with self.database.transaction() as tx:
            for content in contents:
                row, _ = await Messages(tx).add(self.user, session, "user", content, parent_id=parent)
                parent = row.id
                ids.append(row.id)
            if remember:
                await self.queue.index_messages(tx, self.user, ids)
        return ids

    async def rows(self) -> dict[UUID, str]:
        """By memory, its text."""
        async with self.database.transaction() as tx:
            found = await tx.execute(text("SELECT id, text FROM memories WHERE user_id = :user"), {"user": self.user})
            return {row.id: row.text for row in found}

    async def jobs(self, status: str | None = None) -> list[str]:
        """The names of the jobs that there are, less the periodic ones."""
        jobs = await self.queue.app.job_manager.list_jobs_async(status=status)
        periodic = self.queue.app.periodic_registry.periodic_tasks
        return [job.task_name for job in jobs if (job.task_name, "") not in periodic]

    async def drained(self) -> None:
        """Do all jobs that are due, and those that they bring on; those that fail are put off by their retry."""
        due = text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at IS NULL")
        while True:
            await self.queue.app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=2)
            async with self.database.transaction() as tx:
                if not await tx.scalar(due):
                    return

    def remembers(self, words: str) -> bool:
        """Whether the index holds these words of the user."""
        stems = set(stem_query(words).split())
        return any(stems <= set(held.split()) for held in self.index.held(self.user).values())


@asynccontextmanager
async def service(url: str, index: TestIndex | None = None) -> AsyncIterator[Service]:
    """A service with its tasks registered and no worker."""
    database, queue = Database(url, pool_size=6), JobQueue(url)
    await queue.open()
    index = index or TestIndex()
    tasks = Tasks(database, queue, Settler(database, MemoryWriter(WordEmbedder(), index)))
    tasks.register()
    made = Service(database, queue, index, tasks)
    async with database.transaction() as tx:
        await Users(tx).create(f"user {made.user}", user_id=made.user)
    try:
        yield made
    finally:
        await queue.close()
        await database.close()


@asynccontextmanager
async def working(queue: JobQueue, concurrency: int = 4) -> AsyncIterator[None]:
    """A worker for the time of the block."""
    worker = asyncio.create_task(run_worker(queue, concurrency=concurrency))
    try:
        yield
    finally:
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker


async def until(holds: Callable[[], Awaitable[bool] | bool], within: float = 15.0) -> float:
    """Wait for something; the seconds it took."""
    started = time.monotonic()
    while True:
        result = holds()
        if result if isinstance(result, bool) else await result:
            return time.monotonic() - started
        assert time.monotonic() - started < within, f"not so within {within} s"
        await asyncio.sleep(0.01)


def query(user: UUID, words: str) -> IndexQuery:
    """A search by words alone."""
    return IndexQuery(IndexFilter(user), None, stem_query(words), 10)
