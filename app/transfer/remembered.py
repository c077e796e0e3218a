"""Storing what an import brings beside conversations: facts and other memories, what is pinned, what is set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db.convert import utc
from app.db.ids import among
from app.db.memories import Memories, MemoryChange
from app.db.models import MemoryRow, MemorySource, Message, Session
from app.db.notices import Notices
from app.db.users import Users
from app.transfer.digests import store_days_without, store_digests
from app.transfer.lines import MeLine, MemoryLine, MessageLine, SourceLine
from app.transfer.storing import as_uuid
from graphs.memory.episodes import episode_id
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source


@dataclass(frozen=True, slots=True)
class Remembered:
    """What became of memories' lines."""

    ids: list[UUID]
    """Those that were there already too."""
    new: int = 0
    passed: int = 0
    """Lines that were not taken."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A message that a fact came from."""

    source: Source
    seq: int


Known = Mapping[tuple[str, str], Behind]
"""Messages that are there, by the ids that lines give their session and them."""


async def store_memories(tx: AsyncSession, user_id: UUID, lines: Sequence[tuple[MemoryLine, str | None]]) -> Remembered:
    """The memories of these lines; none where the user's memory is off.

    Those of which no source is there any more are passed over.
    """
    if not lines or not (await Users(tx).get(user_id)).memory_enabled:
        return Remembered([], passed=len(lines))
    known = await _messages(tx, user_id, [each for line, _ in lines for each in line.sources])
    days = [line for line, _ in lines if line.kind == "digest"]
    digests = await store_digests(tx, user_id, days, {key: each.source for key, each in known.items()})
    others, taken = await _store_others(tx, user_id, [each for each in lines if each[0].kind != "digest"], known)
    stored = digests | others
    new = {each: line for each, (line, is_new) in stored.items() if is_new}
    await _set_use(tx, {each: (line.recalled, line.last_recalled_at) for each, line in new.items()})
    return Remembered(list(stored), len(new), len(days) - len(digests) + taken)


async def _store_others(
    tx: AsyncSession, user_id: UUID, lines: Sequence[tuple[MemoryLine, str | None]], known: Known
) -> tuple[dict[UUID, tuple[MemoryLine, bool]], int]:
    """Facts, and episodes without a session: by memory, its line, and whether it is new; and how many lines were not
    taken."""
    names = [name for line, _ in lines for name in (line.id, line.superseded_by, *line.supersedes) if name is not None]
    taken = await _of_others(tx, user_id, names)
    made: dict[UUID, tuple[Memory, MemoryLine]] = {}
    passed = 0
    for line, key in lines:
        memory = _memory(user_id, line, line.id or str(key), taken, known)
        if memory.sources or not line.sources:
            made[memory.id] = memory, line
        else:
            passed += 1
    new = set(await Memories(tx).add_many(user_id, [replace(memory, sources=()) for memory, _ in made.values()]))
    for memory, line in made.values():
        if memory.id in new:
            await _give_sources(tx, memory, line, known)
            if line.confirmed:
                await _confirm(tx, memory.id, line.confirmed)
    for memory, line in made.values():
        await _supersede(tx, user_id, [_id(user_id, name, taken) for name in line.supersedes], memory.id)
        if line.superseded_by is not None:
            await _supersede(tx, user_id, [memory.id], _id(user_id, line.superseded_by, taken))
    return {memory.id: (line, memory.id in new) for memory, line in made.values()}, passed


async def _supersede(tx: AsyncSession, user_id: UUID, before: Sequence[UUID], by: UUID) -> None:
    """The user's memory `by`, where there is one, has taken the place of those whose place nothing has taken yet."""
    if before:
        newer = aliased(MemoryRow)
        there = select(newer.id).where(newer.id == by, newer.user_id == user_id).exists()
        await tx.execute(
            update(MemoryRow)
            .where(among(MemoryRow.id, before), MemoryRow.user_id == user_id, MemoryRow.superseded_by.is_(None))
            .where(MemoryRow.id != by, there)
            .values(superseded_by=by)
            .execution_options(synchronize_session=False)
        )


