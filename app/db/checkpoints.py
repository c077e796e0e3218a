"""The checkpoints of a session's runs, in tables of LangGraph's: they go when the session goes."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

TABLES = ("checkpoint_writes", "checkpoint_blobs", "checkpoints")


async def count_checkpoints(tx: AsyncSession, sessions: Iterable[UUID]) -> int:
    """How many there are of these sessions."""
    threads = {"threads": [str(session_id) for session_id in sessions]}
    found = await tx.execute(text("SELECT count(*) FROM checkpoints WHERE thread_id = ANY(:threads)"), threads)
    return int(found.scalar_one())


async def forget_checkpoints(tx: AsyncSession, session_id: UUID) -> None:
    """Delete what is checkpointed of a session; its id is the thread's."""
    for table in TABLES:
        await tx.execute(text(f"DELETE FROM {table} WHERE thread_id = :id"), {"id": str(session_id)})  # noqa: S608
