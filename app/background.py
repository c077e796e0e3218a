"""Tasks that go on beside the requests for as long as the service runs."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

log = structlog.get_logger(__name__)

CANCEL_AGAIN = 15.0
"""Seconds; longer than a worker is given to end its jobs."""


async def end(task: asyncio.Task[Any], *, again_after: float = CANCEL_AGAIN) -> None:
    """Cancel the task and wait for its end; its failure, if it had one, is the caller's to look at.

    Cancelled again while it goes on: up to Python 3.11 `asyncio.wait_for` swallows a cancellation that comes with what
    it waited for, such as a pool's connection at the moment at which Postgres is back.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=again_after)


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None], *, name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run the work until the block ends. An end of its own is a fault, which is logged."""

    def note(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", task=name, exc_info=error)

    task = asyncio.create_task(work, name=name)
    task.add_done_callback(note)
    try:
        yield task
    finally:
        await end(task)
        with suppress(asyncio.CancelledError):
            task.result()
