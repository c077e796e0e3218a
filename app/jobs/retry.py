"""When a job that failed is tried again."""

import asyncio
import random
from datetime import timedelta

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job
from procrastinate.utils import utcnow

from graphs.errors import Retryable

LONGEST_WAIT = 60.0
"""Seconds between two tries at the most: what was away is made up for within about so long."""
GIVE_UP_AFTER = 10
"""Tries of a job whose error does not pass by itself: it is broken, and stays in the table as failed."""


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


def wait(attempts: int) -> float:
    """Seconds to wait after so many tries before this one."""
    return min(LONGEST_WAIT, 2.0 ** min(attempts, 10)) * random.uniform(0.75, 1.25)  # noqa: S311
