"""How much goes in a deletion, of what is remembered: looked at before it and again after, in its transaction."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import among
from app.db.models import MemoryRow, MemorySource, Message
from graphs.memory.records import MemoryKind


@dataclass(frozen=True, slots=True)
class Went:
    """What a deletion took of what was remembered."""

    ids: tuple[UUID, ...] = ()
    facts: int = 0
    digests: int = 0
    vectors: int = 0
    """Of those that the index holds."""


class Tally:
    """Those memories that a deletion may take. What is made of the same messages meanwhile is not counted."""

    def __init__(self, tx: AsyncSession, user_id: UUID) -> None:
        self._tx, self._user_id = tx, user_id
        self._before: dict[UUID, tuple[MemoryKind, bool]] = {}

    async def of_messages(self, messages: ColumnElement[bool], *others: ColumnElement[bool]) -> None:
        """Look at what came from these messages, and at other memories."""
        derived = (
            select(MemorySource.memory_id)
            .join(Message, Message.id == MemorySource.message_id)
            .where(messages, Message.user_id == self._user_id)
        )
        await self.of(or_(MemoryRow.id.in_(derived.scalar_subquery()), *others))

    async def of(self, which: ColumnElement[bool]) -> None:
        """Look at these memories of the user."""
        rows = await self._tx.execute(
            select(MemoryRow.id, MemoryRow.kind, MemoryRow.indexed_at.is_not(None).label("indexed")).where(
                which, MemoryRow.user_id == self._user_id
            )
        )
        self._before = {row.id: (row.kind, row.indexed) for row in rows}

    async def went(self) -> Went:
        """Which of them are gone now."""
        still = set(await self._tx.scalars(select(MemoryRow.id).where(among(MemoryRow.id, self._before))))
        gone = {memory_id: about for memory_id, about in self._before.items() if memory_id not in still}
        kinds = [kind for kind, _ in gone.values()]
        return Went(
            tuple(gone),
            facts=kinds.count(MemoryKind.FACT),
            digests=kinds.count(MemoryKind.DIGEST),
            vectors=sum(indexed for _, indexed in gone.values()),
        )


async def how_many(tx: AsyncSession, which: ColumnElement[bool]) -> int:
    """Rows that fit."""
    return int(await tx.scalar(select(func.count()).where(which)) or 0)
