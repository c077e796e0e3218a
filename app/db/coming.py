"""What is about to be remembered: said, and not yet among the memories."""

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import among
from app.db.models import MemorySource, Message, Session, User

# A job that has failed once is not waited for: it makes the rows first, and it is the index that it tries again.
_WAITING = text("""
    SELECT jsonb_array_elements_text(args -> 'message_ids')::uuid
    FROM procrastinate_jobs
    WHERE task_name = 'index_messages' AND status IN ('todo', 'doing') AND attempts = 0
        AND args ->> 'user_id' = :user_id
""")


async def coming(tx: AsyncSession, user_id: UUID) -> int:
    """How many of the user's messages are about to be remembered: their job has not made their memories yet."""
    ids = (await tx.scalars(_WAITING, {"user_id": str(user_id)})).all()
    if not ids:
        return 0
    counted = await tx.execute(
        select(func.count())
        .select_from(Message)
        .join(Session, Session.id == Message.session_id)
        .join(User, User.id == Message.user_id)
        .where(
            among(Message.id, ids),
            Message.user_id == user_id,
            Message.forgotten_at.is_(None),
            Message.retired_at.is_(None),
            User.memory_enabled,
            Session.memory_enabled,
            ~Session.temporary,
            # The job makes the rows and goes on with the index.
            ~select(MemorySource.message_id).where(MemorySource.message_id == Message.id).exists(),
        )
    )
    return int(counted.scalar_one())
