"""The job that stores an import: some lines at a time, each time with its place in what is to come.

    import_lines    lines that were put aside -> sessions, messages, memories -> the index
    expire_imports  imports that broke off while they arrived, and those that ended long ago

A batch counts as done when the index has it. Killed before that, the whole batch is stored again, which changes
nothing. The next batch becomes rows while one is embedded, so that the embedder never waits for the database. After
`SLICE` seconds the job makes room for others and goes on as a new one.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter

from app.db.engine import Database
from app.db.import_lines import ImportLines
from app.db.jobs import Jobs
from app.db.models import ImportLine, JobRow
from app.errors import NotFound, SessionNotFound
from app.jobs.queue import JobQueue
from app.jobs.retry import Backoff
from app.jobs.settle import Settler
from app.jobs.tasks import every, remember
from app.transfer.lines import Line
from app.transfer.remembered import keep_episodes, store_me, store_memories
from app.transfer.storing import Part, hold_imports, not_indexed, parts_of, store_part
from graphs.errors import Retryable

_failed = Counter("memocha_imports_failed_total", "Imports that were given up for a fault of ours.")

LINES = 128
CHARACTERS = 100_000
"""In a batch at the most: what is held in memory, and done again after a kill."""
AHEAD = 3
"""Batches that are on their way into the index at once."""
SLICE = 10.0
"""Seconds after which an import makes room for other jobs."""
RECEIVING_FOR = timedelta(hours=1)
KEEP_ENDED = timedelta(days=7)
TOLD_EVERY = 1.0
"""Seconds between two notices of how far an import is."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A batch whose rows are there."""

    last: int
    """The number of its last line."""
    memories: list[UUID]
    """What the index is to take of it."""
    passed: int
    """Memories that were not taken."""


