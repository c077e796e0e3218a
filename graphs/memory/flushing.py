"""When an index is told to settle what was written: after so many rows, or after so long."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from graphs.errors import IndexUnavailable

log = structlog.get_logger(__name__)


class Flusher:
    """Counts rows and keeps the time; flushes in a task of its own, so that no write waits for it."""

    def __init__(self, rows: int, after: float, flush: Callable[[], Awaitable[None]]) -> None:
        """`rows`: written rows that bring a flush on; `after`: seconds until one comes anyway."""
        self._rows = rows
        self._after = after
        self._flush = flush
        self._pending = 0
        self._task: asyncio.Task[None] | None = None
        self._full = asyncio.Event()

    def wrote(self, rows: int) -> None:
        """Take note of rows just written."""
        self._pending += rows
        if self._pending >= self._rows:
            self._full.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="memory-index-flush")

    def settled(self) -> None:
        """Take note that all that was written is settled."""
        self._pending = 0
        self._full.clear()

    async def close(self) -> None:
        """Stop; what is pending stays with the engine, which has it on disk already."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while self._pending:
            try:
                async with asyncio.timeout(self._after):
                    await self._full.wait()
            except TimeoutError:
                pass
            self.settled()
            try:
                await self._flush()
            except IndexUnavailable as error:
                # The rows are on the engine's disk; unsettled they only make its searches slower until the next flush.
                log.warning("memory_index_flush_failed", reason=str(error))
