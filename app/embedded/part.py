"""A part: a child process that is made ready, watched, and started again when it ends by itself."""

import asyncio
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import StrEnum

import structlog

from app.embedded.errors import EmbeddedError, PartFailed
from app.embedded.process import Child, Command, shorten_log

log = structlog.get_logger(__name__)

BACKOFF_FIRST, BACKOFF_MOST = 0.2, 30.0
STEADY = 30.0
"""Seconds that a part must have run for its next end to count as the first again."""
LOG_CHECK = 30.0
PROBE_EVERY = 0.05


class State(StrEnum):
    """Where a part is in its life."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


class Part(ABC):
    """One embedded part. Subclasses say how it is prepared, started and probed.

    `start` brings it up once and raises where that fails; `keep` watches over it from then on.
    """

    name: str
    ready_within: float = 60.0
    """Seconds that it may take from start to ready."""
    stops_within: float = 10.0
    """Seconds that it gets to end by itself when stopped."""

    def __init__(self) -> None:
        self.state = State.WAITING
        self.starts = 0
        """How often it became ready."""
        self.took: float | None = None
        """Seconds that the last start took until ready."""
        self.on_change: Callable[[Part], None] | None = None
        self._child: Child | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def prepare(self) -> None:  # noqa: B027 (most parts have nothing to prepare)
        """Make ready what the command needs. Called before every start, so it also cleans up after a kill."""

    @abstractmethod
    def command(self) -> Command:
        """What to run."""

    @abstractmethod
    async def probe(self) -> bool:
        """Whether it answers now."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it is reached, without a password: for people."""

    @property
    def restarts(self) -> int:
        """How often it became ready again after it had ended."""
        return max(0, self.starts - 1)

    @property
    def pid(self) -> int | None:
        """The process's id, None where it does not run."""
        return self._child.pid if self._child is not None and self._child.running else None

    async def start(self) -> None:
        """Start it and wait until it answers. Raises EmbeddedError with the end of its log where it does not."""
        self._become(State.STARTING)
        try:
            await self._launch()
        except EmbeddedError:
            self._become(State.FAILED)
            raise

    def keep(self) -> None:
        """From now on, start it again whenever it ends, until `stop`."""
        self._keeper = asyncio.create_task(self._keep(), name=f"keep-{self.name}")

    def hurry(self) -> None:
        """Make a `stop` that waits for an orderly end wait no longer."""
        if self._child is not None:
            self._child.send(self._child.command.hurry_signal)

    async def stop(self) -> None:
        """End it in order, and by force after `stops_within`. Safe to call twice and before `start`."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        if self._child is not None and self._child.running:
            await self._child.stop(self.stops_within)
        self._become(State.STOPPED)

    async def _launch(self) -> None:
        began = time.monotonic()
        try:
            await self.prepare()
            child = self._child = await Child.start(self.command())
        except OSError as error:
            raise PartFailed(f"{self.name} cannot be started: {error}") from error
        try:
            await self._until_ready(child)
        except BaseException:
            await child.stop(0.0)
            raise
        self.took = time.monotonic() - began
        self.starts += 1
        self._become(State.READY)
        log.debug("part_ready", part=self.name, pid=child.pid, took_ms=round(self.took * 1000))

    async def _until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + self.ready_within
        while not await self.probe():
            if not child.running:
                raise child.failure(self.name, f"ended with code {await child.wait()} before it was ready")
            if time.monotonic() > deadline:
                raise child.failure(self.name, f"was not ready within {self.ready_within:.0f} s")
            await asyncio.sleep(PROBE_EVERY)
        if not child.running:  # something else answers at its address
            raise child.failure(self.name, f"ended with code {await child.wait()} while it was starting")

    async def _keep(self) -> None:
        failures = 0
        while True:
            lived = await self._until_ended()
            log.warning("part_ended", part=self.name, lived_s=round(lived, 1))
            self._become(State.RESTARTING)
            failures = 0 if lived > STEADY else failures
            while not await self._again(failures):
                failures += 1
            failures += 1

    async def _again(self, failures: int) -> bool:
        """Wait the longer the more often it failed, and start it; False where it did not become ready."""
        await asyncio.sleep(min(BACKOFF_MOST, BACKOFF_FIRST * 2**failures) * random.uniform(0.5, 1.0))  # noqa: S311 (jitter)
        try:
            await self._launch()
        except EmbeddedError as error:
            log.warning("part_restart_failed", part=self.name, reason=str(error).partition("\n")[0])
            return False
        return True

    async def _until_ended(self) -> float:
        """Wait for the child's end, minding its log meanwhile; gives the seconds that it lived."""
        child = self._child
        if child is None:
            raise RuntimeError(f"{self.name} is kept before it was started")
        ended = asyncio.ensure_future(child.wait())
        try:
            while not ended.done():
                await asyncio.wait({ended}, timeout=LOG_CHECK)
                try:
                    shorten_log(child.command.log)
                except OSError as error:  # a full disk: another time
                    log.warning("log_not_shortened", part=self.name, reason=str(error))
        finally:
            ended.cancel()
        return child.age

    def _become(self, state: State) -> None:
        self.state = state
        if self.on_change is not None:
            self.on_change(self)
