"""The jobs that write what a day was about, once it is over or its talk has paused.

write_digest  the messages of a user's day -> its digest
find_days     days that are due -> a job for each

A day stays due until its digest is stored, in one transaction with that: killed at any point, it is found again. With
facts on the chat model writes; where it cannot, the day's own sentences stand in until it can.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter

from app.db.digests import Day, Digests
from app.db.engine import Database
from app.jobs.queue import JobQueue
from app.jobs.reader import Pace, Reader, Talking, new_hands, tomorrow
from app.jobs.tasks import every
from graphs.errors import MemochaError, ModelOverloaded, ModelRejected, ModelUnavailable
from graphs.memory.digests.daily import Digest, enough
from graphs.memory.digests.extractive import extractive
from graphs.memory.digests.written import write
from graphs.memory.facts.asking import Asker

log = structlog.get_logger(__name__)

DAYS_AT_ONCE = 200
PUT_OFF = timedelta(minutes=1)
PUT_OFF_MOST = timedelta(hours=6)
TRIES = 5
"""Of the model, after which the day's own sentences stay."""

_written = Counter("memocha_digests_total", "Days that were written up, by what became of it.", ["outcome"])
_dropped = Counter(
    "memocha_digest_sentences_dropped_total", "Sentences of a model that stand in no digest, by why.", ["reason"]
)


@dataclass(frozen=True, slots=True)
class DigestTasks:
    """The jobs with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    asker: Asker | None = None
    """None: digests are made of the day's own sentences."""
    pace: Pace = field(default_factory=Pace)
    on: bool = True
    """Off: days that are due wait until digests are on again."""
    hands: asyncio.Semaphore = field(default_factory=new_hands)

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
        if not self.on or (self.asker is not None and self.hands.locked()):
            return  # a day that is still due is found again
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
            await self._store(day, None, "none")
        elif self.asker is None:
            await self._store(day, await _own_sentences(day), "extractive")
        else:
            async with self.hands:
                await self._ask(self.asker, day)

    async def _ask(self, asker: Asker, day: Day) -> None:
        """Have the model write; where it cannot, the day's own sentences stand in, and it is asked again later."""
        reader = Reader(self.database, self.pace)
        if not await reader.affordable(day.user_id):
            await self._store(day, await _own_sentences(day), "budget", again_at=tomorrow())
            return
        try:
            written = await reader.quietly(lambda: write(asker, day.messages))
        except Talking:
            async with self.database.transaction() as tx:
                await Digests(tx).put_off(day, datetime.now(UTC) + PUT_OFF)
            return
        except (ModelUnavailable, ModelOverloaded, ModelRejected) as error:
            log.warning("a digest could not be written", day=day.day.isoformat(), code=error.code, error=str(error))
            await self._stand_in(day, error.code)
            return
        await reader.spend(day.user_id, written.tokens)
        for reason, count in written.dropped.items():
            _dropped.labels(reason.value).inc(count)
        if not written.readable:
            await self._stand_in(day, "unreadable")
        elif written.digest is None:
            await self._store(day, await _own_sentences(day), "extractive")
        else:
            await self._store(day, written.digest, "model")

    async def _stand_in(self, day: Day, why: str) -> None:
        """The day's own sentences; the model is asked again, some times and ever later."""
        again = later(day.tries) if day.tries + 1 < TRIES else None
        await self._store(day, await _own_sentences(day), why, again_at=again, failed=True)

    async def _store(
        self, day: Day, digest: Digest | None, how: str, *, again_at: datetime | None = None, failed: bool = False
    ) -> None:
        """Rows and the index's job in one transaction. Where the day has changed meanwhile, it is due again anyway."""
        async with self.database.transaction() as tx:
            changed = await Digests(tx).store(day, digest, again_at=again_at, failed=failed)
            await self.queue.index_memories(tx, day.user_id, changed or [])
        _written.labels("outdated" if changed is None else how).inc()


async def _own_sentences(day: Day) -> Digest | None:
    # Words are stemmed, which takes some milliseconds for a long day: the event loop goes on meanwhile.
    return await asyncio.to_thread(extractive, day.messages)


def later(tries: int) -> datetime:
    """When to try again after so many failures."""
    return datetime.now(UTC) + min(PUT_OFF * (1 << min(tries, 12)), PUT_OFF_MOST)
