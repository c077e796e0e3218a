"""The jobs that write what a day was about, once it is over or its talk has paused.

write_digest  the messages of a user's day -> its digest
find_days     days that are due -> a job for each

A day stays due until its digest is stored, in one transaction with that: killed at any point, it is found again.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter

from app.db.digests import Day, Digests
from app.db.engine import Database
from app.jobs.queue import JobQueue
from app.jobs.tasks import every
from graphs.errors import MemochaError
from graphs.memory.digests.daily import Digest, enough
from graphs.memory.digests.extractive import extractive

log = structlog.get_logger(__name__)

DAYS_AT_ONCE = 200
PUT_OFF = timedelta(minutes=1)
PUT_OFF_MOST = timedelta(hours=6)

_written = Counter("memocha_digests_total", "Days that were written up, by what became of it.", ["outcome"])


@dataclass(frozen=True, slots=True)
class DigestTasks:
    """The jobs with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    on: bool = True
    """Off: days that are due wait until digests are on again."""

    def register(self) -> None:
        """Have workers of the queue do these jobs. Once a queue."""
        # Not tried again by the queue: a day that is still due is found again.
        self.queue.app.task(name="write_digest")(self.write_digest)
        if self.on:
            every(self.queue.app, "* * * * *", self.find_days)

    async def find_days(self, timestamp: int) -> None:
        """Have the days written that are due."""
        del timestamp
        async with self.database.transaction() as tx:
            for user_id, day in await Digests(tx).waiting(DAYS_AT_ONCE):
                await self.queue.write_digest(tx, user_id, day)

    async def write_digest(self, user_id: str, day: str) -> None:
        """Write the day up, if it is still due."""
        if not self.on:
            return
        async with self.database.transaction() as tx:
            found = await Digests(tx).read(UUID(user_id), date.fromisoformat(day))
        if found is None:
            return
        try:
            await self._write(found)
        except MemochaError:
            raise
        except Exception:
            # A fault of ours must not come back every minute: the day waits, and the worker logs it.
            async with self.database.transaction() as tx:
                await Digests(tx).put_off(found, later(found.tries), failed=True)
            _written.labels("fault").inc()
            raise

    async def _write(self, day: Day) -> None:
        if not enough(day.messages):
            await self._store(day, None)
            return
        # Words are stemmed, which takes some milliseconds for a long day: the event loop goes on meanwhile.
        await self._store(day, await asyncio.to_thread(extractive, day.messages))

    async def _store(self, day: Day, digest: Digest | None) -> None:
        """Rows and the index's job in one transaction. Where the day has changed meanwhile, it is due again anyway."""
        async with self.database.transaction() as tx:
            changed = await Digests(tx).store(day, digest)
            await self.queue.index_memories(tx, day.user_id, changed or [])
        _written.labels("outdated" if changed is None else "none" if digest is None else "extractive").inc()


def later(tries: int) -> datetime:
    """When to try again after so many failures."""
    return datetime.now(UTC) + min(PUT_OFF * (1 << min(tries, 12)), PUT_OFF_MOST)
