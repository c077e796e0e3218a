"""Passwords: Argon2id in a thread of its own, a few at once, and as slow for a login that nobody has."""

import asyncio
import secrets
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from app.errors import InvalidRequest, TooManyAttempts

T = TypeVar("T")

SHORTEST: Final = 10
LONGEST: Final = 256
"""Characters. As NIST SP 800-63B has it, length is asked for and nothing else; the bound is for our own sake."""
AT_ONCE: Final = 2
"""Each takes 64 MiB and some 50 ms of a core."""
WAITING: Final = 20
"""More are told to come again."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a password was right."""

    right: bool
    anew: str | None = None
    """A hash to keep in place of the one that was there, whose parameters are out of date."""


class Passwords:
    """Makes and checks hashes. Made once a process: it is what bounds how many are made at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobodys = _hash_of_nothing(self._hasher)

    async def hash(self, password: str) -> str:
        """What is kept of it. Raises `TooManyAttempts`."""
        return await self._in_turn(lambda: self._hasher.hash(plain(password)))

    async def check(self, password: str, kept: str | None) -> Verdict:
        """Whether it is the one. Where there is none (`kept` is None) it takes as long, and is not. Raises
        `TooManyAttempts`."""
        return await self._in_turn(lambda: self._check(plain(password)[:LONGEST], kept))

    def _check(self, password: str, kept: str | None) -> Verdict:
        try:
            self._hasher.verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return Verdict(right=False)
        if kept is None:
            return Verdict(right=False)
        return Verdict(True, self._hasher.hash(password) if self._hasher.check_needs_rehash(kept) else None)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise TooManyAttempts(2.0)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def plain(password: str) -> str:
    """The same for every way in which a keyboard may write it."""
    return unicodedata.normalize("NFKC", password)


def require_good(password: str, login: str) -> None:
    """Raises `InvalidRequest` for one that is not to be chosen."""
    words = plain(password)
    if not SHORTEST <= len(words) <= LONGEST:
        raise InvalidRequest(f"a password has from {SHORTEST} to {LONGEST} characters")
    if login in words.casefold() and len(words) < len(login) + SHORTEST:
        raise InvalidRequest("the password is little more than the login")
    if len(set(words)) < 4:
        raise InvalidRequest("the password is one or two characters over and over")


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """One that no password has, and that takes as long to check as others do."""
    salt, made = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}${salt}${made}"
