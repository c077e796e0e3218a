"""Digests of days as rows: which days are to be written, what of, and what becomes of one when a message goes.

Each day of a user at which something was remembered has a row. What changes the day raises its revision and says when
it is to be written; who writes it looks at the revision again before storing, so that nothing that was forgotten
meanwhile gets in. Rows are held in the order sessions, messages, days, memories by all who hold several.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import utc
from app.db.ids import among
from app.db.memories import Memories, words_of
from app.db.messages import Messages
from app.db.models import DigestDay, JobRow, MemoryEvent, MemoryRow, MemorySource, Message, Session, User
from graphs.memory.digests.daily import Digest, Spoken, day_of, digest_id, digest_memory
from graphs.memory.records import Memory, MemoryKind, MemoryState

PAUSE = timedelta(hours=3)
"""After so long without a message the day's digest is written, though the day is not over."""
SETTLE = timedelta(minutes=1)
"""A day that is over is written so long after its last change: an import brings many messages of one day."""
MESSAGES = 2_000
"""Of a day that are read."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is to be written."""

    user_id: UUID
    day: date
    revision: int
    tries: int
    """Times in a row that writing it has failed."""
    messages: list[Spoken]
    """What may be remembered of it, session by session, oldest first."""


class Digests:
    """Digests of a user. Whoever calls has to tell the index of what changed, in the same transaction."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    # --- what is to be written

    async def touch(self, user_id: UUID, days: Iterable[date]) -> None:
        """What is remembered of these days has changed: they are to be written, again where they were already."""
        now = datetime.now(UTC)
        rows = [{"user_id": user_id, "day": day, "due_at": due(day, now)} for day in sorted(set(days))]
        if rows:
            new = insert(DigestDay)
            changed = {"due_at": new.excluded.due_at, "revision": DigestDay.revision + 1, "tries": 0}
            await self._tx.execute(
                new.on_conflict_do_update(index_elements=[DigestDay.user_id, DigestDay.day], set_=changed), rows
            )

    async def waiting(self, limit: int) -> list[tuple[UUID, date]]:
        """(user, day) of days to be written now, of all users, the longest due first; those of a user whose import goes
        on wait for its end, and those of a user whose memory is off until it is on again."""
        importing = select(JobRow.user_id).where(JobRow.kind == "import", JobRow.state.in_(("queued", "running")))
        rows = await self._tx.execute(
            select(DigestDay.user_id, DigestDay.day)
            .join(User, User.id == DigestDay.user_id)
            .where(
                DigestDay.due_at < func.now(), ~DigestDay.off, DigestDay.user_id.not_in(importing), User.memory_enabled
            )
            .order_by(DigestDay.due_at)
            .limit(limit)
        )
        return [(row.user_id, row.day) for row in rows]

    async def read(self, user_id: UUID, day: date) -> Day | None:
        """The day with its messages, where it is to be written now."""
        row = await self._tx.scalar(
            select(DigestDay)
            .join(User, User.id == DigestDay.user_id)
            .where(
                DigestDay.user_id == user_id,
                DigestDay.day == day,
                DigestDay.due_at < func.now(),
                ~DigestDay.off,
                User.memory_enabled,
            )
        )
        if row is None:
            return None
        return Day(user_id, day, row.revision, row.tries, await self._messages(user_id, day))

    async def _messages(self, user_id: UUID, day: date) -> list[Spoken]:
        """Of the shown branches, less what is forgotten, temporary, or said with memory off."""
        start = datetime.combine(day, time(), UTC)
        rows = await self._tx.scalars(
            select(Message)
            .join(Session, Session.id == Message.session_id)
            .join(User, User.id == Message.user_id)
            .where(
                Message.user_id == user_id,
                Message.created_at >= start,
                Message.created_at < start + timedelta(days=1),
                Message.forgotten_at.is_(None),
                User.memory_enabled,
                Session.memory_enabled,
                ~Session.temporary,
            )
            .order_by(Message.created_at, Message.seq)
            .limit(MESSAGES)
        )
        sessions: dict[UUID, list[Message]] = {}
        for row in rows:
            sessions.setdefault(row.session_id, []).append(row)
        spoken: list[Spoken] = []
        for session_id, some in sessions.items():
            shown = await Messages(self._tx).on_branch(user_id, session_id, [row.id for row in some])
            spoken += [_spoken(row) for row in sorted(some, key=lambda row: row.seq) if row.id in shown]
        return spoken

    async def put_off(self, day: Day, until: datetime, *, failed: bool = False) -> None:
        """Write the day later, unless it has changed meanwhile and has a time of its own."""
        await self._tx.execute(
            update(DigestDay)
            .where(DigestDay.user_id == day.user_id, DigestDay.day == day.day, DigestDay.revision == day.revision)
            .values(due_at=until, tries=DigestDay.tries + failed)
        )

    # --- storing

    async def store(
        self, day: Day, digest: Digest | None, *, again_at: datetime | None = None, failed: bool = False
    ) -> list[UUID] | None:
        """Have this as the day's digest, None for none; the memories that changed. None, and nothing stored, where the
        day has changed since it was read. A digest that its user has put in other words stays as it is.

        `again_at`: when to write it again, since this one only stands in for a better one. `failed`: whether that
        is for a failure.
        """
        if digest is not None and not await self._hold(day, digest.sources):
            return None
        row = await self._tx.scalar(
            select(DigestDay)
            .where(DigestDay.user_id == day.user_id, DigestDay.day == day.day)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None or row.off or row.revision != day.revision:
            return None
        row.due_at, row.tries = again_at, row.tries + failed
        there = await self._tx.scalar(
            select(MemoryRow)
            .where(MemoryRow.id == digest_id(day.user_id, day.day), MemoryRow.user_id == day.user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if there is not None and await self._reworded(there.id):
            return []
        if digest is None:
            return await self._drop([there.id]) if there is not None else []
        memory = digest_memory(day.user_id, day.day, digest, day.messages, pinned=row.pinned)
        if there is None:
            return await Memories(self._tx).add_many(day.user_id, [memory])
        return await self._replace(there, memory)

    async def _hold(self, day: Day, sources: Sequence[UUID]) -> bool:
        """Whether the messages are still to be remembered, and stay so until the transaction ends."""
        used = set(sources)
        sessions = {message.session_id for message in day.messages if message.id in used}
        await self._tx.execute(
            select(Session.id).where(among(Session.id, sessions)).order_by(Session.id).with_for_update()
        )
        held = await self._tx.scalars(
            select(Message.id)
            .where(among(Message.id, used), Message.user_id == day.user_id, Message.forgotten_at.is_(None))
            .order_by(Message.id)
            .with_for_update(read=True, key_share=True)
        )
        return set(held) == used

    async def _reworded(self, memory_id: UUID) -> bool:
        edits = select(MemoryEvent.id).where(MemoryEvent.memory_id == memory_id, MemoryEvent.action == "edited")
        return (await self._tx.scalar(select(edits.exists()))) is True

    async def _replace(self, row: MemoryRow, memory: Memory) -> list[UUID]:
        known = set(await self._tx.scalars(select(MemorySource.message_id).where(MemorySource.memory_id == row.id)))
        wanted = {source.message_id for source in memory.sources}
        if wanted != known:
            await self._tx.execute(delete(MemorySource).where(MemorySource.memory_id == row.id))
            await self._tx.execute(
                insert(MemorySource), [{"memory_id": row.id, "message_id": each} for each in sorted(wanted)]
            )
        if row.text == memory.text and utc(row.created_at) == memory.created_at:
            return []
        row.text, row.words, row.created_at = memory.text, words_of(memory.text), memory.created_at
        row.revision, row.indexed_at = row.revision + 1, None
        await self._tx.flush()
        return [row.id]

    # --- taking away

    async def without(self, user_id: UUID, messages: ColumnElement[bool]) -> list[UUID]:
        """These messages are no longer to be remembered: the digests that were made of them, which are to be deleted.
        Their days are written again without them; a digest that was pinned is pinned again then, and one that was
        paused does not come back."""
        of_user = messages & (Message.user_id == user_id)
        in_utc = cast(func.timezone("UTC", Message.created_at), Date)
        await self.touch(user_id, await self._tx.scalars(select(in_utc).where(of_user).distinct()))
        rows = await self._tx.execute(
            select(MemoryRow.id, MemoryRow.created_at, MemoryRow.pinned, MemoryRow.state)
            .join(MemorySource, MemorySource.memory_id == MemoryRow.id)
            .join(Message, Message.id == MemorySource.message_id)
            .where(of_user, MemoryRow.kind == MemoryKind.DIGEST, MemoryRow.user_id == user_id)
            .distinct()
            .order_by(MemoryRow.id)
        )
        gone = []
        for row in rows:
            gone.append(row.id)
            if row.pinned or row.state == MemoryState.PAUSED:
                await self._set(user_id, day_of(row.created_at), row.pinned, row.state == MemoryState.PAUSED)
        return gone

    async def leave(self, user_id: UUID, messages: ColumnElement[bool]) -> list[UUID]:
        """Delete the digests that were made of these messages, which are no longer to be remembered or are about to be
        deleted; the ones deleted."""
        return await self._drop(await self.without(user_id, messages))

    async def end(self, user_id: UUID, memory_ids: Sequence[UUID]) -> None:
        """Those of these memories that are digests are about to be deleted for good: their days get none again."""
        rows = await self._tx.scalars(
            select(MemoryRow.created_at).where(
                among(MemoryRow.id, memory_ids), MemoryRow.user_id == user_id, MemoryRow.kind == MemoryKind.DIGEST
            )
        )
        for day in sorted({day_of(created_at) for created_at in rows}):
            await self._set(user_id, day, pinned=False, off=True)

    async def keep(self, user_id: UUID, session_id: UUID) -> None:
        """The session's messages are about to be deleted and its memories kept: the digests that were made of them stay
        as they are."""
        rows = await self._tx.scalars(
            select(MemoryRow.created_at)
            .join(MemorySource, MemorySource.memory_id == MemoryRow.id)
            .join(Message, Message.id == MemorySource.message_id)
            .where(Message.session_id == session_id, MemoryRow.kind == MemoryKind.DIGEST, MemoryRow.user_id == user_id)
            .distinct()
        )
        for day in sorted({day_of(created_at) for created_at in rows}):
            await self._set(user_id, day, pinned=False, off=True)

    async def forget_days(self, user_id: UUID) -> None:
        """All of the user's memories go: no day is to be written before something new is remembered of it."""
        await self._tx.execute(delete(DigestDay).where(DigestDay.user_id == user_id))

    async def _set(self, user_id: UUID, day: date, pinned: bool, off: bool) -> None:
        new = insert(DigestDay).values(user_id=user_id, day=day, pinned=pinned, off=off)
        changed = {"pinned": pinned, "off": DigestDay.off | off, "revision": DigestDay.revision + 1}
        await self._tx.execute(
            new.on_conflict_do_update(index_elements=[DigestDay.user_id, DigestDay.day], set_=changed)
        )

    async def _drop(self, ids: Sequence[UUID]) -> list[UUID]:
        rows = await self._tx.scalars(
            delete(MemoryRow)
            .where(among(MemoryRow.id, ids))
            .returning(MemoryRow.id)
            .execution_options(synchronize_session=False)
        )
        return list(rows)


def due(day: date, now: datetime) -> datetime:
    """When a day whose memories change now is to be written: soon where it is over, else after a pause, or soon after
    its end where that comes first."""
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    return now + SETTLE if end <= now else min(now + PAUSE, end + SETTLE)


def _spoken(row: Message) -> Spoken:
    return Spoken(row.id, row.session_id, row.role, row.content, utc(row.created_at), row.speaker, row.external_id)
