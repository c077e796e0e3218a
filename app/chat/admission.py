"""From a request to a stored question and a run that holds the session: one transaction, before any work."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.branches import widen
from app.chat.request import ChatRequest
from app.chat.retold import Retold, go_on, session_of
from app.db.messages import Messages
from app.db.models import Message, Run, Session
from app.db.notices import Notices
from app.db.runs import Runs as RunRows
from app.db.sessions import Sessions
from app.errors import InvalidRequest

TITLE_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Admitted:
    """A turn that may begin."""

    session: Session
    question: Message
    run: Run
    switched_branch: bool
    """Whether an older branch was left, whose messages are no longer to be recalled."""


async def admit(
    tx: AsyncSession, user_id: UUID, request: ChatRequest, owner: str, retold: Retold | None = None
) -> Admitted:
    """Store the question and start its run. `retold`: of a client that keeps the conversation itself.

    Raises `SessionNotFound`, `MessageNotFound`, `InvalidRequest`, and `RunActive` where the session is answering
    another message; nothing is stored then.
    """
    sessions, messages = Sessions(tx), Messages(tx)
    session_id = request.session_id
    if retold is not None and not request.temporary:
        session_id = await session_of(tx, user_id, retold.history, session_id)
    if session_id is None:
        assert request.message is not None
        title = title_of(_first(request.message, retold))
        session = await sessions.create(user_id, title=title, title_source="cut", temporary=request.temporary)
    else:
        session = await sessions.lock(user_id, session_id)
    before = session.head_id
    if retold is None:
        question = await _question(messages, user_id, session, request)
    else:
        assert request.message is not None
        question = await go_on(tx, user_id, session, retold.history, request.message)
    run = await RunRows(tx).start(
        user_id,
        session.id,
        question.id,
        owner=owner,
        params={
            "model": request.model,
            **request.parameters.model_dump(mode="json", exclude_none=True),
            **(retold.parameters if retold is not None else {}),
        },
    )
    if not session.temporary:
        await Notices(tx).run(user_id, session.id, run.id)
    if request.regenerate is not None:
        # A new message is the head already, and has put its session first; it is never outside the window.
        widen(session, question.seq)
        await sessions.set_head(user_id, session.id, question.id)
        await sessions.touch(user_id, session.id)
    if not session.title and request.message:
        await sessions.set_title_if_empty(user_id, session.id, title_of(request.message))
        session.title = title_of(request.message)
    return Admitted(session, question, run, switched_branch=question.parent_id != before)


async def _question(messages: Messages, user_id: UUID, session: Session, request: ChatRequest) -> Message:
    """The message to be answered: the new one, or the one whose answer is given anew."""
    if request.regenerate is not None:
        target = await messages.get(user_id, session.id, request.regenerate)
        if target.role == "user":
            return target
        if target.parent_id is None:
            raise InvalidRequest("regenerate names a message that answers none")
        return await messages.get(user_id, session.id, target.parent_id)
    assert request.message is not None
    parent_id = session.head_id
    if request.edit_of is not None:
        edited = await messages.get(user_id, session.id, request.edit_of)
        if edited.role != "user":
            raise InvalidRequest("edit_of names a message that is not the user's")
        parent_id = edited.parent_id
        widen(session, edited.seq)
    question, _ = await messages.add(user_id, session.id, "user", request.message, parent_id=parent_id)
    return question


def _first(message: str, retold: Retold | None) -> str:
    """What the user said first."""
    history = retold.history if retold is not None else ()
    return next((said.text for said in history if said.role == "user"), message)


def title_of(message: str) -> str:
    """A session's first title: the beginning of its first message, cut at a word."""
    line = " ".join(message.split())
    if len(line) <= TITLE_LENGTH:
        return line
    cut = line[:TITLE_LENGTH]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,.;:") + "…"
