"""What is told of memories beside themselves, for many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db.convert import COLUMNS, to_memories, utc
from app.db.ids import among
from app.db.models import MemoryRow, MemorySource, Session
from graphs.memory.records import Memory, MemoryKind

_sessions = Session.__table__.c
_CHATS = select(_sessions.id, _sessions.title, _sessions.archived_at.is_not(None).label("archived")).where(
    _sessions.id == any_(bindparam("ids", type_=ARRAY(Uuid))), _sessions.user_id == bindparam("user_id", type_=Uuid)
)
"""Made once, over the plain table: each turn asks."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A fact that another has taken the place of."""

    id: UUID
    text: str
    valid_to: datetime | None


class Chat(NamedTuple):
    """The session that a memory came from, as it is now."""

    title: str
    archived: bool


@dataclass(slots=True)
class Note:
    """What is told of one memory."""

    chat: Chat | None = None
    last_recalled_at: datetime | None = None
    earlier: list[Earlier] = field(default_factory=list)
    """What it has taken the place of, the newest first."""


class MemoryNotes:
    """Reads notes. Of what is not the user's there are none. Two statements at the most, for any number of memories."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def of(self, user_id: UUID, memories: Sequence[Memory]) -> dict[UUID, Note]:
        """By memory, what is told of it."""
        if not memories:
            return {}
        rows = await self._tx.execute(
            select(MemoryRow.id, MemoryRow.last_recalled_at, Session.title, Session.archived_at)
            .outerjoin(Session, Session.id == MemoryRow.session_id)
            .where(among(MemoryRow.id, [memory.id for memory in memories]), MemoryRow.user_id == user_id)
        )
        notes = {
            row.id: Note(
                None if row.title is None else Chat(row.title, row.archived_at is not None),
                row.last_recalled_at and utc(row.last_recalled_at),
            )
            for row in rows
        }
        facts = [memory.id for memory in memories if memory.kind is MemoryKind.FACT]
        for memory_id, earlier in (await self.earlier(user_id, facts)).items():
            notes[memory_id].earlier = earlier
        return notes

    async def earlier(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[Earlier]]:
        """By fact, all that it has taken the place of, the newest first: what it closed, what that had closed, and so
        on. Facts that have closed none are left out."""
        if not ids:
            return {}
        first = select(MemoryRow.superseded_by.label("heir"), MemoryRow.id.label("id")).where(
            among(MemoryRow.superseded_by, ids), MemoryRow.user_id == user_id
        )
        chain = first.cte("chain", recursive=True)
        before = aliased(MemoryRow)
        # Each row once: two that named each other would otherwise never end.
        chain = chain.union(select(chain.c.heir, before.id).join(before, before.superseded_by == chain.c.id))
        rows = await self._tx.execute(
            select(chain.c.heir, MemoryRow.id, MemoryRow.text, MemoryRow.valid_to)
            .join(MemoryRow, MemoryRow.id == chain.c.id)
            .order_by(MemoryRow.created_at.desc(), MemoryRow.id.desc())
        )
        found: dict[UUID, list[Earlier]] = {}
        for heir, memory_id, words, valid_to in rows:
            found.setdefault(heir, []).append(Earlier(memory_id, words, valid_to and utc(valid_to)))
        return found

    async def chats(self, user_id: UUID, session_ids: Iterable[UUID | None]) -> dict[UUID | None, Chat]:
        """By session, what it is called."""
        wanted = {session_id for session_id in session_ids if session_id is not None}
        if not wanted:
            return {}
        rows = await self._tx.execute(_CHATS, {"ids": list(wanted), "user_id": user_id})
        return {row.id: Chat(row.title, row.archived) for row in rows}

    async def learned(self, user_id: UUID, message_ids: Sequence[UUID]) -> dict[UUID, list[Memory]]:
        """By message, the facts that were taken from it and hold now, oldest first."""
        if not message_ids:
            return {}
        rows = (
            await self._tx.execute(
                select(MemorySource.message_id, *COLUMNS)
                .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
                .where(
                    among(MemorySource.message_id, message_ids),
                    MemoryRow.user_id == user_id,
                    MemoryRow.kind == MemoryKind.FACT,
                    MemoryRow.superseded_by.is_(None),
                    or_(MemoryRow.valid_to.is_(None), MemoryRow.valid_to > func.now()),
                )
                .order_by(MemoryRow.created_at, MemoryRow.id)
            )
        ).all()
        memories = await to_memories(self._tx, rows)
        found: dict[UUID, list[Memory]] = {}
        for row, memory in zip(rows, memories, strict=True):
            found.setdefault(row.message_id, []).append(memory)
        return found
