"""Work that goes on in the service."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final
from uuid import UUID

import httpx

from app.schemas import Job
from memocha.client.connection import Connection, JobFailed, Refused, Unreachable

FIRST: Final = 0.1
LONGEST: Final = 1.0
"""Seconds between two looks at a job, at first and later."""
TRIES: Final = 20
"""Looks in a row that may find the service away: as long as a restart takes."""


class Jobs:
    """The user's imports. All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, job_id: UUID) -> Job:
        """How far it is."""
        return await self._connection.ask(Job, "GET", f"/api/jobs/{job_id}")

    async def follow(self, job_id: UUID) -> AsyncIterator[Job]:
        """The job as it is now, then each time it has gone on; its end comes last, a bad one too. A service that
        restarts meanwhile is waited for."""
        seen: Job | None = None
        pause, missed = FIRST, 0
        while True:
            try:
                job = await self.get(job_id)
            except (Unreachable, Refused) as error:
                missed += 1
                passing = isinstance(error, Unreachable) or error.status >= httpx.codes.INTERNAL_SERVER_ERROR
                if not passing or missed > TRIES:
                    raise
            else:
                missed = 0
                if job != seen:
                    yield job
                if job.state in ("succeeded", "failed"):
                    return
                seen = job
            await asyncio.sleep(pause)
            pause = min(pause * 1.2, LONGEST)

    async def end(self, job_id: UUID, progress: Callable[[Job], None] | None = None) -> Job:
        """The job when it has ended well. `progress` is told of each step. Raises `JobFailed`."""
        async for job in self.follow(job_id):
            if progress is not None:
                progress(job)
        if job.state == "failed":
            raise JobFailed(job.error or "The import failed.", job)
        return job
