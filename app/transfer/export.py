"""Everything of a user as import lines: an import elsewhere makes the same sessions, messages, memories and settings,
and the same is recalled there.

Read in pages, each in a transaction of its own, so that a slow reader holds nothing: what is said meanwhile may or may
not be in it.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.ids import among
from app.db.messages import Messages
from app.db.models import MemoryEvent, MemoryRow, MemorySource, Message, Session, User
from app.db.users import Users
from app.transfer.digests import Written, days_without, written
from app.transfer.lines import (
    MOST,
    EpisodeLine,
    Line,
    MeLine,
    MemoryLine,
    MessageLine,
    SessionLine,
    SourceLine,
    nearest_time,
)
from graphs.memory.records import MemoryKind, MemoryState

PAGE = 200
"""Rows read at once."""


async def export(database: Database, user_id: UUID) -> AsyncIterator[bytes]:
    """The lines: what is set, sessions, oldest first, then facts, digests and what no message is behind. Temporary
    sessions are left out."""
    async with database.transaction() as tx:
        me = _me(await Users(tx).get(user_id), await days_without(tx, user_id))
    if me:
        yield _line(me=MeLine(**me))
    position: tuple[Any, ...] | None = None
    while sessions := await _page(database, Session, user_id, ~Session.temporary, position):
        for session in sessions:
            yield _session_line(session)
            async for line in _messages(database, user_id, session):
                yield line
        position = (sessions[-1].created_at, sessions[-1].id)
    position = None
    sourceless = ~exists().where(MemorySource.memory_id == MemoryRow.id)
    alone = (MemoryRow.kind != MemoryKind.EPISODE) | sourceless
    while memories := await _page(database, MemoryRow, user_id, alone, position):
        ids = [memory.id for memory in memories]
        async with database.transaction() as tx:
            sources, superseded = await _sources(tx, memories), await _superseded(tx, user_id, ids)
            days, edited = await written(tx, user_id, memories), await _edited(tx, ids)
        for memory in memories:
            more = _of_day(days[memory.id], edited=memory.id in edited) if memory.id in days else {}
            yield _memory_line(memory, sources.get(memory.id, []), superseded.get(memory.id, []), more)
        position = (memories[-1].created_at, memories[-1].id)


async def _page(
    database: Database, table: Any, user_id: UUID, which: ColumnElement[bool], after: tuple[Any, ...] | None
) -> Sequence[Any]:
    query = select(table).where(table.user_id == user_id, which)
    if after is not None:
        query = query.where(tuple_(table.created_at, table.id) > after)
    async with database.transaction() as tx:
        return (await tx.scalars(query.order_by(table.created_at, table.id).limit(PAGE))).all()


async def _messages(database: Database, user_id: UUID, session: Session) -> AsyncIterator[bytes]:
    """All branches, in the order in which they were added: a message's parent comes before it.

    Where there are several, each message names its parent: an import finds an older state of the session perhaps, of
    which another branch was shown.
    """
    async with database.transaction() as tx:
        shown = await Messages(tx).shown_ids(user_id, session.id)
        mine = select(func.count()).where(Message.session_id == session.id, Message.user_id == user_id)
        branched = (await tx.execute(mine)).scalar_one() > len(shown)
    after = -1
    while True:
        async with database.transaction() as tx:
            messages = (
                await tx.scalars(
                    select(Message)
                    .where(Message.session_id == session.id, Message.user_id == user_id, Message.seq > after)
                    .order_by(Message.seq)
                    .limit(PAGE)
                )
            ).all()
            names = await _names(tx, session.id, [m.parent_id for m in messages if m.parent_id is not None])
            kept = await _kept(tx, [message.id for message in messages])
        for message in messages:
            parent = {"parent": names.get(message.parent_id)} if branched else {}
            yield _message_line(message, shown=message.id in shown, **kept.get(message.id, {}), **parent)
        if len(messages) < PAGE:
            return
        after = messages[-1].seq


async def _names(tx: AsyncSession, session_id: UUID, ids: Sequence[UUID]) -> dict[UUID | None, str]:
    rows = await tx.execute(
        select(Message.id, Message.external_id).where(Message.session_id == session_id, Message.id.in_(ids))
    )
    return {row.id: row.external_id or str(row.id) for row in rows}


def _session_line(row: Session) -> bytes:
    return _line(
        session=SessionLine(
            **_told(
                SessionLine,
                id=row.external_id or str(row.id),
                title=row.title,
                created_at=row.created_at,
                archived=row.archived_at is not None,
                memory_enabled=row.memory_enabled,
            )
        )
    )


def _message_line(row: Message, *, shown: bool, **more: Any) -> bytes:
    said = _told(
        MessageLine,
        id=row.external_id or str(row.id),
        role=row.role,
        name=row.speaker,
        content=row.content,
        created_at=row.created_at,
        shown=shown,
        remember=row.forgotten_at is None,
        retired=row.retired_at is not None,
        finish_reason=row.finish_reason,
        model=row.model,
        facts_taken=row.facts_at is not None,
    )
    return _line(message=MessageLine(**said, **more))


async def _kept(tx: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """By message, which of its episodes are pinned, which are paused, and what is special about others."""
    edited = exists().where(MemoryEvent.memory_id == MemoryRow.id, MemoryEvent.action == "edited")
    rows = await tx.execute(
        select(
            MemorySource.message_id, MemoryRow.chunk, MemoryRow.pinned, MemoryRow.state, MemoryRow.text,
            MemoryRow.recalled_count, MemoryRow.last_recalled_at, edited.label("edited"),
        )
        .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
        .where(
            among(MemorySource.message_id, ids),
            MemoryRow.kind == MemoryKind.EPISODE,
            or_(MemoryRow.pinned, MemoryRow.state == MemoryState.PAUSED, MemoryRow.recalled_count > 0, edited),
        )
        .order_by(MemoryRow.chunk)
    )  # fmt: skip
    kept: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        more = _told(
            EpisodeLine,
            text=row.text if row.edited else None,
            recalled=row.recalled_count,
            last_recalled_at=row.last_recalled_at,
        )
        special = EpisodeLine(part=row.chunk, **more) if more else None
        told = (
            ("pinned", row.chunk if row.pinned else None),
            ("paused", row.chunk if row.state == MemoryState.PAUSED else None),
            ("episodes", special),
        )
        for name, value in told:
            if value is not None:
                kept.setdefault(row.message_id, {}).setdefault(name, []).append(value)
    return kept


async def _edited(tx: AsyncSession, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the memories that were put in other words by hand."""
    rows = await tx.scalars(
        select(MemoryEvent.memory_id).where(among(MemoryEvent.memory_id, ids), MemoryEvent.action == "edited")
    )
    return set(rows)