async def keep_episodes(tx: AsyncSession, user_id: UUID, kept: Mapping[UUID, MessageLine]) -> None:
    """Have the episodes that have just been made of these messages as the lines say: pinned, paused, in other words,
    and as often recalled."""
    pinned = [episode_id(message, part) for message, line in kept.items() for part in line.pinned]
    paused = [episode_id(message, part) for message, line in kept.items() for part in line.paused]
    for ids, values in ((pinned, {"pinned": True}), (paused, {"state": MemoryState.PAUSED})):
        if ids:
            await tx.execute(
                update(MemoryRow)
                .where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
    told = {episode_id(message, each.part): each for message, line in kept.items() for each in line.episodes}
    there = await tx.scalars(
        select(MemoryRow.id).where(among(MemoryRow.id, told), MemoryRow.user_id == user_id).order_by(MemoryRow.id)
    )
    made = {each: told[each] for each in there}
    for memory_id, line in made.items():
        if line.text is not None:
            await Memories(tx).change(user_id, memory_id, MemoryChange(text=line.text))
    await _set_use(tx, {each: (line.recalled, line.last_recalled_at) for each, line in made.items()})


async def _set_use(tx: AsyncSession, used: Mapping[UUID, tuple[int, datetime | None]]) -> None:
    """How often these memories were recalled, and when last."""
    rows = [
        {"id": memory_id, "recalled_count": count, "last_recalled_at": at}
        for memory_id, (count, at) in sorted(used.items())
        if count or at is not None
    ]
    if rows:
        await tx.execute(update(MemoryRow), rows)


async def store_me(tx: AsyncSession, user_id: UUID, line: MeLine, began: datetime) -> bool:
    """Set what the line says and nobody has set here; whether that was anything.

    `began`: when the import did. Limits are set only where nothing was remembered before that: it might leave by them.
    """
    user = await Users(tx).get(user_id)
    given: dict[str, Any] = {
        "about_me": line.about_me,
        "how_to_answer": line.how_to_answer,
        "language": line.language,
    }
    if await _had_none(tx, user_id, began):
        given |= {"retention_memories": line.keep_memories, "retention_days": line.keep_days}
    new = {name: value for name, value in given.items() if value and not getattr(user, name)}
    if new:
        await Users(tx).change(user_id, new)
        await Notices(tx).me(user_id)
    days = await store_days_without(tx, user_id, line.no_digest)
    return bool(new) or days


async def _had_none(tx: AsyncSession, user_id: UUID, before: datetime) -> bool:
    """Whether the user has no memory that was stored before that."""
    earlier = select(MemoryRow.id).where(MemoryRow.user_id == user_id, MemoryRow.stored_at < before)
    return not await tx.scalar(select(earlier.exists()))


async def _of_others(tx: AsyncSession, user_id: UUID, names: Sequence[str]) -> set[UUID]:
    ids = [found for name in names if (found := as_uuid(name)) is not None]
    rows = await tx.execute(select(MemoryRow.id).where(among(MemoryRow.id, ids), MemoryRow.user_id != user_id))
    return {row.id for row in rows}


async def _messages(tx: AsyncSession, user_id: UUID, wanted: Sequence[SourceLine]) -> Known:
    if not wanted:
        return {}
    sessions, messages = {each.session for each in wanted}, {each.message for each in wanted}
    rows = await tx.execute(
        select(
            Message.id, Message.external_id, Message.session_id, Message.created_at, Message.seq,
            Session.external_id.label("session_name"),
        )
        .join(Session, Session.id == Message.session_id)
        .where(
            Message.user_id == user_id,
            Message.forgotten_at.is_(None),
            or_(Session.external_id.in_(sessions), among(Session.id, _uuids(sessions))),
            or_(Message.external_id.in_(messages), among(Message.id, _uuids(messages))),
        )
    )  # fmt: skip
    known: dict[tuple[str, str], Behind] = {}
    for row in rows:
        behind = Behind(Source(row.session_id, row.id, utc(row.created_at)), row.seq)
        for session in (row.session_name, str(row.session_id)):
            for message in (row.external_id, str(row.id)):
                if session is not None and message is not None:
                    known.setdefault((session, message), behind)
    return known


def _uuids(names: set[str]) -> list[UUID]:
    return [found for name in names if (found := as_uuid(name)) is not None]


async def _give_sources(tx: AsyncSession, memory: Memory, line: MemoryLine, known: Known) -> None:
    there = {known[key].source.message_id: each.quote for each in line.sources if (key := each.key()) in known}
    if not there:
        return
    rows = [{"memory_id": memory.id, "message_id": message, "quote": quote} for message, quote in there.items()]
    await tx.execute(insert(MemorySource).on_conflict_do_nothing(), rows)
    if len(there) > 1 and line.confirmed is None:
        await _confirm(tx, memory.id, len(there) - 1)


async def _confirm(tx: AsyncSession, memory_id: UUID, count: int) -> None:
    confirmed = update(MemoryRow).where(MemoryRow.id == memory_id).values(confirmed_count=count)
    await tx.execute(confirmed.execution_options(synchronize_session=False))


def _id(user_id: UUID, name: str, taken: set[UUID]) -> UUID:
    """An id of ours stays what it was, so that a memory comes back from another installation as itself."""
    own = as_uuid(name)
    return own if own is not None and own not in taken else uuid5(user_id, f"memory {name}")


def _memory(user_id: UUID, line: MemoryLine, name: str, taken: set[UUID], known: Known) -> Memory:
    assert line.created_at is not None
    behind = [known[key] for each in line.sources if (key := each.key()) in known]
    return Memory(
        id=_id(user_id, name, taken),
        user_id=user_id,
        kind=MemoryKind(line.kind),
        text=line.text,
        created_at=line.created_at,
        session_id=behind[0].source.session_id if behind else None,
        seq=behind[0].seq if behind else 0,
        role=line.role,
        speaker=line.name,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        pinned=line.pinned,
        state=line.state,
        sources=tuple(each.source for each in behind),
    )
