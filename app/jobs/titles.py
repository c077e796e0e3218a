"""The job that has the chat model title a session, after its first answer and once more after its third.

title_session  how a session begins -> its title

Until then, and where the model gives nothing of use, the session is called by the beginning of its first message. A
title that a person gave stays.
"""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.messages import Messages
from app.db.models import Session
from app.db.sessions import Sessions
from app.errors import SessionNotFound
from app.jobs.queue import JobQueue
from app.jobs.reader import Pace, Reader, Talking, new_hands
from app.jobs.retry import Backoff
from graphs.errors import ModelOverloaded, ModelRejected, ModelUnavailable, Retryable
from graphs.memory.records import Role
from graphs.models.chat import Model
from graphs.titles import titled

log = structlog.get_logger(__name__)

AFTER = (1, 3)
"""Answers of a session after which it is titled."""
MESSAGES = 2 * max(AFTER)
"""The last ones, that are read: all there are, unless a branch is long already."""
TRIES = 8
"""Of a model that is away or busy; then the title stays as it is."""

_titles = Counter("memocha_titles_total", "Sessions that were to be titled, by what became of it.", ["outcome"])


class Waiting(Retryable):
    """All hands are full; the title waits."""


@dataclass(frozen=True, slots=True)
class TitleTasks:
    """The job with all it needs; `register` makes it known to a worker's queue."""

    database: Database
    queue: JobQueue
    model: Model | None
    """None: titles are off. Jobs end without doing anything."""
    pace: Pace = field(default_factory=Pace)
    hands: asyncio.Semaphore = field(default_factory=new_hands)

    def register(self) -> None:
        """Have workers of the queue do this job. Once a queue."""
        self.queue.app.task(name="title_session", retry=Tries(TRIES))(self.title_session)

    async def title_session(self, user_id: str, session_id: str) -> None:
        """Title the session, unless a person did. Raises `Retryable` where that has to wait."""
        if self.model is None:
            return
        if self.hands.locked():
            # What asks a model must not take all hands of the worker: what indexes messages needs some.
            raise Waiting("other jobs ask the model")
        async with self.hands:
            outcome = await self._title(self.model, UUID(user_id), UUID(session_id))
        _titles.labels(outcome).inc()

    async def _title(self, model: Model, user_id: UUID, session_id: UUID) -> str:
        reader = Reader(self.database, self.pace)
        async with self.database.transaction() as tx:
            conversation = await _beginning(tx, user_id, session_id)
        if not conversation:
            return "not_wanted"
        if not await reader.affordable(user_id):
            return "budget"
        try:
            made = await reader.quietly(lambda: titled(model, conversation))
        except (ModelUnavailable, ModelOverloaded, Talking):
            raise
        except ModelRejected as error:
            log.warning("a session could not be titled", session_id=str(session_id), code=error.code, error=str(error))
            return error.code
        await reader.spend(user_id, made.tokens)
        if made.title is None:
            return "unusable"
        async with self.database.transaction() as tx:
            stored = await Sessions(tx).set_models_title(user_id, session_id, made.title)
        return "titled" if stored else "not_wanted"


class Tries(Backoff):
    """Like `Backoff`, and bounded where something is away too: a title is not worth waiting for ever."""

    def __init__(self, tries: int) -> None:
        self._tries = tries

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None: not any more."""
        if isinstance(exception, Retryable) and job.attempts + 1 >= self._tries:
            return None
        return super().get_retry_decision(exception=exception, job=job)


async def _beginning(tx: AsyncSession, user_id: UUID, session_id: UUID) -> list[tuple[Role, str]]:
    """Who said what on the branch that is shown; nothing where no title is wanted."""
    try:
        session = await Sessions(tx).get(user_id, session_id)
    except SessionNotFound:
        return []
    if not titled_by_model(session):
        return []
    rows = await Messages(tx).branch(user_id, session_id, session.head_id, limit=MESSAGES)
    return [(row.role, row.content) for row in rows]


def titled_by_model(session: Session) -> bool:
    """Whether a model may title the session: no person did, and it is there to be listed."""
    return session.title_source != "person" and not session.temporary
