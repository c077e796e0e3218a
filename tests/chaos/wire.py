"""A wire between the service and what it leans on, which can be made slow, narrow, dead, or cut."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

PIECE = 16_384
"""Bytes that are passed on at once; with little bandwidth a tenth of a second's."""

Address = tuple[str, int] | Path
"""A TCP port, or the path of a Unix socket."""


@dataclass
class Wire:
    """Passes bytes between whoever connects to `at` and the server at `to`."""

    at: Address
    to: Address
    latency: float = 0.0
    """Seconds that each byte is under way, each way."""
    bandwidth: float | None = None
    """Bytes a second, each way, on each connection; None: as fast as it goes."""
    refusing: bool = False
    """Whether those who connect are turned away."""
    stopped: bool = False
    """Whether nothing arrives any more, of all that is sent."""
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _server: asyncio.Server | None = None

    def heal(self) -> None:
        """As fast as it goes, for whoever comes."""
        self.latency, self.bandwidth, self.refusing, self.stopped = 0.0, None, False, False

    def cut(self) -> int:
        """Break every connection, whatever is under way on it; how many ends there were."""
        broken = list(self._writers)
        for writer in broken:
            writer.transport.abort()
        return len(broken)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Wire"]:
        """Listen for the time of the block."""
        if isinstance(self.at, Path):
            self._server = await asyncio.start_unix_server(self._serve, self.at)
        else:
            self._server = await asyncio.start_server(self._serve, *self.at)
            self.at = self._server.sockets[0].getsockname()
        try:
            yield self
        finally:
            self._server.close()
            self.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if not self.refusing:
                await self._join(reader, writer)
        except OSError:
            pass  # the server is away: whoever connected sees the connection end
        finally:
            self._writers.discard(writer)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self.to, Path):
            far_reader, far_writer = await asyncio.open_unix_connection(self.to)
        else:
            far_reader, far_writer = await asyncio.open_connection(*self.to)
        self._writers.add(far_writer)
        ways = [
            asyncio.create_task(self._pass_on(reader, far_writer)),
            asyncio.create_task(self._pass_on(far_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writers.discard(far_writer)
            far_writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One way. What is under way does not hold up what follows it: latency is no bandwidth."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(256)
        arriving = asyncio.create_task(self._arrive(under_way, writer))
        try:
            while data := await reader.read(self._piece):
                await under_way.put((time.monotonic() + self.latency, data))
            await under_way.put((time.monotonic() + self.latency, b""))
            await arriving
        finally:
            arriving.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await arriving

    async def _arrive(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, data = await under_way.get()
            if (early := due - time.monotonic()) > 0:
                await asyncio.sleep(early)
            while self.stopped:
                await asyncio.sleep(0.02)
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()
            if self.bandwidth is not None:
                await asyncio.sleep(len(data) / self.bandwidth)

    @property
    def _piece(self) -> int:
        return PIECE if self.bandwidth is None else max(64, min(PIECE, int(self.bandwidth / 10)))
