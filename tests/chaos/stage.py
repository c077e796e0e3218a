"""A Memocha whose parts can be killed, stopped, slowed, cut off and filled: where the drills take place.

`memocha up` and a worker beside it, as processes; the model another; a wire to Postgres, to Milvus and to the model.
Postgres' cluster and the rest of the data folder are file systems of their own where this machine lets us mount any.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx

from app.embedded.net import pick_port
from tests.chaos.up import MILVUS_AT, POSTGRES_AT, POSTGRES_PORT
from tests.chaos.wire import Address, Wire
from tests.support.embedded import minilm, models_dir, scratch
from tests.support.instance import KEY, ROOT, Instance, PartName, until

LOCAL = "127.0.0.1"
DISK = "1g"
"""Size of each file system."""
FILLER = "filler"

SETTINGS = {
    "MEMOCHA_LLM": "openai:scripted",
    "MEMOCHA_LLM_API_KEY": KEY,
    "MEMOCHA_LLM_CONTEXT": "8192",
    "MEMOCHA_LLM_TIMEOUT": "4",
    "MEMOCHA_LLM_ATTEMPTS": "2",
    "MEMOCHA_RUN_LIMIT": "25",
    "MEMOCHA_FACTS": "off",
    "MEMOCHA_TITLES": "off",
}
"""Shorter than the defaults where a drill would wait for them: what is shown is that they hold."""


class Stage(Instance):
    """An instance over wires. `disks`: each of the file systems that can be filled, by name."""

    supervisor = ("tests.chaos.up",)

    def __init__(self, folder: Path, wires: dict[str, Wire], more: dict[str, str]) -> None:
        super().__init__(folder / "data", model=None, own_worker=True, more=more)
        self.wires = wires
        self.disks: dict[str, Path] = {}
        self.commands: dict[PartName, tuple[str, ...]] = {
            "model": (
                sys.executable,
                "-m",
                "tests.chaos.model",
                "--port",
                port_of(wires["model"].to),
                "--api-key",
                KEY,
            ),
            "redis": ("redis-server", "--port", port_of(wires["redis"].to), "--bind", LOCAL, "--save", ""),
        }
        self._own: dict[PartName, asyncio.subprocess.Process] = {}
        self._second: asyncio.subprocess.Process | None = None
        self.keep_logs: Path | None = None
        self.has_redis = False

    @staticmethod
    def client(port: int) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=0)
        timeout = httpx.Timeout(100.0, connect=5.0)
        return httpx.AsyncClient(base_url=f"http://{LOCAL}:{port}", timeout=timeout, limits=limits, trust_env=False)

    @property
    def environment(self) -> dict[str, str]:
        """Where the parts are, past the wires: what is checked is not slowed."""
        noted = super().environment
        near, far = port_of(self.wires["postgres"].at), port_of(self.wires["postgres"].to)
        return noted | {
            "MEMOCHA_DATABASE_URL": noted["MEMOCHA_DATABASE_URL"].replace(f":{near}/", f":{far}/"),
            "MEMOCHA_MILVUS_URI": f"unix:{self.wires['milvus'].to}",
        }

    # --- its parts

    async def start_own(self, part: PartName) -> None:
        """Start a part that `memocha up` does not, where it does not run: the model, Redis."""
        process = self._own.get(part)
        if process is None or process.returncode is not None:
            self._own[part] = await asyncio.create_subprocess_exec(
                *self.commands[part], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
            )
        await until(lambda: listens(self.wires[part].to), f"{part} listens")

    async def start_second(self) -> None:
        """Another service on the same rows, which takes runs over whose owner is silent."""
        log, port = self.data_dir / "logs" / "second.log", str(pick_port())
        places = Instance.environment.fget(self)  # type: ignore[attr-defined]
        with log.open("ab") as output:
            self._second = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "app.cli", "serve"),
                cwd=ROOT,
                env={**self.settings(), **places, "MEMOCHA_PORT": port},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        async with self.client(int(port)) as http:

            async def ready() -> bool:
                with suppress(httpx.TransportError):
                    return (await http.get("/ready")).status_code == httpx.codes.OK
                return False

            await until(ready, "the second service is ready")

    async def stop_second(self) -> None:
        if self._second is not None and self._second.returncode is None:
            self._second.terminate()
            await self._second.wait()
        self._second = None

    def pid(self, part: PartName) -> int:
        return self._own[part].pid if part in self._own else super().pid(part)

    async def kill(self, part: PartName) -> None:
        if part not in self._own:
            await super().kill(part)
        elif self._own[part].returncode is None:
            self._own[part].kill()
            await self._own[part].wait()

    def signal(self, part: PartName, number: signal.Signals) -> None:
        """To all processes of a part, as a paused container has it."""
        pid = self.pid(part)
        everyone = [pid, *(child for child, parent in _parents().items() if parent == pid)]
        for each in everyone if number is signal.SIGSTOP else reversed(everyone):
            with suppress(ProcessLookupError):
                os.kill(each, number)

    # --- its disks

    async def mount(self) -> None:
        """Move the stopped instance's data to file systems of their own. Raises `CalledProcessError` where we may not."""
        for name, folder in (("data", self.data_dir), ("postgres", self.data_dir / "postgres")):
            aside = folder.with_name(f"{folder.name}-aside")
            folder.rename(aside)
            folder.mkdir()
            owner = aside.stat()
            options = f"size={DISK},mode=700,uid={owner.st_uid},gid={owner.st_gid}"
            try:
                await _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
            except subprocess.CalledProcessError:
                folder.rmdir()
                aside.rename(folder)
                raise
            self.disks[name] = folder
            await _run("cp", "-a", f"{aside}/.", str(folder))
            shutil.rmtree(aside)

    async def unmount(self) -> None:
        for folder in reversed(self.disks.values()):
            await _run("umount", "--lazy", str(folder))
        self.disks.clear()

    def fill(self, disk: str) -> int:
        """Leave no byte free; how many were."""
        path, written = self.disks[disk] / FILLER, 0
        with path.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                written += file.write(bytes(1 << 20))
        return written

    def empty(self, disk: str) -> None:
        (self.disks[disk] / FILLER).unlink(missing_ok=True)

    async def close(self) -> None:
        for wire in self.wires.values():
            wire.heal()
        try:
            await self.stop_second()
            await super().close()
            for part in self._own:
                await self.kill(part)
        finally:
            if self.keep_logs is not None:
                shutil.copytree(self.data_dir / "logs", self.keep_logs, dirs_exist_ok=True)
            await self.unmount()


