"""Accounts, for admins: who there is, and whether they are let in. Never a word of what they said."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends

from app.account_schemas import Account, AccountList, ChangedAccount, NewUser, UserPatch
from app.api.auth import SigningInOf
from app.api.parts import PartsOf
from app.db.accounts import Accounts, Counts
from app.db.models import User
from app.db.notices import Notices
from app.db.sign_ins import SignIns
from app.errors import AdminsOnly
from app.schemas import ErasureReceipt, Problem
from app.security.identity import Asker, needs
from app.security.signing_in import require_login
from app.security.tokens import new_password

log = structlog.get_logger(__name__)


async def _admins_only(asker: Asker, signing_in: SigningInOf) -> None:
    if asker.role != "admin":
        raise AdminsOnly(str(asker.user_id))


router = APIRouter(
    prefix="/api/users",
    tags=["accounts"],
    dependencies=[needs("users"), Depends(_admins_only)],
    responses={code: {"model": Problem} for code in (404, 409, 422)},
)


@router.get("")
async def list_users(parts: PartsOf) -> AccountList:
    """Every account."""
    async with parts.database.transaction() as tx:
        users, counts = await Accounts(tx).all(), await Accounts(tx).counts()
    return AccountList(items=[_told(user, counts.get(user.id)) for user in users])


@router.post("", status_code=201)
async def create_user(body: NewUser, parts: PartsOf, signing_in: SigningInOf) -> ChangedAccount:
    """Make one. The answer holds the password to sign in with once."""
    login = require_login(body.login)
    password = new_password() if body.password else None
    hashed = await signing_in.passwords.hash(password) if password is not None else None
    async with parts.database.transaction() as tx:
        user = await Accounts(tx).create(login, role=body.role, password_hash=hashed)
    log.info("account made", user=str(user.id), role=user.role)
    return _changed(user, None, password)


@router.patch("/{user_id}")
async def change_user(user_id: UUID, body: UserPatch, parts: PartsOf, signing_in: SigningInOf) -> ChangedAccount:
    """Change what they may do, lock them out or let them in again, or set a password to sign in with once."""
    sent = body.model_fields_set
    values: dict[str, Any] = {"role": body.role} if "role" in sent else {}
    if "disabled" in sent:
        values["disabled_at"] = datetime.now(UTC) if body.disabled else None
    async with parts.database.transaction() as tx:
        user = await Accounts(tx).change(user_id, values)
        counts = (await Accounts(tx).counts(user_id)).get(user_id)
        if body.disabled:
            await SignIns(tx, signing_in.lifetime).end_all(user_id)
        if values:
            await Notices(tx).access(user_id)
    if body.disabled:
        await parts.runs.stop_user(user_id)
    password = new_password() if "new_password" in sent else None
    if password is not None:
        user = await signing_in.set_password(user_id, password, chosen=False)
    log.info("account changed", user=str(user_id), changed=sorted(sent))
    return _changed(user, counts, password)


@router.delete("/{user_id}")
async def delete_user(user_id: UUID, parts: PartsOf) -> ErasureReceipt:
    """Delete the account and all that is kept of them. It cannot be undone."""
    async with parts.database.transaction() as tx:
        # Locked out first, so that nothing is added while the rest goes.
        await Accounts(tx).change(user_id, {"disabled_at": datetime.now(UTC)})
        await Notices(tx).access(user_id)
    receipt = await parts.forgetter.person(user_id)
    async with parts.database.transaction() as tx:
        await Accounts(tx).remove(user_id)
    log.info("account deleted", user=str(user_id))
    return receipt


def _changed(user: User, counts: Counts | None, password: str | None) -> ChangedAccount:
    return ChangedAccount(**_told(user, counts).model_dump(), one_time_password=password)


def _told(user: User, counts: Counts | None) -> Account:
    counted = counts or Counts()
    return Account(
        id=user.id,
        login=user.login or "",
        role=user.role,
        created_at=user.created_at,
        last_seen_at=user.last_seen_at,
        disabled_at=user.disabled_at,
        has_password=user.password_hash is not None,
        sessions=counted.sessions,
        messages=counted.messages,
        memories=counted.memories,
    )
