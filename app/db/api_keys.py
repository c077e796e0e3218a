"""The api_keys table."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import ApiKey, User
from app.errors import KeyNotFound


class ApiKeys:
    """Keys of users."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def create(
        self, user_id: UUID, *, name: str, hint: str, digest: bytes, scopes: Sequence[str], expires_at: datetime | None
    ) -> ApiKey:
        """A new key."""
        key = ApiKey(user_id=user_id, name=name, hint=hint, digest=digest, scopes=list(scopes), expires_at=expires_at)
        self._tx.add(key)
        await self._tx.flush()
        await self._tx.refresh(key)
        return key

    async def of(self, user_id: UUID) -> Sequence[ApiKey]:
        """The user's, the newest first; those that are revoked are left out."""
        mine = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        return (await self._tx.scalars(mine.order_by(ApiKey.id.desc()))).all()

    async def valid(self, digest: bytes) -> tuple[ApiKey, User] | None:
        """The key and whose it is, unless it is revoked or has expired, or the user is disabled."""
        found = await self._tx.execute(
            select(ApiKey, User)
            .join(User, User.id == ApiKey.user_id)
            .where(
                ApiKey.digest == digest,
                ApiKey.revoked_at.is_(None),
                or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > func.now()),
                User.disabled_at.is_(None),
                User.login.is_not(None),
            )
        )
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def used(self, key_id: UUID) -> None:
        """Note that it was, just now."""
        await self._tx.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=func.now()))

    async def revoke(self, user_id: UUID, key_id: UUID) -> None:
        """Take it no more. Raises `KeyNotFound`, also for one that is revoked."""
        done = await self._tx.scalar(
            update(ApiKey)
            .where(ApiKey.id == key_id, ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
            .values(revoked_at=func.now())
            .returning(ApiKey.id)
        )
        if done is None:
            raise KeyNotFound(f"key {key_id}")
