"""The `memocha` command as a person or a script runs it: in a process of its own."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0
"""Seconds, on busy cores."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """All of standard output as one JSON document; nothing else may have been said."""
        assert not self.err, self.err
        return json.loads(self.out)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def problem(self) -> dict[str, Any]:
        """Standard error as one problem, where nothing else was printed."""
        assert not self.out, self.out
        told: dict[str, Any] = json.loads(self.err)
        return told


@dataclass(frozen=True, slots=True)
class Command:
    """Runs `memocha` with these variables, and no other setting."""

    folder: Path
    environment: dict[str, str]

    async def start(self, *arguments: str, out: int = PIPE, **changes: str) -> asyncio.subprocess.Process:
        """Begin it; what it is told on standard input is still to come."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("MEMOCHA_", "OPENAI_"))}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", *arguments),
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT), **self.environment, **changes},
            stdin=PIPE,
            stdout=out,
            stderr=PIPE,
        )

    async def __call__(self, *arguments: str, said: bytes | str = b"", **changes: str) -> Ended:
        """Run it to its end. `said`: its standard input; `changes`: variables."""
        process = await self.start(*arguments, **changes)
        return await ended(process, said.encode() if isinstance(said, str) else said)


async def ended(process: asyncio.subprocess.Process, said: bytes = b"") -> Ended:
    """Wait for its end."""
    try:
        out, err = await asyncio.wait_for(process.communicate(said), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return Ended(process.returncode, (out or b"").decode(), err.decode())


async def interrupted(process: asyncio.subprocess.Process) -> Ended:
    """Ctrl-C, and its end; standard input stays open."""
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    err = await asyncio.wait_for(process.stderr.read(), PATIENCE)
    code = await asyncio.wait_for(process.wait(), PATIENCE)
    return Ended(code, "", err.decode())
