"""How often something was done of late: counted for all processes together in Redis where there is one, else in this
process. Without Redis, and while it is away, each process counts for itself: whoever asks is not kept waiting, and a
limit is then that of each process.
"""

import time
from collections import OrderedDict, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog
from limits import RateLimitItem
from limits.aio.storage import MovingWindowSupport, RedisStorage, Storage
from limits.aio.strategies import MovingWindowRateLimiter
from prometheus_client import Counter
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.redis import AWAY, reason

log = structlog.get_logger(__name__)

AGAIN: Final = 2.0
"""Seconds for which Redis is not asked after it was away: what one request loses to it, the others do not."""
NAMES_AT_MOST: Final = 100_000
"""Whose counts one process keeps, of each length of window; after that those who came longest ago are forgotten."""
PREFIX: Final = "memocha:limits"

T = TypeVar("T")

_alone = Counter("memocha_limits_alone_total", "What was counted in this process alone, since Redis was away.")


@dataclass(frozen=True, slots=True)
class Left:
    """How much of a limit there is still."""

    limit: int
    left: int
    window: int
    """Seconds."""
    more_in: float
    """Seconds until there is more; 0 where nothing was counted."""


class InProcess(Storage, MovingWindowSupport):
    """The library's own storage in memory looks through all names with every hit: 2.8 ms of processor time among 20,000
    of them. This one takes some microseconds among any number. Nothing in it waits, so no two are counted as one."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        # By the length of the window, so that who came longest ago stands first and is out of date first.
        self._hits: defaultdict[int, OrderedDict[str, deque[float]]] = defaultdict(OrderedDict)

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """It has none."""
        return ()

    def __len__(self) -> int:
        return sum(len(names) for names in self._hits.values())

    async def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count so many more, if they fit."""
        now, names = time.time(), self._hits[expiry]
        self._drop(names, now - expiry)
        hits = _current(names.get(key), now - expiry)
        if len(hits) + amount > limit:
            return False
        hits.extend([now] * amount)
        names[key] = hits
        names.move_to_end(key)
        return True

    async def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """When the oldest that counts was, and how many count."""
        now = time.time()
        hits = _current(self._hits[expiry].get(key), now - expiry)
        return (hits[0], len(hits)) if hits else (now, 0)

    async def clear(self, key: str) -> None:
        """Forget that name."""
        for names in self._hits.values():
            names.pop(key, None)

    async def reset(self) -> int | None:
        """Forget all."""
        held = len(self)
        self._hits.clear()
        return held

    async def check(self) -> bool:
        """It is always there."""
        return True

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    async def get(self, key: str) -> int:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    async def get_expiry(self, key: str) -> float:
        """Of fixed windows, which are not used."""
        raise NotImplementedError

    def _drop(self, names: OrderedDict[str, deque[float]], before: float) -> None:
        # Two for each that may come: so it never grows beyond what was counted of late.
        for _ in range(2):
            oldest = next(iter(names.items()), None)
            if oldest is None or (oldest[1] and oldest[1][-1] >= before and len(names) < NAMES_AT_MOST):
                return
            del names[oldest[0]]


def _current(hits: deque[float] | None, since: float) -> deque[float]:
    """Those that count still."""
    if hits is None:
        return deque()
    while hits and hits[0] < since:
        hits.popleft()
    return hits


class Windows:
    """Counts, and tells what is left. Nothing is raised where Redis is away."""

    def __init__(self, client: Redis | None = None) -> None:
        self._own = MovingWindowRateLimiter(InProcess())
        self._shared = MovingWindowRateLimiter(_shared(client)) if client is not None else None
        self._away = False
        self._again = 0.0
        """When Redis is asked again, on the clock of `time.monotonic`."""

    async def hit(self, limit: RateLimitItem, *names: str, cost: int = 1) -> bool:
        """Count so many more; False, and nothing is counted, where they do not fit."""
        return await self._ask(lambda counts: counts.hit(limit, *names, cost=cost))

    async def fits(self, limit: RateLimitItem, *names: str) -> bool:
        """Whether one more would fit."""
        return await self._ask(lambda counts: counts.test(limit, *names))

    async def left(self, limit: RateLimitItem, *names: str) -> Left:
        """How much there is still."""
        reset, remaining = await self._ask(lambda counts: counts.get_window_stats(limit, *names))
        # Of another process's clock, perhaps.
        more_in = min(max(0.0, reset - time.time()), limit.get_expiry()) if remaining < limit.amount else 0.0
        return Left(limit.amount, max(0, remaining), limit.get_expiry(), more_in)

    async def clear(self, limit: RateLimitItem, *names: str) -> None:
        """Count nothing of that any more."""
        await self._ask(lambda counts: counts.clear(limit, *names))

    async def _ask(self, ask: Callable[[MovingWindowRateLimiter], Awaitable[T]]) -> T:
        if self._shared is None:
            return await ask(self._own)
        if time.monotonic() >= self._again:
            if self._away:
                # One tries; the others do not wait for it.
                self._again = time.monotonic() + AGAIN
            try:
                found = await ask(self._shared)
            except AWAY as error:
                self._gone(error)
            else:
                self._back()
                return found
        _alone.inc()
        return await ask(self._own)

    def _gone(self, error: RedisError) -> None:
        if not self._away:
            log.warning("limits are counted in this process alone", error=reason(error))
        self._away, self._again = True, time.monotonic() + AGAIN

    def _back(self) -> None:
        if self._away:
            log.info("limits are counted together again")
        self._away, self._again = False, 0.0


def _shared(client: Redis) -> RedisStorage:
    return RedisStorage(
        "async+redis://",
        implementation="redispy",
        key_prefix=PREFIX,
        connection_pool=client.connection_pool,  # type: ignore[arg-type]
    )
