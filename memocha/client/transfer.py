"""Everything in, and everything out."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import httpx

from app.schemas import Job
from memocha.client.connection import CONNECT, SILENCE, Connection, ConnectionLost, away, refuse

PIECE: Final = 256 * 1024
"""Bytes read at once."""
CHECKING: Final = 900.0
"""Seconds that the service may take after the last byte, to check all of an archive."""
ZIP: Final = b"PK"
"""How an archive begins, and no line of ours."""
LINE: Final = b"{"
BLANK: Final = b"\xef\xbb\xbf \t\r\n"
"""Bytes that may come before the first line."""


class Transfer:
    """Imports and exports. All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def send(self, source: Path | AsyncIterable[bytes], sent: Callable[[int], None] | None = None) -> Job:
        """Send lines or an archive as they are; which of them it is, the first bytes tell; where they are neither's,
        the file's name, since a broken archive may begin with anything. The job that was taken.

        `sent` is told how many bytes have gone. Raises `OSError` for a file that cannot be read.
        """
        if isinstance(source, Path):
            with source.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                named = source.suffix.lower() == ".zip"
                return await self._send(_pieces(file, size or None), size, sent, named)
        return await self._send(source, None, sent)

    async def _send(
        self, source: AsyncIterable[bytes], size: int | None, sent: Callable[[int], None] | None, named: bool = False
    ) -> Job:
        pieces = aiter(source)
        first = b""
        while len(first) < len(ZIP) and (piece := await anext(pieces, b"")):
            first += piece
        archive = first.startswith(ZIP) or (named and not first.lstrip(BLANK).startswith(LINE))
        headers = {"content-type": "application/zip" if archive else "application/x-ndjson"}
        if size:  # so that too much is refused before it is sent
            headers["content-length"] = str(size)

        async def body() -> AsyncIterator[bytes]:
            gone = 0
            async for piece in _again(first, pieces):
                yield piece
                gone += len(piece)
                if sent is not None:
                    sent(gone)

        timeout = httpx.Timeout(SILENCE, connect=CONNECT, read=CHECKING)
        return await self._connection.ask(Job, "POST", "/api/import", content=body(), headers=headers, timeout=timeout)

    async def receive(self) -> AsyncIterator[bytes]:
        """Everything of the user's, in pieces. Raises `ConnectionLost` where it breaks off."""
        begun = False
        try:
            async with self._connection.http.stream("GET", "/api/export") as answer:
                begun = True
                if answer.is_error:
                    await answer.aread()
                refuse(answer)
                async for piece in answer.aiter_bytes():
                    yield piece
        except httpx.TransportError as error:
            if not begun:
                raise away(self._connection.http, error) from error
            raise ConnectionLost("The connection broke before all had come.") from error

    async def write(self, path: Path, received: Callable[[int], None] | None = None) -> int:
        """`receive` into a file, which is there when all has come, or as it was before; its bytes."""
        size = 0
        with replacing(path) as file:
            async for piece in self.receive():
                size += file.write(piece)
                if received is not None:
                    received(size)
        return size


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, which takes its name when the block ends well and goes when it does not.

    Its owner alone may read it. What is there and no file (a pipe, a device) is written to as it is.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        with path.open("wb") as there:
            yield there
        return
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


async def _pieces(file: BinaryIO, size: int | None) -> AsyncIterator[bytes]:
    """As much of the file as was said to come, though it may grow meanwhile; of a pipe, all."""
    left = size
    while piece := await asyncio.to_thread(file.read, PIECE if left is None else min(PIECE, left)):
        yield piece
        left = None if left is None else left - len(piece)


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for piece in rest:
        yield piece
