"""The recalls table: which answer was given which memories."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import to_memories
from app.db.models import MemoryRow, Message, RecallRow
from graphs.memory.records import Recalled


class Recalls:
    """The memories behind the answers."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def set(self, user_id: UUID, message_id: UUID, given: Sequence[Recalled]) -> None:
        """Note what an answer was given, in place of what was noted before.

        Memories that were deleted meanwhile or are not the user's are left out; so is an answer that is not.
        """
        known = set(
            await self._tx.scalars(
                select(MemoryRow.id)
                .where(MemoryRow.id.in_([item.memory.id for item in given]), MemoryRow.user_id == user_id)
                .order_by(MemoryRow.id)
                # Held: a deletion in between would break the reference, and the answer's transaction.
                .with_for_update(read=True, key_share=True)
            )
        )
        mine = await self._tx.scalar(select(Message.id).where(Message.id == message_id, Message.user_id == user_id))
        if mine is None:
            return
        await self._tx.execute(delete(RecallRow).where(RecallRow.message_id == message_id))
        rows = {
            item.memory.id: {
                "message_id": message_id,
                "memory_id": item.memory.id,
                "position": position,
                "score": item.score,
                "in_view": item.in_view,
                "number": item.number,
            }
            for position, item in enumerate(given)
            if item.memory.id in known
        }
        if rows:
            await self._tx.execute(insert(RecallRow), list(rows.values()))

    async def of(
        self, user_id: UUID, message_ids: Sequence[UUID], *, in_view: bool = True
    ) -> dict[UUID, list[Recalled]]:
        """For each answer the memories it was given, in that order; deleted ones are gone here too.

        `in_view`: also those that earlier answers had brought.
        """
        if not message_ids:
            return {}
        rows = (
            await self._tx.execute(
                select(RecallRow, MemoryRow)
                .join(MemoryRow, MemoryRow.id == RecallRow.memory_id)
                .where(
                    RecallRow.message_id.in_(message_ids),
                    MemoryRow.user_id == user_id,
                    true() if in_view else ~RecallRow.in_view,
                )
                .order_by(RecallRow.message_id, RecallRow.position)
            )
        ).all()
        memories = await to_memories(self._tx, [row.MemoryRow for row in rows])
        given: dict[UUID, list[Recalled]] = {}
        for row, memory in zip(rows, memories, strict=True):
            recall: RecallRow = row.RecallRow
            item = Recalled(memory, recall.score, recall.in_view, recall.number)
            given.setdefault(recall.message_id, []).append(item)
        return given
