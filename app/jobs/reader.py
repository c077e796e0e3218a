"""How jobs ask a model in the background: while nobody talks, as far as the user's budget goes, few at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from prometheus_client import Counter

from app.db.engine import Database
from app.db.facts import Facts
from graphs.errors import Retryable

HEARD_OF = timedelta(seconds=12)
"""A run whose process was not heard of for longer is nobody talking."""
LOOK = 0.5
"""Seconds between two looks whether somebody talks."""
QUIET_WITHIN = 30.0
"""Seconds that a job waits for a quiet moment; then what it was to read is found again later."""
JOBS_AT_ONCE = 2
"""Of one process: a model takes seconds, and what indexes messages must not wait behind it."""

T = TypeVar("T")

_tokens = Counter("memocha_facts_tokens_total", "Tokens that taking facts and writing digests has cost.")


class Talking(Retryable):
    """Somebody began to talk while the local model was reading; the reading waits."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When a model reads in the background, and how much that may cost."""

    pause: timedelta = timedelta(minutes=5)
    """After a session was quiet for so long facts are taken from it."""
    every: int = 6
    """It is read earlier when so many of the user's messages are unread."""
    daily_tokens: int = 200_000
    """Of each user, prompts and answers together, of facts and digests."""
    only_when_quiet: bool = False
    """The model is on this machine's few cores: it reads while nobody talks, and stops when somebody does."""


def new_hands() -> asyncio.Semaphore:
    """For all jobs of a process that ask a model."""
    return asyncio.Semaphore(JOBS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks at the pace."""

    database: Database
    pace: Pace

    async def quietly(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask the model; where it shares this machine's cores, only while nobody talks. Raises `Talking`."""
        if not self.pace.only_when_quiet:
            return await ask()
        deadline = asyncio.get_running_loop().time() + QUIET_WITHIN
        while await self._anyone_talks():
            if asyncio.get_running_loop().time() > deadline:
                raise Talking("nobody was quiet for long")
            await asyncio.sleep(LOOK)
        asking = asyncio.ensure_future(ask())
        try:
            while not (await asyncio.wait({asking}, timeout=LOOK))[0]:
                if await self._anyone_talks():
                    raise Talking("somebody began to talk")
            return asking.result()
        finally:
            if not asking.done():
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    async def affordable(self, user_id: UUID) -> bool:
        """Whether the user's budget of the day has something left."""
        async with self.database.transaction() as tx:
            return await Facts(tx).spent_today(user_id) < self.pace.daily_tokens

    async def spend(self, user_id: UUID, tokens: int) -> None:
        """Note what was taken of it."""
        _tokens.inc(tokens)
        async with self.database.transaction() as tx:
            await Facts(tx).spend(user_id, tokens)

    async def _anyone_talks(self) -> bool:
        async with self.database.transaction() as tx:
            return await Facts(tx).anyone_talks(HEARD_OF)


def tomorrow() -> datetime:
    """When the budgets of users are whole again."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
