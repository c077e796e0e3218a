"""Forgetting: which rows go when a memory, a session's memory or all memory is deleted."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.digests import Digests
from app.db.facts import Facts
from app.db.ids import among
from app.db.models import Departure, MemoryRow, MemorySource, Message
from graphs.memory.records import MemoryKind
from graphs.memory.stem import stem_query


class Forgetting:
    """Deletes memories for good: the messages they came from are marked, so that nothing brings them back.

    Whoever calls has to tell the index, in the same transaction (`app.jobs.queue`).
    """

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def memories(self, user_id: UUID, ids: Sequence[UUID], messages: Sequence[UUID] = ()) -> list[UUID]:
        """Delete these memories and what else came from the same messages; all that the index must drop. `messages`: to
        be forgotten too, whether they have memories or not.

        A digest goes alone, for good: it came from a whole day, which its deletion does not mean to wipe out. A fact
        takes the message's episodes along, and leaves other facts whose words have nothing in common with its own.
        """
        sources = (
            select(MemorySource.message_id)
            .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
            .where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id, MemoryRow.kind != MemoryKind.DIGEST)
        )
        marked = await self._mark(user_id, or_(Message.id.in_(sources.scalar_subquery()), among(Message.id, messages)))
        await Digests(self._tx).end(user_id, ids)
        await Digests(self._tx).without(user_id, among(Message.id, marked))
        derived = await self._derived(user_id, marked, frozenset(ids), frozenset(messages))
        return await self._delete(user_id, among(MemoryRow.id, [*ids, *derived]))

    async def session(self, user_id: UUID, session_id: UUID) -> list[UUID]:
        """Delete all that is remembered of a session, whose messages stay; all that the index must drop."""
        messages = await self._mark(user_id, Message.session_id == session_id)
        await Digests(self._tx).without(user_id, among(Message.id, messages))
        derived = select(MemorySource.memory_id).where(among(MemorySource.message_id, messages))
        return await self._delete(
            user_id,
            or_(MemoryRow.session_id == session_id, MemoryRow.id.in_(derived.scalar_subquery())),
        )

    async def everything(self, user_id: UUID) -> int:
        """Delete all of the user's memories; how many there were."""
        await self._mark(user_id, Message.user_id == user_id)
        await Digests(self._tx).forget_days(user_id)
        await self._tx.execute(delete(Departure).where(Departure.user_id == user_id))
        return len(await self._delete(user_id, MemoryRow.user_id == user_id))

    async def _mark(self, user_id: UUID, which: ColumnElement[bool]) -> Sequence[UUID]:
        """Mark messages first: who makes memories of them holds them, so what is deleted next is complete."""
        held = await self._tx.scalars(
            select(Message.id).where(which, Message.user_id == user_id).order_by(Message.id).with_for_update()
        )
        ids = held.all()
        if ids:
            await self._tx.execute(
                update(Message)
                .where(among(Message.id, ids), Message.forgotten_at.is_(None))
                .values(forgotten_at=func.now())
                .execution_options(synchronize_session=False)
            )
        return ids

    async def _derived(
        self, user_id: UUID, messages: Sequence[UUID], asked: frozenset[UUID], whole: frozenset[UUID]
    ) -> list[UUID]:
        """What goes with the memories that are asked for, of all that came from these messages: everything of those
        that are to go `whole`."""
        rows = (
            await self._tx.execute(
                select(MemorySource.message_id, MemorySource.quote, MemoryRow.id, MemoryRow.kind, MemoryRow.text)
                .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
                .where(among(MemorySource.message_id, messages), MemoryRow.user_id == user_id)
            )
        ).all()
        whole |= {row.message_id for row in rows if row.id in asked and (row.kind == "episode" or row.quote is None)}
        words: dict[UUID, set[str]] = {}
        for row in rows:
            if row.id in asked:
                words.setdefault(row.message_id, set()).update(_words(row.text, row.quote))
        return [
            row.id
            for row in rows
            if row.kind != MemoryKind.FACT
            or row.quote is None
            or row.message_id in whole
            or not words.get(row.message_id, set()).isdisjoint(_words(row.text, row.quote))
        ]

    async def _delete(self, user_id: UUID, which: ColumnElement[bool]) -> list[UUID]:
        await Facts(self._tx).release(user_id, which)
        # Held in the order of ids: two who delete, or one who does and one who recalls, never cross.
        held = await self._tx.scalars(
            select(MemoryRow.id).where(which, MemoryRow.user_id == user_id).order_by(MemoryRow.id).with_for_update()
        )
        ids = list(held)
        if ids:
            await self._tx.execute(
                delete(MemoryRow).where(among(MemoryRow.id, ids)).execution_options(synchronize_session=False)
            )
        return ids


def _words(text: str, quote: str | None) -> set[str]:
    return set(stem_query(f"{text} {quote or ''}").split())