async def _sources(tx: AsyncSession, memories: Sequence[MemoryRow]) -> dict[UUID, list[SourceLine]]:
    """By memory, where it came from: the message in whose place it stands first, then by time."""
    places = {memory.id: (memory.session_id, memory.seq) for memory in memories}
    rows = await tx.execute(
        select(
            MemorySource.memory_id, MemorySource.quote, Message.id, Message.external_id,
            Message.session_id, Message.seq, Session.external_id.label("session_name"),
        )
        .join(Message, Message.id == MemorySource.message_id)
        .join(Session, Session.id == Message.session_id)
        .where(among(MemorySource.memory_id, places))
        .order_by(Message.created_at, Message.id)
    )  # fmt: skip
    found: dict[UUID, list[SourceLine]] = {}
    for row in sorted(rows, key=lambda row: (row.session_id, row.seq) != places[row.memory_id]):
        source = _told(
            SourceLine,
            session=row.session_name or str(row.session_id),
            message=row.external_id or str(row.id),
            quote=row.quote,
        )
        found.setdefault(row.memory_id, []).append(SourceLine(**source))
    return found


async def _superseded(tx: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """By memory, those that it has taken the place of."""
    rows = await tx.execute(
        select(MemoryRow.id, MemoryRow.superseded_by)
        .where(MemoryRow.user_id == user_id, among(MemoryRow.superseded_by, ids))
        .order_by(MemoryRow.id)
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row.superseded_by, []).append(str(row.id))
    return found


def _me(user: User, no_digest: tuple[date, ...]) -> dict[str, Any]:
    return _told(
        MeLine,
        about_me=user.about_me,
        how_to_answer=user.how_to_answer,
        language=user.language,
        keep_memories=user.retention_memories,
        keep_days=user.retention_days,
        no_digest=no_digest,
    )


def _of_day(digest: Written, *, edited: bool) -> dict[str, Any]:
    return {"edited": edited, "final": digest.final, "messages": digest.messages}


def _memory_line(row: MemoryRow, sources: list[SourceLine], supersedes: list[str], more: dict[str, Any]) -> bytes:
    said = _told(
        MemoryLine,
        id=str(row.id),
        text=row.text,
        kind=row.kind.value if isinstance(row.kind, MemoryKind) else row.kind,
        role=row.role,
        name=row.speaker,
        created_at=row.created_at,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        pinned=row.pinned,
        state=row.state,
        sources=tuple(sources[:MOST]),
        supersedes=tuple(supersedes[:MOST]),
        superseded_by=str(row.superseded_by) if row.superseded_by is not None else None,
        recalled=row.recalled_count,
        last_recalled_at=row.last_recalled_at,
        confirmed=row.confirmed_count if row.confirmed_count != max(len(sources[:MOST]) - 1, 0) else None,
        **more,
    )
    return _line(memory=MemoryLine(**said))


def _told(form: Any, /, **values: Any) -> dict[str, Any]:
    """What differs from what goes without saying, in values that a line may have."""
    times = {name: nearest_time(value) for name, value in values.items() if isinstance(value, datetime)}
    return {name: value for name, value in (values | times).items() if value != form.model_fields[name].default}


def _line(**part: Any) -> bytes:
    return Line(**part).to_json().encode() + b"\n"
