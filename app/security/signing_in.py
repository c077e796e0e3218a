"""Signing in and out, and passwords that change."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.accounts import Accounts
from app.db.engine import Database
from app.db.models import User
from app.db.notices import Notices
from app.db.sign_ins import Lifetime, SignIns
from app.db.users import Users
from app.errors import InvalidRequest, TooManyAttempts, UserNotFound, WrongPassword
from app.roles import SignInWay, UserRole
from app.security.attempts import Attempts
from app.security.identity import Identity
from app.security.passwords import Passwords, require_good
from app.security.tokens import digest, new_token

log = structlog.get_logger(__name__)

_sign_ins = Counter("memocha_sign_ins_total", "Attempts to sign in, by how they ended.", ["outcome"])

LONGEST_AGENT = 200
LONGEST_LOGIN = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """Where a request to sign in came from."""

    address: str
    agent: str
    """What the browser calls itself."""
    before: str | None = None
    """What the cookie said that it sent along."""


class SigningIn:
    """Of accounts."""

    def __init__(self, *, database: Database, passwords: Passwords, attempts: Attempts, lifetime: Lifetime) -> None:
        self._database = database
        self.passwords = passwords
        self._attempts = attempts
        self.lifetime = lifetime

    async def with_password(self, login: str, password: str, sender: Sender) -> tuple[str, User]:
        """Sign in; what the cookie is to say, and who it is. Raises `WrongPassword` and `TooManyAttempts`."""
        name = folded(login)
        try:
            await self._attempts.count(name, sender.address)
        except TooManyAttempts:
            _sign_ins.labels("too many").inc()
            raise
        async with self._database.reading() as rows:
            user = await Accounts(rows).by_login(name)
        verdict = await self.passwords.check(password, user.password_hash if user is not None else None)
        if user is None or not verdict.right or user.disabled_at is not None:
            log.info("sign-in refused", user=str(user.id) if user is not None else None)
            _sign_ins.labels("refused").inc()
            raise WrongPassword("sign-in")
        await self._attempts.forgive(name, sender.address)
        async with self._database.transaction() as tx:
            token = await self.begin(tx, user, "password", sender)
            if verdict.anew is not None:
                await Users(tx).change(user.id, {"password_hash": verdict.anew})
        return token, user

    async def begin(self, tx: AsyncSession, user: User, way: SignInWay, sender: Sender) -> str:
        """Sign the user in, in place of whoever was in that browser; what the cookie is to say. Raises `WrongPassword`
        where the account is otherwise by now."""
        held = await Accounts(tx).hold(user.id)
        if held.disabled_at is not None or held.password_hash != user.password_hash:
            raise WrongPassword("the account has changed meanwhile")
        token, sign_ins = new_token(), SignIns(tx, self.lifetime)
        if sender.before is not None:
            await sign_ins.end_with(digest(sender.before))
        await sign_ins.begin(user.id, digest(token), way, sender.agent[:LONGEST_AGENT])
        await Users(tx).seen(user.id)
        log.info("signed in", user=str(user.id), way=way)
        _sign_ins.labels("signed in").inc()
        return token

    async def out(self, token: str | None) -> None:
        """End what the cookie stands for, if it stands for anything."""
        if token is None:
            return
        async with self._database.transaction() as tx:
            whose = await SignIns(tx, self.lifetime).end_with(digest(token))
            if whose is not None:
                await Notices(tx).access(whose)

    async def change_password(self, asker: Identity, old: str, new: str, sender: Sender) -> None:
        """Take another password; every other sign-in of the user's ends. Raises `WrongPassword`, `InvalidRequest` and
        `TooManyAttempts`."""
        login = asker.login or ""
        await self._attempts.count(login, sender.address)
        async with self._database.reading() as rows:
            kept = (await Accounts(rows).get(asker.user_id)).password_hash
        if not (await self.passwords.check(old, kept)).right:
            raise WrongPassword("change of password")
        await self._attempts.forgive(login, sender.address)
        require_good(new, login)
        if new == old:
            raise InvalidRequest("the new password is the old one")
        await self.set_password(asker.user_id, new, chosen=True, stays=asker.credential_id)

    async def create(self, login: str, *, role: UserRole, local: bool = False) -> User:
        """An account without a password; `local`: for the user that there is without accounts, who keeps what is
        remembered. Raises `LoginTaken`."""
        async with self._database.transaction() as tx:
            return await Accounts(tx).create(login, role=role, local=local)

    async def named(self, login: str) -> User:
        """The account of that login. Raises `UserNotFound`."""
        async with self._database.reading() as rows:
            user = await Accounts(rows).by_login(folded(login))
        if user is None:
            raise UserNotFound("by its login")
        return user

    async def set_password(self, user_id: UUID, password: str, *, chosen: bool, stays: UUID | None = None) -> User:
        """Set it, and end the user's sign-ins but the one that `stays`. Unless they have `chosen` it themselves, they
        have to before they do anything else. Raises `UserNotFound`."""
        values = {
            "password_hash": await self.passwords.hash(password),
            "password_changed_at": datetime.now(UTC) if chosen else None,
        }
        async with self._database.transaction() as tx:
            user = await Accounts(tx).change(user_id, values)
            await SignIns(tx, self.lifetime).end_all(user_id, but=stays)
            await Notices(tx).access(user_id)
        return user


def folded(login: str) -> str:
    """A login as it is kept: however it is written, it is the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", login).casefold()).strip()


def require_login(login: str) -> str:
    """A login that somebody is to have, as it is kept. Raises `InvalidRequest`."""
    name = folded(login)
    if not 1 <= len(name) <= LONGEST_LOGIN or any(_unfit(character) for character in name):
        raise InvalidRequest(f"a login has from 1 to {LONGEST_LOGIN} characters, none of them a space or invisible")
    return name


def _unfit(character: str) -> bool:
    return character.isspace() or unicodedata.category(character).startswith("C")
