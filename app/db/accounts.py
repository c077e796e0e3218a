"""Accounts: the columns of the users table that say how somebody signs in, and what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import LOCAL_USER_ID, new_id
from app.db.models import ApiKey, IdentityRow, MemoryRow, Message, Session, SignIn, User
from app.errors import LastAdmin, LoginTaken, UserNotFound
from app.roles import UserRole


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of a user's. None of it is told."""

    sessions: int = 0
    messages: int = 0
    memories: int = 0


class Accounts:
    """Users who sign in."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def create(
        self,
        login: str,
        *,
        role: UserRole = "member",
        password_hash: str | None = None,
        password_changed_at: datetime | None = None,
        local: bool = False,
    ) -> User:
        """A new account; `local`: for the user that there is without accounts, who keeps what is remembered. Raises
        `LoginTaken`, also where that one has a login already."""
        values = {
            "login": login,
            "role": role,
            "password_hash": password_hash,
            "password_changed_at": password_changed_at,
        }
        if await self.by_login(login) is not None:
            raise LoginTaken(login)
        if local:
            made = await self._tx.scalar(
                update(User).where(User.id == LOCAL_USER_ID, User.login.is_(None)).values(**values).returning(User.id)
            )
        else:
            # The name is the login's, unless somebody has it: names are unique as well.
            user_id = new_id()
            named = await self._tx.scalar(select(User.id).where(User.name == login))
            made = await self._tx.scalar(
                insert(User)
                .values(id=user_id, name=login if named is None else str(user_id), **values)
                .on_conflict_do_nothing()
                .returning(User.id)
            )
        if made is None:
            raise LoginTaken(login)
        return await self.get(made)

    async def get(self, user_id: UUID) -> User:
        """The account. Raises `UserNotFound`."""
        user = await self._tx.scalar(
            select(User).where(User.id == user_id, User.login.is_not(None)).execution_options(populate_existing=True)
        )
        if user is None:
            raise UserNotFound(f"user {user_id}")
        return user

    async def by_login(self, login: str) -> User | None:
        """The account of that login, case-folded, if there is one."""
        return await self._tx.scalar(select(User).where(User.login == login))

    async def by_identity(self, issuer: str, subject: str) -> User | None:
        """The account of somebody at a provider, if there is one."""
        of_it = select(IdentityRow.user_id).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
        return await self._tx.scalar(select(User).where(User.id == of_it.scalar_subquery()))

    async def link(self, user_id: UUID, issuer: str, subject: str) -> bool:
        """Note who the user is at a provider. False where the user is somebody else there already."""
        done = await self._tx.scalar(
            insert(IdentityRow)
            .values(issuer=issuer, subject=subject, user_id=user_id)
            .on_conflict_do_nothing()
            .returning(IdentityRow.user_id)
        )
        return done is not None

    async def change(self, user_id: UUID, values: dict[str, Any]) -> User:
        """Set these columns. Raises `UserNotFound`, and `LastAdmin` where no admin would be left."""
        if values.get("role", "admin") != "admin" or values.get("disabled_at") is not None:
            await self.spare(user_id)
        if values:
            await self._tx.execute(update(User).where(User.id == user_id, User.login.is_not(None)).values(**values))
        return await self.get(user_id)

    async def hold(self, user_id: UUID) -> User:
        """The account, which nobody changes until the transaction ends. Raises `UserNotFound`."""
        await self._tx.execute(select(User.id).where(User.id == user_id).with_for_update())
        return await self.get(user_id)

    async def spare(self, user_id: UUID) -> None:
        """Raise `LastAdmin` where there is no other who could make accounts."""
        # Two that are taken away at once would leave none.
        await self._tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('memocha admins'))"))
        if set(await self._tx.scalars(select(User.id).where(*_ADMINS))) == {user_id}:
            raise LastAdmin(str(user_id))

    async def all(self) -> Sequence[User]:
        """Every account, by login."""
        return (await self._tx.scalars(select(User).where(User.login.is_not(None)).order_by(User.login))).all()

    async def any_admin(self) -> bool:
        """Whether anybody can make accounts."""
        return bool(await self._tx.scalar(select(func.count()).select_from(User).where(*_ADMINS)))

    async def counts(self, user_id: UUID | None = None) -> dict[UUID, Counts]:
        """By user, of every one or of this one, how much there is; those who have nothing are left out."""
        found: dict[UUID, dict[str, int]] = {}
        for name, table in (("sessions", Session), ("messages", Message), ("memories", MemoryRow)):
            query = select(table.user_id, func.count()).group_by(table.user_id)
            for whose, count in await self._tx.execute(
                query if user_id is None else query.where(table.user_id == user_id)
            ):
                found.setdefault(whose, {})[name] = count
        return {whose: Counts(**each) for whose, each in found.items()}

    async def remove(self, user_id: UUID) -> None:
        """Delete the account and what is left of the user. The one that there is without accounts stays, without its
        login."""
        if user_id != LOCAL_USER_ID:
            await self._tx.execute(delete(User).where(User.id == user_id))
            return
        for table in (ApiKey, SignIn, IdentityRow):
            await self._tx.execute(delete(table).where(table.user_id == user_id))
        defaults = dict.fromkeys(("login", "password_hash", "password_changed_at", "disabled_at"), None)
        await self._tx.execute(update(User).where(User.id == user_id).values(role="member", **defaults))


_ADMINS = (User.role == "admin", User.disabled_at.is_(None), User.login.is_not(None))
