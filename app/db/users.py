"""The users table."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import User
from app.errors import NotFound


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

    async def all_ids(self) -> list[UUID]:
        """Every user."""
        return list(await self._tx.scalars(select(User.id).order_by(User.id)))

    async def set_memory_enabled(self, user_id: UUID, enabled: bool) -> bool:
        """Whether anything of the user's is remembered from now on. False where there is no such user."""
        done = await self._tx.execute(
            update(User).where(User.id == user_id).values(memory_enabled=enabled).returning(User.id)
        )
        return done.first() is not None
