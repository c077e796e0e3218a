"""Whose account it is that somebody signs in to with a provider."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.accounts import Accounts
from app.db.models import User
from app.errors import InvalidRequest
from app.security.elsewhere import Person, Refused
from app.security.signing_in import folded, require_login

log = structlog.get_logger(__name__)


async def account_of(tx: AsyncSession, person: Person, *, sign_up: bool) -> User:
    """The account that they signed in to before; else the one whose login is their address, if the provider says that
    the address is theirs; else, where anyone may `sign_up`, a new one. Raises `Refused`."""
    accounts = Accounts(tx)
    user = await accounts.by_identity(person.issuer, person.subject)
    if user is None:
        user = await _by_address(accounts, person, sign_up=sign_up)
    if user.disabled_at is not None or user.login is None:
        raise Refused("oidc_unknown", "the account is disabled")
    return user


async def _by_address(accounts: Accounts, person: Person, *, sign_up: bool) -> User:
    if person.email is None or not person.email_verified:
        raise Refused("oidc_unverified", "the provider does not say that the address is theirs")
    login = folded(person.email)
    user = await accounts.by_login(login)
    if user is None:
        if not sign_up:
            raise Refused("oidc_unknown", "there is no account of that address")
        user = await accounts.create(_fit(login))
        log.info("account made", user=str(user.id), role=user.role)
    if not await accounts.link(user.id, person.issuer, person.subject):
        # An address that is given to another person does not bring them what the one before said here.
        raise Refused("oidc_taken", "the account is that of somebody else at the provider")
    return user


def _fit(login: str) -> str:
    try:
        return require_login(login)
    except InvalidRequest as error:
        raise Refused("oidc_unknown", "the address makes no login") from error
