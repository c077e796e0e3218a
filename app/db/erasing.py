"""Erasing a person: every row of theirs goes, in whatever table it is; the user stays, as somebody new."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.checkpoints import TABLES
from app.db.models import ApiKey, Base, DigestDay, IdentityRow, MemoryRow, Message, Session, SignIn, User
from graphs.memory.records import MemoryKind

KEPT_OF_USER = (
    *("id", "name", "created_at"),
    *("login", "password_hash", "password_changed_at", "role", "disabled_at", "last_seen_at"),
)
CREDENTIALS = (ApiKey.__table__, SignIn.__table__, IdentityRow.__table__)
"""What lets a person in again stays until the account goes."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How much went, by store."""

    rows: dict[str, int]
    """By table, less those whose rows go with others'."""
    facts: int
    digests: int
    vectors: int
    """Memories that the index holds."""
    checkpoints: int
    waiting: int
    """Jobs that were waiting in the queue."""


class Erasing:
    """Deletes rows for good. Whoever calls has to tell the index, in the same transaction, after it."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def everything(self, user_id: UUID) -> Erased:
        """Delete all rows of the user but the user's own, whose settings become what they are for somebody new."""
        sessions = await self._hold(user_id)
        facts, digests, vectors = await self._count(user_id)
        checkpoints = await self._drop_checkpoints(sessions)
        waiting = await self._drop_jobs(user_id)
        rows = {}
        for table in owned():
            done = await self._tx.execute(delete(table).where(table.c.user_id == user_id))
            rows[table.name] = done.rowcount  # type: ignore[attr-defined]
        defaults = {
            column.name: text("DEFAULT") for column in User.__table__.columns if column.name not in KEPT_OF_USER
        }
        await self._tx.execute(update(User.__table__).where(User.id == user_id).values(defaults))  # type: ignore[arg-type]
        return Erased(rows, facts, digests, vectors, checkpoints, waiting)

    async def _hold(self, user_id: UUID) -> list[UUID]:
        """Hold what others may be changing, in the order in which all hold it (sessions, messages, days, memories): who
        comes after finds it gone. The sessions."""
        held = await self._tx.scalars(
            select(Session.id).where(Session.user_id == user_id).order_by(Session.id).with_for_update()
        )
        sessions = list(held)
        for key, owner in (
            (Message.id, Message.user_id),
            (DigestDay.day, DigestDay.user_id),
            (MemoryRow.id, MemoryRow.user_id),
        ):
            await self._tx.execute(
                select(func.count()).select_from(
                    select(key).where(owner == user_id).order_by(key).with_for_update().subquery()
                )
            )
        return sessions

    async def _count(self, user_id: UUID) -> tuple[int, int, int]:
        row = await self._tx.execute(
            select(
                func.count().filter(MemoryRow.kind == MemoryKind.FACT),
                func.count().filter(MemoryRow.kind == MemoryKind.DIGEST),
                func.count().filter(MemoryRow.indexed_at.is_not(None)),
            ).where(MemoryRow.user_id == user_id)
        )
        facts, digests, vectors = row.one()
        return facts, digests, vectors

    async def _drop_checkpoints(self, sessions: Iterable[UUID]) -> int:
        threads = {"threads": [str(session_id) for session_id in sessions]}
        count = 0
        for table in TABLES:
            where = f"{table} WHERE thread_id = ANY(:threads)"
            gone = await self._tx.execute(text(f"DELETE FROM {where} RETURNING checkpoint_ns"), threads)  # noqa: S608
            count += len(gone.all()) if table == "checkpoints" else 0
        return count

    async def _drop_jobs(self, user_id: UUID) -> int:
        """Jobs of the user's that wait; one that is being done finds nothing to do it with."""
        gone = await self._tx.execute(
            text(
                "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs "
                "WHERE status = 'todo' AND args->>'user_id' = :user_id FOR UPDATE SKIP LOCKED) RETURNING id"
            ),
            {"user_id": str(user_id)},
        )
        return len(gone.all())


def owned() -> list[Table]:
    """The tables whose rows say whose they are, but for credentials, in an order in which each can be emptied. Rows of
    the others go with those they belong to."""
    mine = [table for table in reversed(Base.metadata.sorted_tables) if "user_id" in table.c]
    return [table for table in mine if table not in CREDENTIALS]
