"""Doing the jobs: inside the API's process or in one of its own, any number of them on one database."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker
from prometheus_client import Counter

from app.background import end
from app.db.engine import first_line
from app.jobs.queue import JobQueue
from app.jobs.retry import wait
from app.jobs.stalled import DEAD_AFTER, HEARTBEAT, Stalled
from graphs.errors import Retryable

POLL = 0.5
"""Seconds between two looks for jobs, beside being told of each at once."""
GRACE = 10.0
"""Seconds that running jobs get to end when the worker is stopped; then they wait for another."""

log = structlog.get_logger(__name__)

_failed = Counter("memocha_jobs_failed_total", "Jobs that failed by a fault of ours, by task.", ["task"])


async def run_worker(queue: JobQueue, *, concurrency: int = 4) -> None:
    """Do jobs until cancelled, coming back by itself after Postgres was away.

    The queue must be open and its tasks registered. When cancelled it waits up to `GRACE` seconds for what it does.
    """
    failures = 0
    while True:
        stalled = Stalled(queue)
        worker = Worker(
            queue.app,
            name="memocha",
            concurrency=concurrency,
            fetch_job_polling_interval=POLL,
            shutdown_graceful_timeout=GRACE,
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
            worker_middleware=[stalled.watch, tell],
        )
        started = asyncio.get_running_loop().time()
        async with _beside(_upkeep(worker, stalled)):
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            except ConnectorException as error:
                log.warning("the worker lost the database", error=first_line(error.__cause__ or error))
        # It returns by itself only when one of its own tasks has failed, which it has logged.
        failures = 0 if asyncio.get_running_loop().time() - started > GRACE else failures + 1
        await asyncio.sleep(min(wait(failures) / 2, 5.0))


async def tell(do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
    """A worker's middleware: logs what failed and will be tried again. Arguments are ids, so nobody's words show."""
    del worker
    about = {"task": context.job.task_name, "job_id": context.job.id, "attempts": context.job.attempts}
    try:
        return await do()
    except Retryable as error:
        log.warning("job put off", reason=str(error), **about)
        raise
    except Exception:
        _failed.labels(context.job.task_name).inc()
        log.exception("job failed", **about)
        raise


async def _upkeep(worker: Worker, stalled: Stalled) -> None:
    """Beside the jobs, and not itself one: it must go on when every worker's hands are full."""
    while True:
        await asyncio.sleep(HEARTBEAT)
        try:
            await stalled.retry(worker.worker_id)
        except ConnectorException as error:
            log.warning("stalled jobs cannot be looked for", error=first_line(error.__cause__ or error))


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Have something done while the block runs. Its failure is raised when the block ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        await end(task, again_after=1.0)
        with contextlib.suppress(asyncio.CancelledError):
            task.result()
