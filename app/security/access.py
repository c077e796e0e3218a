"""How a service knows who asks: one user, by a key or by none, or accounts."""

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from pydantic import SecretStr
from starlette.requests import HTTPConnection

from app.db.accounts import Accounts
from app.db.api_keys import ApiKeys
from app.db.engine import Database
from app.db.ids import LOCAL_USER_ID
from app.db.sign_ins import Lifetime, SignIns
from app.db.users import Users
from app.errors import SignInNeeded, Unauthorized
from app.roles import KEY_PREFIX, SCOPES, Scope
from app.security.attempts import Attempts
from app.security.cookies import Cookies
from app.security.elsewhere import Elsewhere, open_elsewhere
from app.security.identity import Identity
from app.security.pages import require_own_page
from app.security.passwords import Passwords
from app.security.signing_in import SigningIn
from app.security.tokens import LONGEST, digest
from app.security.windows import Windows
from app.settings import Settings

log = structlog.get_logger(__name__)

NOTED = timedelta(minutes=1)
"""How exactly it is kept when a credential was last used."""


class Access(Protocol):
    """One of the ways."""

    async def identify(self, asked: HTTPConnection) -> Identity:
        """Who sent the request. Raises `Unauthorized`, and `ForeignOrigin` where a page of another origin did."""


class OneUser:
    """There is one user, whose the key is. Without one (the service then listens on loopback only) any credential is
    accepted and ignored, since many clients insist on sending one."""

    def __init__(self, key: SecretStr | None) -> None:
        self._key = key
        self._is = Identity(LOCAL_USER_ID, frozenset(SCOPES), "local" if key is None else "key")

    async def identify(self, asked: HTTPConnection) -> Identity:
        if self._key is not None and not _same(_bearer(asked), self._key.get_secret_value()):
            raise Unauthorized("missing or wrong key")
        return self._is


class ManyUsers:
    """Everyone has an account: programs send keys of theirs, browsers the cookie of a sign-in."""

    def __init__(self, database: Database, cookies: Cookies, lifetime: Lifetime, public_url: str | None) -> None:
        self._database = database
        self._cookies = cookies
        self._lifetime = lifetime
        self._public_url = public_url

    async def identify(self, asked: HTTPConnection) -> Identity:
        if "authorization" in asked.headers:
            return await self._by_key(_bearer(asked))
        if (token := self._cookies.read(asked)) is not None:
            return await self._by_cookie(asked, token)
        raise SignInNeeded("no credential")

    async def _by_key(self, token: str) -> Identity:
        found = None
        if token.startswith(KEY_PREFIX) and len(token) <= LONGEST:
            async with self._database.reading() as rows:
                found = await ApiKeys(rows).valid(digest(token))
        if found is None:
            raise SignInNeeded("no such key")
        key, user = found
        if _is_old(key.last_used_at):
            async with self._database.transaction() as tx:
                # The user before what is theirs, as whoever changes a password holds them.
                await Users(tx).seen(user.id)
                await ApiKeys(tx).used(key.id)
        scopes: frozenset[Scope] = frozenset(scope for scope in SCOPES if scope in key.scopes)
        return Identity(user.id, scopes, "key", user.role, user.login, key.id, ends_at=key.expires_at)

    async def _by_cookie(self, asked: HTTPConnection, token: str) -> Identity:
        async with self._database.reading() as rows:
            found = await SignIns(rows, self._lifetime).valid(digest(token)) if len(token) <= LONGEST else None
        if found is None:
            raise SignInNeeded("no such sign-in")
        sign_in, user = found
        require_own_page(asked, self._public_url)
        if _is_old(sign_in.last_seen_at):
            async with self._database.transaction() as tx:
                await Users(tx).seen(user.id)
                await SignIns(tx, self._lifetime).seen(sign_in.id)
        return Identity(
            user.id,
            frozenset(SCOPES),
            "cookie",
            user.role,
            user.login,
            sign_in.id,
            must_change_password=sign_in.way == "password" and user.password_changed_at is None,
            ends_at=sign_in.expires_at,
        )


async def open_access(
    settings: Settings, database: Database, windows: Windows
) -> tuple[Access, SigningIn | None, Elsewhere | None]:
    """As the settings have it: who asks, and where there are accounts, how one signs in."""
    if settings.auth == "auto":
        return OneUser(settings.api_key), None, None
    lifetime = Lifetime(timedelta(days=settings.sign_in_days), timedelta(days=settings.sign_in_idle_days))
    async with database.reading() as rows:
        if not await Accounts(rows).any_admin():
            log.warning("nobody can make accounts yet", advice="memocha user create LOGIN --admin")
    access = ManyUsers(database, Cookies(settings.public_url), lifetime, settings.public_url)
    return access, _signing_in(database, lifetime, windows), open_elsewhere(settings)


@asynccontextmanager
async def signing_in_at(url: str) -> AsyncIterator[SigningIn]:
    """What changes accounts, for a command that works in the database at `url`."""
    database = Database(url, pool_size=2)
    try:
        yield _signing_in(database, Lifetime(timedelta(), timedelta()), Windows())
    finally:
        await database.close()


def _signing_in(database: Database, lifetime: Lifetime, windows: Windows) -> SigningIn:
    return SigningIn(database=database, passwords=Passwords(), attempts=Attempts(windows), lifetime=lifetime)


def _bearer(asked: HTTPConnection) -> str:
    scheme, _, credential = asked.headers.get("authorization", "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def _same(given: str, key: str) -> bool:
    return hmac.compare_digest(given.encode(), key.encode())


def _is_old(noted: datetime | None) -> bool:
    return noted is None or noted < datetime.now(UTC) - NOTED
