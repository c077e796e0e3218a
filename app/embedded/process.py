"""One child process: started so that it dies with us, logged to a file of its own, stopped in order."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from app.embedded.errors import PartFailed

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_LIMIT = 8 * 1024 * 1024
"""Bytes that a log may reach before its older part moves to `NAME.1`."""
LOG_KEPT = 1024 * 1024
"""Bytes of a log that survive when it is cut while its process runs."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a child runs as: a user and group id, and at most one capability (its number) that it keeps."""

    uid: int
    gid: int
    capability: int | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, and how to end it."""

    argv: tuple[str, ...]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Added to our own environment; may hold secrets, so it is not shown."""
    cwd: Path | None = None
    identity: Identity | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    hurry_signal: signal.Signals = signal.SIGKILL
    """What it gets when an orderly stop takes too long for the one who waits."""
    death_signal: signal.Signals = signal.SIGKILL
    """What the child gets when we die without stopping it."""


class Child:
    """A running process. Make one with `start`."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process
        self._started = time.monotonic()

    @classmethod
    async def start(cls, command: Command) -> "Child":
        """Start the command in a session of its own: a Ctrl-C in the terminal reaches us, not it."""
        cut_log(command.log)
        with open_log(command.log) as log:
            process = await asyncio.create_subprocess_exec(
                *launched(command.argv, command.identity, command.death_signal),
                stdin=subprocess.DEVNULL if sys.platform == "linux" else subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=command.cwd,
                env={**os.environ, **command.env},
                start_new_session=True,
            )
        return cls(command, process)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._started

    async def wait(self) -> int:
        """Wait for the end; gives the exit code, or minus the signal that ended it."""
        return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal; nothing happens where the process has ended."""
        if self.running:
            self._process.send_signal(number)

    async def stop(self, grace: float) -> None:
        """Ask it to end in its own way, and kill it after `grace` seconds."""
        self.send(self.command.stop_signal)
        try:
            async with asyncio.timeout(grace):
                await self.wait()
        except TimeoutError:
            self.send(signal.SIGKILL)
            await self.wait()

    def failure(self, name: str, what: str) -> PartFailed:
        """An error that says what happened to `name` and quotes the end of its log."""
        lines = log_tail(self.command.log)
        quoted = "\n".join(f"  | {line}" for line in lines) if lines else "  | (its log is empty)"
        return PartFailed(f"{name} {what}. The end of {self.command.log}:\n{quoted}")


def launched(
    argv: tuple[str, ...], identity: Identity | None = None, death_signal: signal.Signals = signal.SIGKILL
) -> list[str]:
    """The command line that runs `argv` tied to this process's life (see `launch.py`)."""
    line = [sys.executable, "-I", "-S", str(LAUNCHER), "--parent", str(os.getpid())]
    line += ["--death-signal", str(int(death_signal))]
    if identity is not None:
        line += ["--uid", str(identity.uid), "--gid", str(identity.gid)]
        if identity.capability is not None:
            line += ["--capability", str(identity.capability)]
    return [*line, "--", *argv]


def open_log(path: Path) -> FileIO:
    """Open a log for appending, readable by its owner only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(descriptor, "ab", buffering=0)


def cut_log(path: Path) -> None:
    """Before a start: move a log that grew past its limit aside, over the one before."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(f"{path.name}.1"))


def shorten_log(path: Path) -> None:
    """While its process runs: keep the log's end in `NAME.1` and empty it. Writers append, so none is disturbed."""
    if not path.exists() or path.stat().st_size <= LOG_LIMIT:
        return
    with path.open("rb") as file:
        file.seek(-LOG_KEPT, os.SEEK_END)
        kept = file.read()
    older = path.with_name(f"{path.name}.1")
    older.touch(mode=0o600)
    older.write_bytes(kept)
    os.truncate(path, 0)


def log_tail(path: Path, lines: int = 12) -> list[str]:
    """The last lines of a log, each at most 300 characters; none where there is no log."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16_384))
        text = file.read().decode("utf-8", "replace")
    return [line[:300] for line in text.splitlines() if line.strip()][-lines:]
