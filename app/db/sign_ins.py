"""The sign_ins table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import SignIn, User
from app.errors import SignInNotFound
from app.roles import SignInWay


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a browser stays signed in."""

    longest: timedelta
    unseen: timedelta
    """Since it was last seen."""


class SignIns:
    """Browsers that users have signed in with. What has ended is deleted."""

    def __init__(self, tx: AsyncSession, lifetime: Lifetime) -> None:
        self._tx = tx
        self._lifetime = lifetime

    async def begin(self, user_id: UUID, digest: bytes, way: SignInWay, agent: str) -> None:
        """A new one; those of the user's that have run out go."""
        await self._tx.execute(delete(SignIn).where(SignIn.user_id == user_id, ~self._lasts()))
        expires_at = func.now() + self._lifetime.longest
        self._tx.add(SignIn(user_id=user_id, digest=digest, way=way, agent=agent, expires_at=expires_at))
        await self._tx.flush()

    async def valid(self, digest: bytes) -> tuple[SignIn, User] | None:
        """The sign-in and whose it is, unless it has run out or the user is disabled."""
        found = await self._tx.execute(
            select(SignIn, User)
            .join(User, User.id == SignIn.user_id)
            .where(SignIn.digest == digest, self._lasts(), User.disabled_at.is_(None), User.login.is_not(None))
        )
        row = found.one_or_none()
        return None if row is None else (row[0], row[1])

    async def seen(self, sign_in_id: UUID) -> None:
        """Note that it was, just now."""
        await self._tx.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=func.now()))

    async def of(self, user_id: UUID) -> Sequence[SignIn]:
        """The user's, the one seen last first."""
        mine = select(SignIn).where(SignIn.user_id == user_id, self._lasts())
        return (await self._tx.scalars(mine.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc()))).all()

    async def end(self, user_id: UUID, sign_in_id: UUID) -> None:
        """End one. Raises `SignInNotFound`."""
        gone = await self._tx.scalar(
            delete(SignIn).where(SignIn.id == sign_in_id, SignIn.user_id == user_id).returning(SignIn.id)
        )
        if gone is None:
            raise SignInNotFound(f"sign-in {sign_in_id}")

    async def end_with(self, digest: bytes) -> UUID | None:
        """End the one of that digest, if there is one; whose it was."""
        return await self._tx.scalar(delete(SignIn).where(SignIn.digest == digest).returning(SignIn.user_id))

    async def end_all(self, user_id: UUID, but: UUID | None = None) -> int:
        """End all of the user's but one; how many."""
        gone = delete(SignIn).where(SignIn.user_id == user_id).returning(SignIn.id)
        if but is not None:
            gone = gone.where(SignIn.id != but)
        return len((await self._tx.scalars(gone)).all())

    def _lasts(self) -> ColumnElement[bool]:
        return and_(SignIn.expires_at > func.now(), SignIn.last_seen_at > func.now() - self._lifetime.unseen)
