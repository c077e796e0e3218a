"""What the index has to follow: the memories' side of keeping index and rows in agreement."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import COLUMNS, to_memories
from app.db.ids import among
from app.db.models import MemoryRow, MemorySource, Message
from graphs.memory.records import Memory, MemoryKind


class Indexing:
    """Revisions of memories, and which of them the index holds."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def read(self, user_id: UUID, ids: Sequence[UUID]) -> list[tuple[Memory, int]]:
        """Those of the memories that there are, each with its revision."""
        rows = (
            await self._tx.execute(
                select(*COLUMNS, MemoryRow.revision).where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id)
            )
        ).all()
        memories = await to_memories(self._tx, rows)
        return [(memory, row.revision) for memory, row in zip(memories, rows, strict=True)]

    async def mark(self, user_id: UUID, written: Mapping[UUID, int]) -> None:
        """Note that the index has these revisions; rows that are gone or newer by now are left alone."""
        if written:
            held = (
                select(MemoryRow.id)
                .where(
                    tuple_(MemoryRow.id, MemoryRow.revision).in_(list(written.items())),
                    MemoryRow.user_id == user_id,
                )
                .order_by(MemoryRow.id)
                .with_for_update()
            )
            await self._tx.execute(
                update(MemoryRow)
                .where(MemoryRow.id.in_(held.scalar_subquery()))
                .values(indexed_at=func.now())
                .execution_options(synchronize_session=False)
            )

    async def revisions(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, int]:
        """By memory, its revision; those that are gone are missing."""
        rows = await self._tx.execute(
            select(MemoryRow.id, MemoryRow.revision).where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id)
        )
        return {row.id: row.revision for row in rows}

    async def pending(self, older_than: timedelta, limit: int) -> dict[UUID, list[UUID]]:
        """By user, memories that the index has been missing for so long, of all users, oldest first."""
        rows = await self._tx.execute(
            select(MemoryRow.user_id, MemoryRow.id)
            .where(MemoryRow.indexed_at.is_(None), MemoryRow.stored_at < func.now() - older_than)
            .order_by(MemoryRow.stored_at)
            .limit(limit)
        )
        found: dict[UUID, list[UUID]] = {}
        for row in rows:
            found.setdefault(row.user_id, []).append(row.id)
        return found

    async def pending_of(self, user_id: UUID, limit: int = 10_000) -> list[UUID]:
        """The user's memories that the index is missing."""
        return list(
            await self._tx.scalars(
                select(MemoryRow.id)
                .where(MemoryRow.indexed_at.is_(None), MemoryRow.user_id == user_id)
                .order_by(MemoryRow.stored_at)
                .limit(limit)
            )
        )

    async def missing(self, user_id: UUID, ids: Sequence[UUID]) -> bool:
        """Whether the index is missing any of these memories; it misses none that is gone."""
        query = select(MemoryRow.id).where(
            among(MemoryRow.id, ids), MemoryRow.user_id == user_id, MemoryRow.indexed_at.is_(None)
        )
        return await self._tx.scalar(query.limit(1)) is not None

    async def of_session(self, user_id: UUID, session_id: UUID) -> list[UUID]:
        """All memories of a session."""
        return list(
            await self._tx.scalars(
                select(MemoryRow.id).where(MemoryRow.session_id == session_id, MemoryRow.user_id == user_id)
            )
        )

    async def page_of_user(self, user_id: UUID, after: UUID | None, limit: int) -> list[UUID]:
        """The user's memories in the order of their ids, those after `after`."""
        query = select(MemoryRow.id).where(MemoryRow.user_id == user_id)
        if after is not None:
            query = query.where(MemoryRow.id > after)
        return list(await self._tx.scalars(query.order_by(MemoryRow.id).limit(limit)))

    async def page(self, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
        """User and id of memories of all users, in the order of their ids, those after `after`."""
        query = select(MemoryRow.user_id, MemoryRow.id)
        if after is not None:
            query = query.where(MemoryRow.id > after)
        return [(row.user_id, row.id) for row in await self._tx.execute(query.order_by(MemoryRow.id).limit(limit))]

    async def taken_since(self, since: datetime) -> list[tuple[UUID, UUID]]:
        """User and id of what the index took since then."""
        rows = await self._tx.execute(select(MemoryRow.user_id, MemoryRow.id).where(MemoryRow.indexed_at >= since))
        return [(row.user_id, row.id) for row in rows]

    async def count(self) -> int:
        """How many memories there are, of all users."""
        return (await self._tx.execute(select(func.count()).select_from(MemoryRow))).scalar_one()

    async def expect_since(self, since: datetime) -> None:
        """Have what the index took since then indexed again."""
        await self._tx.execute(
            update(MemoryRow)
            .where(MemoryRow.indexed_at >= since)
            .values(indexed_at=None)
            .execution_options(synchronize_session=False)
        )

    async def any_taken(self) -> bool:
        """Whether an index is said to hold any memory at all."""
        taken = select(MemoryRow.id).where(MemoryRow.indexed_at.is_not(None)).limit(1)
        return await self._tx.scalar(taken) is not None

    async def remembered_messages(self, user_id: UUID, session_id: UUID) -> set[UUID]:
        """The messages of a session that have episodes, or had them until retention took them."""
        retired = await self._tx.scalars(
            select(Message.id).where(
                Message.session_id == session_id, Message.user_id == user_id, Message.retired_at.is_not(None)
            )
        )
        return set(retired) | set(
            await self._tx.scalars(
                select(Message.id)
                .join(MemorySource, MemorySource.message_id == Message.id)
                .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
                .where(
                    Message.session_id == session_id,
                    Message.user_id == user_id,
                    MemoryRow.kind == MemoryKind.EPISODE,
                )
                .distinct()
            )
        )

    async def drop_episodes(self, user_id: UUID, message_ids: Sequence[UUID]) -> list[UUID]:
        """Delete the episodes of these messages, which may be remembered again; the ones deleted."""
        await self._tx.execute(
            update(Message)
            .where(among(Message.id, message_ids), Message.user_id == user_id, Message.retired_at.is_not(None))
            .values(retired_at=None)
            .execution_options(synchronize_session=False)
        )
        episodes = select(MemorySource.memory_id).where(MemorySource.message_id.in_(message_ids))
        rows = await self._tx.scalars(
            delete(MemoryRow)
            .where(
                MemoryRow.id.in_(episodes.scalar_subquery()),
                MemoryRow.kind == MemoryKind.EPISODE,
                MemoryRow.user_id == user_id,
            )
            .returning(MemoryRow.id)
            .execution_options(synchronize_session=False)
        )
        return list(rows)
