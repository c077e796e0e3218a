"""How many requests a minute, and how many turns: of each user, and of an address that nobody has signed in from.

Moving windows of a minute, asked before anything is done. What is refused is not counted.
"""

from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from limits import RateLimitItemPerMinute
from prometheus_client import Counter

from app.errors import RateLimited
from app.security.attempts import network
from app.security.windows import Left, Windows
from app.settings import Settings

Unit = Literal["requests", "turns"]
Whose = Literal["user", "address"]

REQUESTS: Final = 600
"""A minute of a user's where nothing else is set; what the web client takes of it: docs/trust/limits.md."""
TURNS: Final = 60

_refused = Counter("memocha_rate_limited_total", "Requests and turns that were refused as too many.", ["whose", "unit"])


@dataclass(frozen=True, slots=True)
class RateLeft:
    """One bound, and how much of it is left."""

    unit: Unit
    whose: Whose
    left: Left


class RateLimits:
    """Those of a deployment; 0 a minute is no bound."""

    def __init__(self, windows: Windows, *, requests: int, turns: int, of_address: int) -> None:
        self._windows = windows
        self._requests = RateLimitItemPerMinute(requests, namespace="requests")
        self._turns = RateLimitItemPerMinute(turns, namespace="turns")
        self._of_address = RateLimitItemPerMinute(of_address, namespace="stranger")

    @property
    def counts_requests(self) -> bool:
        """Whether a request has to be looked at at all."""
        return self._requests.amount > 0 or self._of_address.amount > 0

    async def request(self, user_id: UUID) -> RateLeft | None:
        """Count a request of the user's; what is left. Raises `RateLimited`."""
        return await self._count("requests", "user", self._requests, str(user_id))

    async def stranger(self, address: str) -> RateLeft | None:
        """Count a request of somebody who is not signed in; what is left. Raises `RateLimited`."""
        return await self._count("requests", "address", self._of_address, network(address))

    async def turn(self, user_id: UUID, several: int = 1) -> None:
        """Count a turn of the user's, or several that are asked for at once: all or none. Raises `RateLimited`."""
        await self._count("turns", "user", self._turns, str(user_id), several)

    async def left(self, user_id: UUID) -> list[RateLeft]:
        """What is left to the user; bounds that there are not are left out."""
        bounds: tuple[tuple[Unit, RateLimitItemPerMinute], ...] = (("requests", self._requests), ("turns", self._turns))
        return [
            RateLeft(unit, "user", await self._windows.left(limit, str(user_id)))
            for unit, limit in bounds
            if limit.amount > 0
        ]

    async def _count(
        self, unit: Unit, whose: Whose, limit: RateLimitItemPerMinute, name: str, cost: int = 1
    ) -> RateLeft | None:
        if limit.amount == 0:
            return None
        counted = await self._windows.hit(limit, name, cost=cost)
        left = RateLeft(unit, whose, await self._windows.left(limit, name))
        if counted:
            return left
        _refused.labels(whose, unit).inc()
        raise RateLimited(
            whose=whose,
            unit=unit,
            limit=limit.amount,
            left=left.left.left,
            window=left.left.window,
            retry_after=left.left.more_in,
        )


def rate_limits(settings: Settings, windows: Windows) -> RateLimits:
    """As the settings have them. Where nobody has to say who they are, all is one user's, on this machine."""
    local = settings.auth == "auto" and settings.api_key is None
    asked, turns = settings.requests_per_minute, settings.turns_per_minute
    return RateLimits(
        windows,
        requests=(0 if local else REQUESTS) if asked is None else asked,
        turns=(0 if local else TURNS) if turns is None else turns,
        of_address=settings.address_requests_per_minute,
    )
