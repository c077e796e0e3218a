"""The job that has what was deleted leave the files of the database and of the index.

sweep_files  some time after a deletion, when nobody is being answered -> tables, statistics and log written anew
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import Counter

from app.db.engine import Database
from app.db.sweeping import SweepGoesOn, Sweeping, Swept, sweep
from app.jobs.queue import JobQueue
from app.jobs.tasks import every
from graphs.errors import IndexUnavailable

log = structlog.get_logger(__name__)

_swept = Counter("memocha_sweeps_total", "Times that the database was written anew after deletions.", ["outcome"])


@dataclass(frozen=True, slots=True)
class SweepTasks:
    """The job with all it needs; `register` makes it known to a worker's queue."""

    database: Database
    queue: JobQueue
    url: str
    flush: Callable[[], Awaitable[None]]
    """Have the index settle: it drops what is gone from its files after that."""
    after: timedelta
    """From a deletion; none: only when it is asked for."""

    def register(self) -> None:
        """Have workers of the queue do this job. Once a queue."""
        if self.after:
            every(self.queue.app, "* * * * *", self.sweep_files)

    async def sweep_files(self, timestamp: int) -> None:
        """Sweep, where something was deleted long enough ago and nobody is being answered. Steps aside for whoever
        comes meanwhile, and does the rest later."""
        del timestamp
        async with self.database.transaction() as tx:
            until = await Sweeping(tx).due(datetime.now(UTC) - self.after)
        if until is None:
            return
        try:
            await self.flush()
        except IndexUnavailable as error:
            log.warning("the index is away; a sweep waits for it", error=str(error))
            return
        with suppress(SweepGoesOn):
            await note(self.database, await sweep(self.url, aside=True), until)


async def note(database: Database, done: Swept, until: datetime) -> None:
    """Note what a sweep did with what was deleted until then. What it had to leave is swept later."""
    async with database.transaction() as tx:
        if done.left:
            await Sweeping(tx).put_off(until)
        else:
            await Sweeping(tx).done(until)
    _swept.labels("whole" if done.whole else "partly").inc()
    log.info(
        "swept",
        tables=done.tables,
        left=list(done.left),
        log=done.log,
        bytes_before=done.before,
        bytes_after=done.after,
        took_ms=round(1000 * done.seconds),
    )
