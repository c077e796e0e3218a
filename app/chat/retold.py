"""Turns of clients that keep the conversation themselves, as OpenAI's and LangServe's playground do: with each message
they tell again what was said before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.branches import widen
from app.db.histories import Histories, Said
from app.db.messages import Messages
from app.db.models import Message, Session
from app.db.sessions import Sessions

INSTRUCTIONS = "instructions"
READS_ONLY = "reads_only"


@dataclass(frozen=True, slots=True)
class Retold:
    """What such a client sends beside the message."""

    history: Sequence[Said] = ()
    """What was said before, oldest first."""
    instructions: str = ""
    """What the client's own program asks of the model."""
    reads_only: bool = False
    """Memory is read and nothing is kept: the session is a temporary one, and goes when the answer ends."""

    @property
    def parameters(self) -> dict[str, Any]:
        """As the run keeps them."""
        return ({INSTRUCTIONS: self.instructions} if self.instructions else {}) | (
            {READS_ONLY: True} if self.reads_only else {}
        )


async def session_of(tx: AsyncSession, user_id: UUID, history: Sequence[Said], wanted: UUID | None) -> UUID | None:
    """The session that the history is told of; `wanted`: the one that the client names."""
    if wanted is not None:
        return wanted
    place = await Histories(tx).find(user_id, history)
    return place.session_id if place else None


async def go_on(tx: AsyncSession, user_id: UUID, session: Session, history: Sequence[Said], message: str) -> Message:
    """The question, stored where the history ends; what the session does not know of that is stored before it.

    The same question at the same place is asked again, not stored again: the client wants another answer. Where the
    history is of another branch, the question makes one. `session`: locked.
    """
    messages = Messages(tx)
    place = await Histories(tx).find(user_id, history, session.id) if history else None
    if place is not None:
        parent_id: UUID | None = place.after
        missing = history[place.known :]
        if not missing and (asked := await messages.asked_after(user_id, session.id, place.after, message)):
            widen(session, asked.seq)
            await Sessions(tx).set_head(user_id, session.id, asked.id)
            return asked
        widen(session, (await messages.get(user_id, session.id, place.after)).seq)
    else:
        # A session that was named knows better than its client what was said in it.
        parent_id, missing = session.head_id, () if session.head_id else history
    for said in missing:
        added, _ = await messages.add(user_id, session.id, said.role, said.text, parent_id=parent_id)
        parent_id = added.id
    question, _ = await messages.add(user_id, session.id, "user", message, parent_id=parent_id)
    return question
