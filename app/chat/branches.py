"""Which branch of a session is shown, and from where on the model reads it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.digests import Digests
from app.db.facts import Facts
from app.db.ids import among
from app.db.indexing import Indexing
from app.db.messages import Messages
from app.db.models import Message, Session
from app.db.sessions import Sessions
from app.jobs.queue import JobQueue

REACH = 200
"""How many positions before a fork the window begins, when the fork lies before the window; the next turn trims it."""


def widen(session: Session, seq: int) -> None:
    """Have the window reach back over a message at that position, when it does not yet."""
    if seq < session.window_start:
        session.window_start = max(0, seq - REACH)


async def show(tx: AsyncSession, user_id: UUID, session: Session, message_id: UUID) -> None:
    """Show the branch that goes through the message, to its newest end. Raises `MessageNotFound`."""
    messages = Messages(tx)
    leaf = await messages.get(user_id, session.id, await messages.leaf(user_id, session.id, message_id))
    widen(session, leaf.seq)
    await Sessions(tx).set_head(user_id, session.id, leaf.id)


async def remember_shown(tx: AsyncSession, queue: JobQueue, user_id: UUID, session_id: UUID) -> None:
    """Have exactly the shown branch remembered. What was left is not recalled from this transaction on; what is shown
    again is remembered by a job."""
    indexing = Indexing(tx)
    left = await indexing.remembered_messages(user_id, session_id) - await Messages(tx).shown_ids(user_id, session_id)
    dropped = await indexing.drop_episodes(user_id, sorted(left)) if left else []
    dropped += await Digests(tx).leave(user_id, among(Message.id, left)) if left else []
    dropped += await Facts(tx).leave(user_id, among(Message.id, left)) if left else []
    await queue.forget(tx, user_id, dropped)
    await queue.reconcile_session(tx, user_id, session_id)
