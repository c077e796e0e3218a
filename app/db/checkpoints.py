"""The checkpoints of a session's runs, in tables of LangGraph's: they go when the session goes."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

TABLES = ("checkpoint_writes", "checkpoint_blobs", "checkpoints")


async def forget_checkpoints(tx: AsyncSession, session_id: UUID) -> None:
    """Delete what is checkpointed of a session; its id is the thread's."""
    for table in TABLES:
        await tx.execute(text(f"DELETE FROM {table} WHERE thread_id = :id"), {"id": str(session_id)})  # noqa: S608
