"""Digests of days on their way: those that are exported, and how they are stored where they are imported.

A digest comes as it was written, so that nobody has to write it again; where its day has other messages than it had, it
is written again all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Date, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.digests import Day, Digests, due
from app.db.ids import among, new_id
from app.db.memories import Memories
from app.db.models import DigestDay, MemoryEvent, MemoryRow, Message, Session
from app.transfer.lines import MemoryLine
from graphs.memory.digests.daily import Digest, Spoken, day_of, digest_id
from graphs.memory.records import Memory, MemoryKind, Source


@dataclass(frozen=True, slots=True)
class Written:
    """What an export says of a digest beside what it says of every memory."""

    final: bool
    messages: int | None
    """Of its day; None: it is to be written again anyway."""


async def written(tx: AsyncSession, user_id: UUID, rows: Sequence[MemoryRow]) -> dict[UUID, Written]:
    """By memory, of those that are digests."""
    days = {row.id: day_of(row.created_at) for row in rows if row.kind == MemoryKind.DIGEST}
    if not days:
        return {}
    counts = await _messages(tx, user_id, days.values())
    known = await _known(tx, user_id, days.values())
    told = {}
    for memory_id, day in days.items():
        row = known.get(day)
        outdated = row is not None and row.due_at is not None and not row.off
        told[memory_id] = Written(row is not None and row.off, None if outdated else counts.get(day, 0))
    return told


async def days_without(tx: AsyncSession, user_id: UUID) -> tuple[date, ...]:
    """Days whose digest was deleted."""
    off = await tx.scalars(
        select(DigestDay.day).where(DigestDay.user_id == user_id, DigestDay.off).order_by(DigestDay.day)
    )
    days = list(off)
    there = await _there(tx, user_id, days)
    return tuple(day for day in days if day not in there)


async def store_days_without(tx: AsyncSession, user_id: UUID, days: Sequence[date]) -> bool:
    """No digest is written of these days, but where there is one here; whether that is new of any."""
    there = await _there(tx, user_id, days)
    rows = [{"user_id": user_id, "day": day, "off": True} for day in sorted(set(days) - there)]
    if not rows:
        return False
    new = insert(DigestDay).values(rows)
    changed = await tx.execute(
        new.on_conflict_do_update(
            index_elements=[DigestDay.user_id, DigestDay.day], set_={"off": True}, where=~DigestDay.off
        ).returning(DigestDay.day)
    )
    return bool(changed.all())


async def store_digests(
    tx: AsyncSession, user_id: UUID, lines: Sequence[MemoryLine], known: Mapping[tuple[str, str], Source]
) -> dict[UUID, tuple[MemoryLine, bool]]:
    """By digest, its line, and whether it is new; less those that are not taken: their user has deleted them here, or
    something that they were made of is not to be remembered. `known`: the messages that are there, by the ids of a
    line."""
    sessions = {known[key].session_id for line in lines for each in line.sources if (key := each.key()) in known}
    # Held in the order in which all hold them: sessions, messages, days, memories.
    await tx.execute(select(Session.id).where(among(Session.id, sessions)).order_by(Session.id).with_for_update())
    stored = {}
    for line in lines:
        memory_id, new = await _store(tx, user_id, line, known)
        if memory_id is not None:
            stored[memory_id] = line, new
    return stored


async def _store(
    tx: AsyncSession, user_id: UUID, line: MemoryLine, known: Mapping[tuple[str, str], Source]
) -> tuple[UUID | None, bool]:
    assert line.created_at is not None
    sources = [known[key] for each in line.sources if (key := each.key()) in known]
    day = day_of(line.created_at)
    await tx.execute(insert(DigestDay).values(user_id=user_id, day=day).on_conflict_do_nothing())
    row = (await _known(tx, user_id, [day]))[day]
    memory_id = digest_id(user_id, day)
    if await _there(tx, user_id, [day]):
        return memory_id, False
    if row.off or len(sources) < len(line.sources):
        return None, False
    if sources:
        counted = (await _messages(tx, user_id, [day])).get(day, 0)
        found = Day(user_id, day, row.revision, row.tries, [_spoken(source) for source in sources])
        again_at = None if line.messages == counted else row.due_at or due(day, datetime.now(UTC))
        digest = Digest(line.text, tuple(source.message_id for source in sources))
        new = await Digests(tx).store(found, digest, again_at=again_at)
    else:
        alone = Memory(memory_id, user_id, MemoryKind.DIGEST, line.text, line.created_at)
        new = await Memories(tx).add_many(user_id, [alone])
    if not new:
        return None, False
    if line.edited:
        tx.add(MemoryEvent(id=new_id(), memory_id=memory_id, action="edited", old_text=None))
    await tx.execute(
        update(MemoryRow)
        .where(MemoryRow.id == memory_id, MemoryRow.user_id == user_id)
        .values(pinned=line.pinned, state=line.state)
        .execution_options(synchronize_session=False)
    )
    await tx.execute(
        update(DigestDay)
        .where(DigestDay.user_id == user_id, DigestDay.day == day)
        .values(off=line.final)
        .execution_options(synchronize_session=False)
    )
    return memory_id, True


def _spoken(source: Source) -> Spoken:
    # Who said what is in the digest's words by now.
    return Spoken(source.message_id, source.session_id, "user", "", source.created_at)


async def _known(tx: AsyncSession, user_id: UUID, days: Iterable[date]) -> dict[date, DigestDay]:
    rows = await tx.scalars(
        select(DigestDay)
        .where(DigestDay.user_id == user_id, DigestDay.day.in_(set(days)))
        .execution_options(populate_existing=True)
    )
    return {row.day: row for row in rows}


async def _there(tx: AsyncSession, user_id: UUID, days: Sequence[date]) -> set[date]:
    """Those of the days that have a digest."""
    ids = {digest_id(user_id, day): day for day in days}
    rows = await tx.scalars(select(MemoryRow.id).where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id))
    return {ids[each] for each in rows}


async def _messages(tx: AsyncSession, user_id: UUID, days: Iterable[date]) -> dict[date, int]:
    """By day, how many messages it has that may be remembered, on whatever branch."""
    wanted = set(days)
    day = cast(func.timezone("UTC", Message.created_at), Date)
    rows = await tx.execute(
        select(day, func.count())
        .join(Session, Session.id == Message.session_id)
        .where(
            Message.user_id == user_id,
            Message.created_at >= datetime.combine(min(wanted), time(), UTC),
            Message.created_at < datetime.combine(max(wanted), time(), UTC) + timedelta(days=1),
            Message.forgotten_at.is_(None),
            Session.memory_enabled,
            ~Session.temporary,
        )
        .group_by(day)
    )
    return {each: count for each, count in rows.all() if each in wanted}