@asynccontextmanager
async def open_stage(*, disks: bool = True, logs: Path | None = None, **more: str) -> AsyncIterator[Stage]:
    """A ready stage for the time of the block; `disks`: with file systems that can be filled, where we may mount them;
    `logs`: a folder that gets the logs when it ends."""
    await minilm()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(scratch())
        sockets = folder / "data" / "run"
        wires = {
            "postgres": Wire((LOCAL, 0), (LOCAL, pick_port())),
            "milvus": Wire(folder / "milvus", sockets / "milvus:1"),
            "model": Wire((LOCAL, 0), (LOCAL, pick_port())),
            "redis": Wire((LOCAL, 0), (LOCAL, pick_port())),
        }
        for wire in wires.values():
            await stack.enter_async_context(wire.open())
        near = {name: port_of(wires[name].at) for name in ("postgres", "model", "redis")}
        places = {
            POSTGRES_PORT: port_of(wires["postgres"].to),
            POSTGRES_AT: near["postgres"],
            MILVUS_AT: f"unix:{wires['milvus'].at}",
            "MEMOCHA_LLM_BASE_URL": f"http://{LOCAL}:{near['model']}/v1",
            "MEMOCHA_MODELS_DIR": str(models_dir()),
        }
        with_redis = shutil.which("redis-server") is not None
        if with_redis:
            places["MEMOCHA_REDIS_URL"] = f"redis://{LOCAL}:{near['redis']}/0"
        stage = Stage(folder, wires, {**SETTINGS, **places, **more})
        stage.keep_logs, stage.has_redis = logs, with_redis
        stack.push_async_callback(stage.close)
        await stage.start_own("model")
        if with_redis:
            await stage.start_own("redis")
        await stage.start()
        if disks:
            await stage.stop()
            with suppress(subprocess.CalledProcessError, FileNotFoundError):
                await stage.mount()
            await stage.start()
        yield stage


def port_of(address: Address) -> str:
    """The port of a TCP address."""
    assert not isinstance(address, Path)
    return str(address[1])


async def listens(address: Address) -> bool:
    """Whether anybody takes connections there."""
    with suppress(OSError):
        _, writer = await asyncio.open_connection(LOCAL, int(port_of(address)))
        writer.close()
        return True
    return False


async def _run(*command: str) -> None:
    process = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
    _, said = await process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)


def _parents() -> dict[int, int]:
    """By process, its parent."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    return found
