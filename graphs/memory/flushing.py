"""When the embedded engine is told to settle what was written, and what has to wait meanwhile."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog

from graphs.errors import IndexUnavailable

log = structlog.get_logger(__name__)


class Flusher:
    """Counts rows and keeps the time between flushes.

    Searches wait for a flush, so it is best right after a write: what was just said is remembered while its answer is
    being read. Writes that come soon after a flush wait for the next one.
    """

    def __init__(self, rows: int, after: float, flush: Callable[[], Awaitable[None]]) -> None:
        """`rows`: written rows that bring a flush on at once; `after`: seconds from one flush until a write brings on
        the next, and after a write until one comes anyway."""
        self._rows = rows
        self._after = after
        self._flush = flush
        self._pending = 0
        self._flushed = -math.inf
        self._timer: asyncio.Task[None] | None = None

    async def wrote(self, rows: int) -> None:
        """Take note of rows just written. Flushes before it returns where they are enough for that, or the last flush
        is long enough ago: so a long import settles as it goes, and a conversation between its turns."""
        self._pending += rows
        if self._pending >= self._rows or time.monotonic() - self._flushed >= self._after:
            await self._settle()
        elif self._timer is None or self._timer.done():
            self._wait()

    def settled(self) -> None:
        """Take note that all that was written is settled."""
        self._pending = 0

    async def close(self) -> None:
        """Stop; what is pending stays with the engine, which has it on disk already."""
        if self._timer is not None:
            self._timer.cancel()
            await asyncio.gather(self._timer, return_exceptions=True)

    def _wait(self) -> None:
        self._timer = asyncio.create_task(self._later(), name="memory-index-flush")

    async def _later(self) -> None:
        await asyncio.sleep(self._after)
        if self._pending:
            await self._settle()

    async def _settle(self) -> None:
        self._pending = 0
        # Counted from its beginning: who writes meanwhile waits for the next one, and does not queue behind this.
        self._flushed = time.monotonic()
        try:
            await self._flush()
        except IndexUnavailable as error:
            # The rows are on the engine's disk; unsettled they only make its searches slower until the next flush.
            log.warning("memory_index_flush_failed", reason=str(error))
            self._pending += 1
            self._wait()


class Gate:
    """Searches pass together, a flush alone.

    While it flushes, the embedded engine shows neither the old nor the new place of the rows on their way (10 to 30 ms
    in which what was just said could not be found), so searches wait for it, and it for those that are running.
    """

    def __init__(self) -> None:
        self._searching = 0
        self._changed = asyncio.Condition()
        self._flushing = False

    @asynccontextmanager
    async def search(self) -> AsyncIterator[None]:
        """Pass as one of many."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._flushing)
            self._searching += 1
        try:
            yield
        finally:
            async with self._changed:
                self._searching -= 1
                self._changed.notify_all()

    @asynccontextmanager
    async def flush(self) -> AsyncIterator[None]:
        """Pass alone; searches that come now wait."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._flushing)
            self._flushing = True
            try:
                await self._changed.wait_for(lambda: not self._searching)
            except BaseException:
                self._flushing = False
                self._changed.notify_all()
                raise
        try:
            yield
        finally:
            async with self._changed:
                self._flushing = False
                self._changed.notify_all()
