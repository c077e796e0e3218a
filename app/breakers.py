"""The circuit breakers of a process: looked after in the background, and shared with other processes through Redis.

PyBreaker's own storage in Redis asks it at every call, and blocks while it does. Here each process keeps its own state,
so that a call costs no way to Redis; what it finds out it writes there, and what others found out it reads there, twice
a second. Redis away: each process finds out by itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import structlog

from app.background import background
from app.redis import AWAY, SharedRedis
from graphs.policies.breaker import Breaker, State

log = structlog.get_logger(__name__)

EVERY: Final = 0.5
"""Seconds between two readings of what others found out."""
LOOK: Final = 1.0
"""Seconds between two looks from beside at what a breaker refuses."""
CLOSED_FOR: Final = 30
"""Seconds for which it is told that one was closed: for much longer than the others take to read it."""
KEY: Final = "memocha:breaker:"

Look = Callable[[], Awaitable[bool]]
"""Whether the dependency is well, asked beside the calls that the breaker lets through. Within some seconds."""


@dataclass(frozen=True, slots=True)
class Word:
    """What one process found out, as Redis has it."""

    token: str
    state: State

    def written(self) -> str:
        return json.dumps([self.token, self.state])

    @classmethod
    def read(cls, value: bytes) -> "Word | None":
        """None: written by a version that this one does not know."""
        try:
            token, state = json.loads(value)
        except ValueError:
            return None
        return cls(str(token), state) if state in ("open", "closed") else None


class Breakers:
    """By name. Made once a process; `watch` and `share` go on beside the requests."""

    def __init__(self) -> None:
        self._breakers: dict[str, Breaker] = {}
        self._looks: dict[str, Look] = {}
        self._news: dict[str, Word] = {}
        self._known: dict[str, str] = {}
        self._waiting = asyncio.Event()
        self._opened = asyncio.Event()

    def keep(self, breaker: Breaker, look: Look | None = None) -> Breaker:
        """Look after it from now on; `look`: how to see from beside that the dependency is back."""
        self._breakers[breaker.name] = breaker
        if look is not None:
            self._looks[breaker.name] = look
        breaker.told = lambda state: self._tell(breaker.name, state)
        return breaker

    def __iter__(self) -> Iterator[Breaker]:
        return iter(self._breakers.values())

    async def watch(self) -> None:
        """Look at what is refused, so that it is used again without a question that tries it, until cancelled. At what
        was just found away at once: it may be back before the next look, which has to have seen it away."""
        while True:
            away = [breaker.name for breaker in self if breaker.state != "closed" and breaker.name in self._looks]
            await asyncio.gather(*(self._look(name) for name in away))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK):
                    await self._opened.wait()
            self._opened.clear()

    async def share(self, redis: SharedRedis) -> None:
        """Tell others and follow them, until cancelled."""
        while True:
            try:
                await self._write(redis)
                await self._read(redis)
            except AWAY:
                # What is to be told is told when it is back; `redis.watch` says that it is away.
                await asyncio.sleep(EVERY)
            self._waiting.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._waiting.wait()

    def _tell(self, name: str, state: State) -> None:
        self._news[name] = Word(uuid4().hex, state)
        self._waiting.set()
        if state == "open":
            self._opened.set()

    async def _look(self, name: str) -> None:
        self._breakers[name].looked(well=await self._looks[name]())

    async def _write(self, redis: SharedRedis) -> None:
        for name, word in list(self._news.items()):
            kept = self._breakers[name].again_in if word.state == "open" else CLOSED_FOR
            if kept > 0:  # What was not to be told for so long that it would be tried by now is no news.
                await redis.client.set(KEY + name, word.written(), px=max(1, int(kept * 1000)))
                self._known[name] = word.token
            if self._news.get(name) is word:
                del self._news[name]

    async def _read(self, redis: SharedRedis) -> None:
        names = list(self._breakers)
        pipeline = redis.client.pipeline(transaction=False)
        for name in names:
            pipeline.get(KEY + name)
            pipeline.pttl(KEY + name)
        answers = await pipeline.execute()
        for name, value, left in zip(names, answers[::2], answers[1::2], strict=True):
            word = Word.read(value) if value is not None else None
            if word is None or word.token == self._known.get(name) or name in self._news:
                continue
            self._known[name] = word.token
            self._breakers[name].follow(word.state, max(0, left) / 1000)


@asynccontextmanager
async def open_breakers(redis: SharedRedis | None) -> AsyncIterator[Breakers]:
    """For the breakers of a process, looked after and shared until the block ends."""
    breakers = Breakers()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(background(breakers.watch(), name="watch breakers"))
        if redis is not None:
            await stack.enter_async_context(background(breakers.share(redis), name="share breakers"))
        yield breakers
