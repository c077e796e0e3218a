"""Rows to records: the one place that knows both."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, any_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import MemoryRow, MemorySource, Message
from graphs.memory.episodes import SourceMessage
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source

COLUMNS: tuple[Any, ...] = (
    MemoryRow.id,
    MemoryRow.user_id,
    MemoryRow.kind,
    MemoryRow.text,
    MemoryRow.created_at,
    MemoryRow.session_id,
    MemoryRow.role,
    MemoryRow.speaker,
    MemoryRow.seq,
    MemoryRow.chunk,
    MemoryRow.valid_from,
    MemoryRow.valid_to,
    MemoryRow.superseded_by,
    MemoryRow.pinned,
    MemoryRow.recalled_count,
    MemoryRow.state,
    MemoryRow.confirmed_count,
)
"""What a memory is made of, in the order of its fields. Read as plain rows: recall reads 150 at a time, and
objects cost twice as much."""


_sources, _messages = MemorySource.__table__.c, Message.__table__.c
_SOURCES = (
    select(
        _sources.memory_id, _messages.id, _messages.session_id, _messages.created_at, _messages.external_id,
        _sources.quote,
    )
    .join_from(MemorySource.__table__, Message.__table__, _messages.id == _sources.message_id)
    .where(
        _sources.memory_id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        or_(bindparam("user_id", type_=Uuid).is_(None), _messages.user_id == bindparam("user_id", type_=Uuid)),
    )
    .order_by(_messages.created_at, _messages.seq)
)  # fmt: skip
"""Made once, over plain tables: each recall asks."""


async def to_memories(tx: AsyncSession, rows: Sequence[MemoryRow | Row[*tuple[Any, ...]]]) -> list[Memory]:
    """The rows as memories, in the same order, with their sources."""
    sources = await sources_of(tx, [row.id for row in rows])
    return [to_memory(row, sources.get(row.id, ())) for row in rows]


async def sources_of(
    tx: AsyncSession, memory_ids: Sequence[UUID], *, of: UUID | None = None
) -> dict[UUID, tuple[Source, ...]]:
    """The messages behind each memory, oldest first. `of`: the user whose messages they must be; None where the
    memories were read as that user's."""
    if not memory_ids:
        return {}
    rows = await tx.execute(_SOURCES, {"ids": list(memory_ids), "user_id": of})
    found: dict[UUID, tuple[Source, ...]] = {}
    for memory_id, message_id, session_id, created_at, external_id, quote in rows:
        source = Source(session_id, message_id, utc(created_at), external_id, quote)
        found[memory_id] = (*found.get(memory_id, ()), source)
    return found


def to_memory(row: MemoryRow | Row[*tuple[Any, ...]], sources: tuple[Source, ...]) -> Memory:
    """The row as a memory."""
    return Memory(
        id=row.id,
        user_id=row.user_id,
        kind=MemoryKind(row.kind),
        text=row.text,
        created_at=utc(row.created_at),
        session_id=row.session_id,
        role=row.role,
        speaker=row.speaker,
        seq=row.seq,
        chunk=row.chunk,
        valid_from=row.valid_from and utc(row.valid_from),
        valid_to=row.valid_to and utc(row.valid_to),
        superseded_by=row.superseded_by,
        pinned=row.pinned,
        recalled=row.recalled_count,
        state=MemoryState(row.state),
        confirmed=row.confirmed_count,
        sources=sources,
    )


def to_source_message(row: Message) -> SourceMessage:
    """The message as the episode maker takes it."""
    return SourceMessage(
        id=row.id,
        user_id=row.user_id,
        session_id=row.session_id,
        role=row.role,
        speaker=row.speaker,
        content=row.content,
        seq=row.seq,
        created_at=utc(row.created_at),
        external_id=row.external_id,
    )


def utc(moment: datetime) -> datetime:
    """The same moment, in UTC."""
    return moment.astimezone(UTC)
