"""The runs table: who is answering what, and whether they still are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import exists, func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import among, new_id
from app.db.models import Message, Run
from app.errors import RunActive, RunNotFound

FinalState = Literal["done", "stopped", "failed", "interrupted"]
UNANSWERED: frozenset[FinalState] = frozenset({"stopped", "failed", "interrupted"})
"""How runs end that may have brought no answer."""


class Runs:
    """Turns being answered. What a process does to its own runs is guarded by `owner`, else by the user."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def start(
        self,
        user_id: UUID,
        session_id: UUID,
        user_message_id: UUID,
        *,
        owner: str,
        run_id: UUID | None = None,
        message_id: UUID | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Run:
        """A new run, held by `owner`. Raises `RunActive` where the session has one that is running."""
        row = insert(Run).values(
            id=run_id or new_id(),
            user_id=user_id,
            session_id=session_id,
            user_message_id=user_message_id,
            message_id=message_id or new_id(),
            owner=owner,
            params=dict(params or {}),
        )
        unless_live = row.on_conflict_do_nothing(index_elements=[Run.session_id], index_where=text("state = 'running'"))
        while True:
            run = (await self._tx.scalars(unless_live.returning(Run))).one_or_none()
            if run is not None:
                return run
            # None here: the other one ended between the two statements, so the session is free.
            live = await self.live_for(user_id, session_id)
            if live is not None:
                raise RunActive(live.id)

    async def get(self, user_id: UUID, run_id: UUID) -> Run:
        """The run. Raises `RunNotFound`."""
        run = await self._tx.scalar(
            select(Run).where(Run.id == run_id, Run.user_id == user_id).execution_options(populate_existing=True)
        )
        if run is None:
            raise RunNotFound(f"run {run_id} of user {user_id}")
        return run

    async def live_for(self, user_id: UUID, session_id: UUID) -> Run | None:
        """The run that is answering in this session."""
        return await self._tx.scalar(
            select(Run).where(Run.session_id == session_id, Run.user_id == user_id, Run.state == "running")
        )

    async def live_ids(self, user_id: UUID, session_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """By session, the run that is answering in it."""
        rows = await self._tx.execute(
            select(Run.session_id, Run.id).where(
                Run.session_id.in_(session_ids), Run.user_id == user_id, Run.state == "running"
            )
        )
        return {row.session_id: row.id for row in rows}

    async def error_codes(self, user_id: UUID, answers: Mapping[UUID, UUID]) -> dict[UUID, str]:
        """Why answers broke off, by answer; `answers`: by answer, the message that it is to."""
        if not answers:
            return {}
        rows = await self._tx.execute(
            select(Run.message_id, Run.error_code).where(
                # By the question: runs have an index on that.
                among(Run.user_message_id, answers.values()),
                among(Run.message_id, answers),
                Run.user_id == user_id,
                Run.error_code.is_not(None),
            )
        )
        return {row.message_id: row.error_code for row in rows}

    async def unanswered(self, user_id: UUID, questions: Collection[UUID]) -> dict[UUID, str]:
        """Why those of the messages that have no answer have none, as their last run ended: the code of its error, or
        `stopped`."""
        if not questions:
            return {}
        answered = exists().where(Message.parent_id == Run.user_message_id, Message.role == "assistant")
        last = (
            select(Run.user_message_id, Run.state, Run.error_code)
            .where(among(Run.user_message_id, questions), Run.user_id == user_id, ~answered)
            .ext(distinct_on(Run.user_message_id))
            .order_by(Run.user_message_id, Run.created_at.desc())
        )
        return {
            row.user_message_id: row.error_code or row.state
            for row in await self._tx.execute(last)
            if row.state in UNANSWERED
        }

    async def heartbeat(self, owner: str, run_ids: Sequence[UUID]) -> set[UUID]:
        """Say that the owner is alive; those of the runs that are still running and its own."""
        rows = await self._tx.scalars(
            update(Run)
            .where(Run.id.in_(run_ids), Run.owner == owner, Run.state == "running")
            .values(heartbeat_at=func.clock_timestamp())
            .returning(Run.id)
        )
        return set(rows)

    async def finish(self, run_id: UUID, owner: str, state: FinalState, *, error_code: str | None = None) -> bool:
        """End the run. False, and nothing changed, where it has ended already or is another's by now."""
        done = await self._tx.execute(
            update(Run)
            .where(Run.id == run_id, Run.owner == owner, Run.state == "running")
            .values(state=state, error_code=error_code, finished_at=func.clock_timestamp())
            .returning(Run.id)
        )
        return done.first() is not None

    async def expired(self, older_than: timedelta, limit: int = 100) -> list[Run]:
        """Running runs, of all users, whose owner was not heard of for so long by the database's clock."""
        rows = await self._tx.scalars(
            select(Run)
            .where(Run.state == "running", Run.heartbeat_at < func.clock_timestamp() - older_than)
            .order_by(Run.heartbeat_at)
            .limit(limit)
        )
        return list(rows)

    async def adopt(self, run_id: UUID, owner: str, *, older_than: timedelta) -> Run | None:
        """Take over a run whose owner has not been heard of for so long; None where another was faster."""
        adopted = await self._tx.scalars(
            update(Run)
            .where(
                Run.id == run_id,
                Run.state == "running",
                Run.heartbeat_at < func.clock_timestamp() - older_than,
            )
            .values(owner=owner, attempt=Run.attempt + 1, heartbeat_at=func.clock_timestamp())
            .returning(Run)
            .execution_options(populate_existing=True)
        )
        return adopted.one_or_none()
