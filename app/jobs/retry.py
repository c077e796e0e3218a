"""When a job that failed is tried again, and what becomes of it where another waits that does the same."""

import asyncio
import random
from datetime import datetime, timedelta

import structlog
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import QUEUEING_LOCK_CONSTRAINT, JobManager
from procrastinate.utils import utcnow

from graphs.errors import Retryable

LONGEST_WAIT = 60.0
"""Seconds between two tries at the most: what was away is made up for within about so long."""
GIVE_UP_AFTER = 10
"""Tries of a job whose error does not pass by itself: it is broken, and stays in the table as failed."""

log = structlog.get_logger(__name__)


class Backoff(BaseRetryStrategy):
    """1, 2, 4 ... seconds, and a little chance so that what failed together does not come back together.

    For ever where something is away (`Retryable`), a bounded number of times where the job itself is broken, at
    once where the worker was told to stop.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None: not any more."""
        if isinstance(exception, JobAborted | asyncio.CancelledError):
            return RetryDecision(retry_at=utcnow())
        if not isinstance(exception, Retryable) and job.attempts + 1 >= GIVE_UP_AFTER:
            return None
        return RetryDecision(retry_at=utcnow() + timedelta(seconds=wait(job.attempts)))


class Jobs(JobManager):
    """Procrastinate's, by which a job that is put off gives way to one of the same name that waits already.

    Of jobs with one queueing lock the database lets only one wait; while the first was being done a second may have
    been stored. Left to itself the retry is refused, and the job stays marked as being done though nobody does it.
    """

    async def retry_job_by_id_async(
        self,
        job_id: int,
        retry_at: datetime,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        try:
            await super().retry_job_by_id_async(job_id, retry_at, priority, queue, lock)
        except UniqueViolation as error:
            if error.constraint_name != QUEUEING_LOCK_CONSTRAINT:
                raise
            log.info("a job leaves its work to one that waits already", job_id=job_id, waiting=error.queueing_lock)
            await self.finish_job_by_id_async(job_id, Status.ABORTED, delete_job=True)


def wait(attempts: int) -> float:
    """Seconds to wait after so many tries before this one."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.25)  # noqa: S311
