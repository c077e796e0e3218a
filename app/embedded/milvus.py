"""Milvus Lite as a process of its own: in ours it would hold the event loop for up to 44 ms at a time."""

import asyncio
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from app.embedded.files import private_folder
from app.embedded.part import Part
from app.embedded.process import Command

ROOT = Path(__file__).parents[2]

FOLDER = "milvus"
"""The engine's folder in the data folder."""
LEAVING = "milvus.leaving"
"""Its name while it is removed (`app/embedded/milvus_left.py`): who is killed in the middle leaves no half of it."""

SOCKET_PATH_LIMIT = 100
"""Bytes of a socket's path; systems allow 103 to 107."""
MEMTABLE_LIMIT = 4 * 1024 * 1024
"""Bytes that a collection may hold unflushed before the engine flushes by itself. Every search walks these anew: with
3,000 rows written four at a time, the median dense search took 16 ms at 512 KiB, 22 at 1 MiB, 41 at 4 MiB, 77 at the
default of 128 MiB. We flush every 64 rows ourselves (`graphs/memory/flushing.py`), and keep searches out of it, since
the engine hides the rows that it is flushing: so its own limit stands well above what we let gather."""
WORKERS = 8


class MilvusPart(Part):
    """`milvus-lite server` on a Unix socket in a private folder: it has no sign-in, so nobody else may reach it."""

    name = "milvus"
    ready_within = 120.0

    def __init__(self, data_dir: Path) -> None:
        super().__init__()
        self._folder, self._leaving = data_dir / FOLDER, data_dir / LEAVING
        self._log = data_dir / "logs" / "milvus.log"
        self._sockets = data_dir / "run"
        self._temporary: Path | None = None
        # The server joins its host and port with a colon, so the socket's name ends in the port.
        if len(str(self._sockets / "milvus:1").encode()) > SOCKET_PATH_LIMIT:
            self._sockets = self._temporary = Path(tempfile.mkdtemp(prefix="memocha-"))

    @property
    def uri(self) -> str:
        """What pymilvus connects to."""
        return f"unix:{self._sockets}/milvus:1"

    @property
    def address(self) -> str:
        return self.uri

    async def prepare(self) -> None:
        await asyncio.to_thread(shutil.rmtree, self._leaving, ignore_errors=True)
        for folder in (self._folder, self._sockets, self._log.parent):
            private_folder(folder)
        (self._sockets / "milvus:1").unlink(missing_ok=True)

    def command(self) -> Command:
        server = ("-m", "app.embedded.milvus_child", "server", "--data-dir", str(self._folder), "--host")
        place = (f"unix:{self._sockets}/milvus", "--port", "1", "--max-workers", str(WORKERS))
        return Command(
            argv=(sys.executable, *server, *place),
            log=self._log,
            cwd=ROOT,
            env={"MILVUS_LITE_MEMTABLE_MEMORY_LIMIT_BYTES": str(MEMTABLE_LIMIT)},
            stop_signal=signal.SIGINT,  # the one that it closes its files on
        )

    async def probe(self) -> bool:
        if not (self._sockets / "milvus:1").exists():
            return False
        return await milvus_answers(self.uri)

    async def stop(self) -> None:
        await super().stop()
        if self._temporary is not None:
            await asyncio.to_thread(shutil.rmtree, self._temporary, ignore_errors=True)


async def milvus_answers(target: str, *, timeout: float = 2.0) -> bool:  # noqa: ASYNC109
    """Whether a Milvus server at the gRPC `target` tells its version within `timeout` seconds.

    Goes by gRPC alone: importing pymilvus takes a second that a start does not have.
    """
    import grpc

    async with grpc.aio.insecure_channel(target) as channel:
        version = channel.unary_unary("/milvus.proto.milvus.MilvusService/GetVersion")
        try:
            return bool(await version(b"", timeout=timeout))
        except grpc.aio.AioRpcError:
            return False
