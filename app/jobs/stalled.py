"""Jobs that nobody does any more though they are marked as being done: found, and made to wait again."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from app.jobs.queue import JobQueue

HEARTBEAT = 3.0
"""Seconds between two signs of life of a worker."""
DEAD_AFTER = 10.0
"""Seconds without one after which a worker is taken for dead."""

log = structlog.get_logger(__name__)


class Stalled:
    """Looks after the jobs of dead workers, and after those that this very worker has lost.

    A worker loses a job when Postgres is away at the moment at which it wants to note its end: the job stays marked
    as being done, by a worker that is alive.
    """

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._doing: set[int] = set()
        self._suspects: set[int] = set()

    async def watch(self, do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
        """A worker's middleware: knows which jobs are being done here."""
        del worker
        job_id = context.job.id
        assert job_id is not None
        self._doing.add(job_id)
        try:
            return await do()
        finally:
            self._doing.discard(job_id)

    async def retry(self, worker_id: int | None) -> int:
        """Have stalled jobs wait again; how many. Raises the queue's connection errors."""
        manager = self._queue.app.job_manager
        stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER))
        if worker_id is not None:
            stalled += await self._lost(worker_id)
        for job in stalled:
            await self._again(job)
        return len(stalled)

    async def _lost(self, worker_id: int) -> list[Job]:
        marked = await self._queue.app.job_manager.list_jobs_async(status="doing", worker_id=worker_id)
        unknown = {job.id for job in marked if job.id is not None} - self._doing
        # Twice in a row, or it may just be beginning, or noting its end.
        lost = unknown & self._suspects
        self._suspects = unknown - lost
        return [job for job in marked if job.id in lost]

    async def _again(self, job: Job) -> None:
        manager = self._queue.app.job_manager
        log.info("a stalled job is tried again", job=job.id, task=job.task_name)
        try:
            await manager.retry_job(job)
        except ConnectorException as error:
            # Another worker was faster, or it ended just now.
            log.debug("a stalled job is none any more", job=job.id, error=str(error))
