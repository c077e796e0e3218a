"""The users table."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import User
from app.errors import NotFound


@dataclass(frozen=True, slots=True)
class Limits:
    """What a user wants kept; None: what the deployment keeps."""

    memories: int | None = None
    days: int | None = None
    """Age at which an episode leaves."""


class Users:
    """Who is remembered."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def create(self, name: str, *, user_id: UUID | None = None) -> User:
        """A new user of that name; names are unique."""
        user = User(id=user_id or new_id(), name=name)
        self._tx.add(user)
        await self._tx.flush()
        await self._tx.refresh(user)
        return user

    async def get(self, user_id: UUID) -> User:
        """The user. Raises `NotFound`."""
        user = await self._tx.get(User, user_id, populate_existing=True)
        if user is None:
            raise NotFound(f"user {user_id}")
        return user

    async def limits(self, user_id: UUID | None = None) -> dict[UUID, Limits]:
        """By user, of every one or of this one, what they want kept; in the order of ids."""
        query = select(User.id, User.retention_memories, User.retention_days).order_by(User.id)
        if user_id is not None:
            query = query.where(User.id == user_id)
        rows = await self._tx.execute(query)
        return {row.id: Limits(row.retention_memories, row.retention_days) for row in rows}

    async def change(self, user_id: UUID, values: dict[str, Any]) -> User:
        """Set these columns; the user as it is then. Raises `NotFound`."""
        if values:
            await self._tx.execute(update(User).where(User.id == user_id).values(**values))
        return await self.get(user_id)

    async def seen(self, user_id: UUID) -> None:
        """Note that they were, just now."""
        await self._tx.execute(update(User).where(User.id == user_id).values(last_seen_at=func.now()))

    async def set_memory_enabled(self, user_id: UUID, enabled: bool) -> bool:
        """Whether anything of the user's is remembered from now on. False where there is no such user."""
        done = await self._tx.execute(
            update(User).where(User.id == user_id).values(memory_enabled=enabled).returning(User.id)
        )
        return done.first() is not None
