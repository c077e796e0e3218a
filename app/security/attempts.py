"""How often somebody may try to sign in: counted before a password is looked at.

Moving windows: by login and address together, which stops whoever guesses; by address, for whoever tries one password
on many logins; by login, for whoever has many addresses. The last is wide, since it can keep the owner out as well: a
browser that is signed in stays so.
"""

from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from app.errors import TooManyAttempts
from app.security.windows import Windows

OF_BOTH: Final = RateLimitItemPerMinute(10, 15, namespace="login-address")
OF_ADDRESS: Final = RateLimitItemPerMinute(50, 15, namespace="address")
OF_LOGIN: Final = RateLimitItemPerHour(100, 1, namespace="login")


class Attempts:
    """Counts them, with those of all processes where there is a Redis. Of two at once each is counted."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    async def count(self, login: str, address: str) -> None:
        """One more. Raises `TooManyAttempts` where there were too many."""
        counted = _counted(login, address)
        # Looked at first, so that who is refused for one reason does not use up what the others leave. It is the
        # counting that decides: of two at once that look, one may be refused there.
        for limit, names in counted:
            if not await self._windows.fits(limit, *names):
                await self._refuse(limit, names)
        for limit, names in counted:
            if not await self._windows.hit(limit, *names):
                await self._refuse(limit, names)

    async def forgive(self, login: str, address: str) -> None:
        """The password was right: those before, of that login at that address, were its owner's."""
        await self._windows.clear(OF_BOTH, _named(login), network(address))

    async def _refuse(self, limit: RateLimitItem, names: tuple[str, ...]) -> None:
        left = await self._windows.left(limit, *names)
        raise TooManyAttempts(max(1.0, left.more_in))


def _counted(login: str, address: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    name, place = _named(login), network(address)
    return [(OF_BOTH, (name, place)), (OF_ADDRESS, (place,)), (OF_LOGIN, (name,))]


def _named(login: str) -> str:
    """What is kept of it: not the words, which may be a password in the wrong field."""
    return blake2b(login.encode(errors="surrogatepass"), digest_size=12).hexdigest()


def network(address: str) -> str:
    """What one sender has: an IPv4 address, or the 64 bits of IPv6 that a connection is given."""
    try:
        place = ip_address(address)
    except ValueError:
        return address
    if isinstance(place, IPv6Address):
        return str(place.ipv4_mapped or ip_network((int(place), 64), strict=False))
    return str(place)
