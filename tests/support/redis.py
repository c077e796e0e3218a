"""A real Redis of a test's own, that can be killed and paused.

async with running_redis() as redis:
    settings = Settings(redis_url=redis.url, ...)
    redis.pause()
"""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NotReached

from app.embedded.net import pick_port

PASSWORD = "a-password-of-a-test"
STARTS = 20.0
"""Seconds within which it has to answer, on busy cores."""


class RedisServer:
    """A process of Debian's `redis-server` on loopback, that keeps nothing on disk."""

    def __init__(self, program: str) -> None:
        self._program = program
        self.port = pick_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    @property
    def url(self) -> SecretStr:
        """As the setting has it."""
        return SecretStr(self.address)

    async def start(self) -> None:
        """Start it, on the same port as before, and wait until it answers."""
        await asyncio.to_thread(self._start)
        deadline = time.monotonic() + STARTS
        async with Redis.from_url(self.address, retry=None) as client:
            while True:
                try:
                    await client.ping()
                except NotReached:
                    assert time.monotonic() < deadline, "redis-server does not answer"
                    await asyncio.sleep(0.02)
                else:
                    return

    def _start(self) -> None:
        where = ["--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
        self.process = subprocess.Popen(
            [self._program, *where, "--save", "", "--appendonly", "no", "--daemonize", "no"],
            cwd="/",
            stdout=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        """As `kill -9` does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self) -> None:
        """It stays connected and says nothing more."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)


@asynccontextmanager
async def running_redis() -> AsyncIterator[RedisServer]:
    """A Redis for the time of the block. Skips the test where there is no `redis-server`; in CI it fails."""
    program = shutil.which("redis-server")
    if program is None:
        said = "There is no redis-server on this machine (Debian: apt install redis-server)."
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)
    server = RedisServer(program)
    await server.start()
    try:
        yield server
    finally:
        server.kill()