@dataclass(frozen=True, slots=True)
class Imports:
    """The jobs of imports with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    settler: Settler

    def register(self) -> None:
        """Have workers of the queue do these jobs. Once a queue."""
        self.queue.app.task(name="import_lines", retry=Backoff())(self.import_lines)
        every(self.queue.app, "*/10 * * * *", self.expire_imports)

    async def import_lines(self, user_id: str, job_id: str) -> None:
        """Store what is not stored yet, or as much of it as can be done in `SLICE` seconds."""
        user, job = UUID(user_id), UUID(job_id)
        async with self.database.transaction() as tx:
            row = await Jobs(tx).begin(user, job)
        if row is None:
            return
        try:
            await self._go_on(row)
        except Retryable:
            raise
        except NotFound:
            # The job or its user was deleted meanwhile, and the lines with them.
            log.info("an import is gone", job_id=job_id)
        except Exception:
            # The edge at which an import is given up: whoever waits for it must be told. Stored lines stay.
            log.exception("import failed", job_id=job_id)
            _failed.inc()
            async with self.database.transaction() as tx:
                await Jobs(tx).fail(user, job, "Something went wrong; the log says what. What was stored stays.")
                await ImportLines(tx, job).drop_all()

    async def expire_imports(self, timestamp: int) -> None:
        """Delete imports that broke off while they arrived, and those that ended long ago."""
        del timestamp
        async with self.database.transaction() as tx:
            await Jobs(tx).expire(receiving=RECEIVING_FOR, ended=KEEP_ENDED)

    async def _go_on(self, row: JobRow) -> None:
        user, job = row.user_id, row.id
        until = time.monotonic() + SLICE
        done = await self._take_in(row, until)
        async with self.database.transaction() as tx:
            if done < row.total:
                await self.queue.import_lines(tx, user, job)
                return
            await Jobs(tx).succeed(user, job)
            await ImportLines(tx, job).drop_all()

    async def _take_in(self, row: JobRow, until: float) -> int:
        """Store and index batches up to the end, or until that time; the number of the last line that is done.

        Rows are stored in order, one batch after the other; the index takes `AHEAD` of them at once.
        """
        done = stored = row.processed
        told = time.monotonic()
        under_way: deque[tuple[asyncio.Task[None], _Stored]] = deque()
        try:
            while done < row.total:
                now = time.monotonic()
                if stored < row.total and len(under_way) < AHEAD and (now <= until or stored == row.processed):
                    batch = await self._store(row, stored)
                    stored = batch.last
                    settling = asyncio.create_task(self.settler.settle_all(row.user_id, batch.memories))
                    under_way.append((settling, batch))
                    continue
                if not under_way:
                    break
                await under_way[0][0]
                _, batch = under_way.popleft()
                tell = now - told >= TOLD_EVERY
                await self._note(row, done, batch, tell=tell)
                done, told = batch.last, now if tell else told
        finally:
            for task, _ in under_way:
                task.cancel()
            await asyncio.gather(*(task for task, _ in under_way), return_exceptions=True)
        return done

    async def _note(self, row: JobRow, done: int, batch: _Stored, *, tell: bool) -> None:
        """The lines after `done`, up to the batch's last, are stored and indexed."""
        async with self.database.transaction() as tx:
            await Jobs(tx).advance(row.user_id, row.id, batch.last, passed=batch.passed, told=tell)
            await ImportLines(tx, row.id).drop(done, batch.last)

    async def _store(self, row: JobRow, done: int) -> _Stored:
        """Store the next lines after `done`."""
        async with self.database.transaction() as tx:
            lines = ImportLines(tx, row.id)
            batch = await lines.after(done, limit=LINES, characters=CHARACTERS)
            sessions = {line.session_number for line in batch if line.session_number is not None}
            headings = {line.number: line for line in await lines.get(sorted(sessions))}
        memories: list[UUID] = []
        for part in parts_of(batch, headings, done):
            memories += await self._store_part(row, part)
        # After the messages that they came from.
        alone, passed = await self._store_alone(row, batch)
        return _Stored(batch[-1].number, memories + alone, passed)

    async def _store_alone(self, row: JobRow, batch: Sequence[ImportLine]) -> tuple[list[UUID], int]:
        """What is of no session: memories, and what its owner has set. What the index is to take of it, and how many
        memories were not taken."""
        alone = [(Line.model_validate_json(line.line), line.key) for line in batch if line.session_number is None]
        if not alone:
            return [], 0
        lines = [(line.memory, key) for line, key in alone if line.memory is not None]
        async with self.database.transaction() as tx:
            await hold_imports(tx, row.user_id)
            await Jobs(tx).get(row.user_id, row.id)  # whoever deleted the job wants nothing more of it stored
            new = 0
            for me in (line.me for line, _ in alone if line.me is not None):
                new += await store_me(tx, row.user_id, me, row.created_at)
            stored = await store_memories(tx, row.user_id, lines)
            await Jobs(tx).imported(row.user_id, row.id, new + stored.new)
            return await not_indexed(tx, row.user_id, stored.ids), stored.passed

    async def _store_part(self, row: JobRow, part: Part) -> list[UUID]:
        async with self.database.transaction() as tx:
            await hold_imports(tx, row.user_id)
            await Jobs(tx).get(row.user_id, row.id)  # whoever deleted the job wants nothing more of it stored
            try:
                stored = await store_part(tx, row.user_id, part, row.created_at)
            except SessionNotFound:
                # Deleted after its first messages were stored: the rest is not wanted either.
                return []
            if stored.switched:
                await self.queue.reconcile_session(tx, row.user_id, stored.session_id)
            made = await remember(tx, row.user_id, stored.session_id, stored.messages)
            await keep_episodes(tx, row.user_id, stored.kept)
            await Jobs(tx).imported(row.user_id, row.id, stored.new)
            episodes = [episode for of_message in made.values() for episode in of_message]
            return await not_indexed(tx, row.user_id, episodes)
