"""How often somebody may try to sign in: counted before a password is looked at, in this process.

Moving windows: by login and address together, which stops whoever guesses; by address, for whoever tries one password
on many logins; by login, for whoever has many addresses. The last is wide, since it can keep the owner out as well: a
browser that is signed in stays so.
"""

from ipaddress import IPv6Address, ip_address, ip_network
from time import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.errors import TooManyAttempts

OF_BOTH: Final = RateLimitItemPerMinute(10, 15, namespace="login-address")
OF_ADDRESS: Final = RateLimitItemPerMinute(50, 15, namespace="address")
OF_LOGIN: Final = RateLimitItemPerHour(100, 1, namespace="login")
SWEPT: Final = 5_000
"""Attempts after which the names are dropped of which nothing is counted any more; the library keeps them."""


class Attempts:
    """Counts them. Each process counts for itself. Nothing here waits, so no two attempts are counted as one."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._since = 0

    def count(self, login: str, address: str) -> None:
        """One more. Raises `TooManyAttempts`, and counts it not, where there were too many."""
        counted = _counted(login, address)
        for limit, names in counted:
            if not self._limiter.test(limit, *names):
                reset, _ = self._limiter.get_window_stats(limit, *names)
                raise TooManyAttempts(max(1.0, reset - time()))
        for limit, names in counted:
            self._limiter.hit(limit, *names)
        self._since += 1
        if self._since >= SWEPT:
            self._sweep()

    def forgive(self, login: str, address: str) -> None:
        """The password was right: those before, of that login at that address, were its owner's."""
        self._limiter.clear(OF_BOTH, login, network(address))

    def _sweep(self) -> None:
        self._since = 0
        for name, events in list(self._storage.events.items()):
            if not events:
                self._storage.events.pop(name, None)


def _counted(login: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    place = network(address)
    return [(OF_BOTH, (login, place)), (OF_ADDRESS, (place,)), (OF_LOGIN, (login,))]


def network(address: str) -> str:
    """What one sender has: an IPv4 address, or the 64 bits of IPv6 that a connection is given."""
    try:
        place = ip_address(address)
    except ValueError:
        return address
    if isinstance(place, IPv6Address):
        return str(place.ipv4_mapped or ip_network((int(place), 64), strict=False))
    return str(place)
