"""Keys of a user's own, for programs."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter

from app.account_schemas import Key, KeyList, MadeKey, NewKey
from app.api.auth import SigningInOf
from app.api.parts import PartsOf
from app.db.api_keys import ApiKeys
from app.db.models import ApiKey
from app.db.notices import Notices
from app.errors import InvalidRequest
from app.roles import SCOPES
from app.schemas import Problem
from app.security.identity import Asker, Identity, UserId, needs
from app.security.tokens import HINT, digest, new_key

MOST = 100

router = APIRouter(
    prefix="/api/keys",
    tags=["accounts"],
    dependencies=[needs("account")],
    responses={code: {"model": Problem} for code in (404, 422)},
)


@router.get("")
async def list_keys(user_id: UserId, asker: Asker, parts: PartsOf, signing_in: SigningInOf) -> KeyList:
    """Yours."""
    async with parts.database.transaction() as tx:
        rows = await ApiKeys(tx).of(user_id)
    return KeyList(items=[_told(row, asker.credential_id) for row in rows])


@router.post("", status_code=201)
async def create_key(body: NewKey, user_id: UserId, asker: Asker, parts: PartsOf, signing_in: SigningInOf) -> MadeKey:
    """Make one. The answer holds it, this once. A key makes none that may more or lasts longer than itself."""
    made = new_key()
    async with parts.database.transaction() as tx:
        keys = ApiKeys(tx)
        mine = await keys.of(user_id)
        _within(asker, body, next((key.expires_at for key in mine if key.id == asker.credential_id), None))
        if len(mine) >= MOST:
            raise InvalidRequest(f"{MOST} keys are the most; revoke one first")
        row = await keys.create(
            user_id,
            name=body.name,
            hint=made[:HINT],
            digest=digest(made),
            scopes=sorted(set(body.scopes)),
            expires_at=body.expires_at,
        )
    return MadeKey(**_told(row, None).model_dump(), key=made)


@router.delete("/{key_id}", status_code=204)
async def revoke_key(key_id: UUID, user_id: UserId, parts: PartsOf, signing_in: SigningInOf) -> None:
    """Take it no more."""
    async with parts.database.transaction() as tx:
        await ApiKeys(tx).revoke(user_id, key_id)
        await Notices(tx).access(user_id)


def _told(row: ApiKey, current: UUID | None) -> Key:
    return Key(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=[scope for scope in SCOPES if scope in row.scopes],
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        current=row.id == current,
    )


def _within(asker: Identity, body: NewKey, own_end: datetime | None) -> None:
    """Raise `OutOfScope` and `InvalidRequest` for what the asker may not give away."""
    for scope in body.scopes:
        asker.may(scope)
    if "users" in body.scopes and asker.role != "admin":
        raise InvalidRequest("the scope users is for admins")
    if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
        raise InvalidRequest("expires_at is not in the future")
    if asker.by == "key" and own_end is not None and (body.expires_at is None or body.expires_at > own_end):
        raise InvalidRequest("the key would last longer than the one that makes it")
