"""The sessions table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.checkpoints import forget_checkpoints
from app.db.ids import new_id
from app.db.models import MemoryRow, Message, Run, Session, TitleSource
from app.db.notices import Notices
from app.db.paging import Page, like, page, read_cursor
from app.errors import SessionNotFound


@dataclass(frozen=True, slots=True)
class SessionChange:
    """What to change of a session; what is None stays."""

    title: str | None = None
    archived: bool | None = None
    memory_enabled: bool | None = None


class Sessions:
    """A user's conversations. Of what is not the user's every method behaves as if it were not there."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def create(
        self,
        user_id: UUID,
        *,
        session_id: UUID | None = None,
        title: str = "",
        external_id: str | None = None,
        temporary: bool = False,
        memory_enabled: bool = True,
        created_at: datetime | None = None,
        title_source: TitleSource = "person",
        told: bool = True,
    ) -> Session:
        """A new, empty session. A temporary one is never listed, remembered or recalled from.

        `title_source`: who gave the title, if there is one. `told`: whether clients hear of it by itself.
        """
        values = {
            "id": session_id or new_id(),
            "user_id": user_id,
            "title": title,
            "title_source": title_source if title else "cut",
            "external_id": external_id,
            "temporary": temporary,
            "memory_enabled": memory_enabled and not temporary,
        } | ({"created_at": created_at, "updated_at": created_at} if created_at is not None else {})
        session = (await self._tx.scalars(insert(Session).values(values).returning(Session))).one()
        if told:
            await self._tell(session)
        return session

    async def get(self, user_id: UUID, session_id: UUID) -> Session:
        """The session. Raises `SessionNotFound`."""
        return await self._one(user_id, session_id, lock=False)

    async def lock(self, user_id: UUID, session_id: UUID) -> Session:
        """The session, held until the transaction ends. Raises `SessionNotFound`."""
        return await self._one(user_id, session_id, lock=True)

    async def by_external_id(self, user_id: UUID, external_id: str) -> Session | None:
        """The session that was imported under that id."""
        return await self._tx.scalar(
            select(Session).where(Session.user_id == user_id, Session.external_id == external_id)
        )

    async def list(
        self,
        user_id: UUID,
        *,
        limit: int = 50,
        cursor: str | None = None,
        search: str | None = None,
        archived: bool | None = False,
    ) -> Page[Session]:
        """The sessions that were talked in last come first; temporary ones never come.

        `archived`: those in the archive, the others, or with None all.

        `search` finds in titles and in what was said, upper or lower case. Raises `InvalidCursor`.
        """
        query = select(Session).where(Session.user_id == user_id, ~Session.temporary)
        if archived is not None:
            query = query.where(Session.archived_at.is_not(None) if archived else Session.archived_at.is_(None))
        if search:
            said = select(Message.session_id).where(
                Message.user_id == user_id, Message.content.ilike(like(search), escape="\\")
            )
            query = query.where(or_(Session.title.ilike(like(search), escape="\\"), Session.id.in_(said)))
        if cursor:
            query = query.where(tuple_(Session.updated_at, Session.id) < read_cursor(cursor))
        query = query.order_by(Session.updated_at.desc(), Session.id.desc()).limit(limit + 1)
        rows = (await self._tx.scalars(query)).all()
        return page(rows, limit, lambda row: (row.updated_at, row.id))

    async def change(self, user_id: UUID, session_id: UUID, change: SessionChange) -> Session:
        """Rename, archive, turn memory on or off. Raises `SessionNotFound`."""
        session = await self.lock(user_id, session_id)
        if change.title is not None:
            session.title, session.title_source = change.title, "person"
        if change.memory_enabled is not None:
            session.memory_enabled = change.memory_enabled and not session.temporary
        if change.archived is not None and change.archived != (session.archived_at is not None):
            session.archived_at = await self._now() if change.archived else None
        await self._tx.flush()
        await self._tell(session)
        return session

    async def set_title_if_empty(self, user_id: UUID, session_id: UUID, title: str) -> bool:
        """Give an untitled session its title; whether it had none."""
        done = await self._tx.execute(
            update(Session)
            .where(Session.id == session_id, Session.user_id == user_id, Session.title == "")
            .values(title=title, title_source="cut")
            .returning(Session.id)
        )
        return done.first() is not None

    async def set_models_title(self, user_id: UUID, session_id: UUID, title: str) -> bool:
        """Give a session the title that a model made, unless a person gave it one; whether it has it now."""
        done = await self._tx.execute(
            update(Session)
            .where(
                Session.id == session_id,
                Session.user_id == user_id,
                Session.title_source != "person",
                ~Session.temporary,
            )
            .values(title=title, title_source="model")
            .returning(Session.id)
        )
        if done.first() is None:
            return False
        await Notices(self._tx).title(user_id, session_id)
        return True

    async def touch(self, user_id: UUID, session_id: UUID) -> None:
        """Put the session first in the list. Raises `SessionNotFound`."""
        await self._set(user_id, session_id, updated_at=func.now())

    async def set_head(self, user_id: UUID, session_id: UUID, head_id: UUID | None) -> None:
        """Show the branch that ends in this message, one of the session. Raises `SessionNotFound`."""
        await self._set(user_id, session_id, head_id=head_id)

    async def set_window_start(self, user_id: UUID, session_id: UUID, seq: int) -> None:
        """Have the model read the branch from this position on. Raises `SessionNotFound`."""
        await self._set(user_id, session_id, window_start=seq)

    async def reset(self, user_id: UUID, session_id: UUID) -> None:
        """Empty the conversation, its runs and memories; the session itself stays. Raises `SessionNotFound`.

        Positions go on counting, so that what is said next is never taken for what was there.
        """
        session = await self.lock(user_id, session_id)
        await self._tx.execute(delete(MemoryRow).where(MemoryRow.session_id == session_id))
        await self._tx.execute(delete(Run).where(Run.session_id == session_id))
        await self._tx.execute(delete(Message).where(Message.session_id == session_id))
        await forget_checkpoints(self._tx, session_id)
        session.head_id = None
        session.window_start = session.next_seq
        await self._tx.flush()
        await self._tell(session)

    async def delete(self, user_id: UUID, session_id: UUID, *, keep_memories: bool = False) -> Sequence[UUID]:
        """Delete the session with all that was said in it, and its memories unless they are kept.

        Returns the memories kept, which the index has to take again: they stand by themselves, since the
        messages they came from are gone. Raises `SessionNotFound`.
        """
        session = await self.lock(user_id, session_id)
        await self._tell(session, deleted=True)
        kept: Sequence[UUID] = []
        if keep_memories:
            kept = (
                await self._tx.scalars(
                    update(MemoryRow)
                    .where(MemoryRow.session_id == session_id, MemoryRow.user_id == user_id)
                    .values(session_id=None, indexed_at=None, revision=MemoryRow.revision + 1)
                    .returning(MemoryRow.id)
                )
            ).all()
        await self._tx.execute(delete(Session).where(Session.id == session_id, Session.user_id == user_id))
        await forget_checkpoints(self._tx, session_id)
        return kept

    async def expired_temporary(self, before: datetime, limit: int = 100) -> Sequence[tuple[UUID, UUID]]:
        """(user, session) of temporary sessions that were started before then, of all users."""
        rows = await self._tx.execute(
            select(Session.user_id, Session.id)
            .where(Session.temporary, Session.created_at < before)
            .order_by(Session.created_at)
            .limit(limit)
        )
        return [(row.user_id, row.id) for row in rows]

    async def _tell(self, session: Session, *, deleted: bool = False) -> None:
        # Of a temporary one nobody but its own page knows.
        if not session.temporary:
            await Notices(self._tx).session(session.user_id, session.id, deleted=deleted)

    async def _one(self, user_id: UUID, session_id: UUID, *, lock: bool) -> Session:
        query = select(Session).where(Session.id == session_id, Session.user_id == user_id)
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        session = await self._tx.scalar(query)
        if session is None:
            raise SessionNotFound(f"session {session_id} of user {user_id}")
        return session

    async def _set(self, user_id: UUID, session_id: UUID, **values: Any) -> None:
        done = await self._tx.execute(
            update(Session)
            .where(Session.id == session_id, Session.user_id == user_id)
            .values(**values)
            .returning(Session.id)
        )
        if done.first() is None:
            raise SessionNotFound(f"session {session_id} of user {user_id}")

    async def _now(self) -> datetime:
        return (await self._tx.execute(select(func.now()))).scalar_one()
