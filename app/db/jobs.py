"""The jobs table: work that a user waits for."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import JobRow, JobState
from app.db.notices import Notices
from app.errors import JobNotFound, TooManyImports

LIVE: tuple[JobState, ...] = ("queued", "running")
AT_ONCE = 5
"""Of a user and kind, those whose work arrives, waits or is done: each may be as large as an import may be."""
PASSED = "memories"
"""The kind under which memories that were not taken are counted: nothing that they came from is there, their day is to
have no digest, or memory is off."""


class Jobs:
    """How far it is. Of what is not the user's every method behaves as if it were not there."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def receive(self, user_id: UUID, kind: str) -> JobRow:
        """A new job, whose work is still arriving. Raises `TooManyImports`."""
        await self._tx.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"{kind}:{user_id}"}
        )
        going_on = await self._tx.scalar(
            select(func.count()).where(
                JobRow.user_id == user_id, JobRow.kind == kind, JobRow.state.in_(("receiving", *LIVE))
            )
        )
        if (going_on or 0) >= AT_ONCE:
            raise TooManyImports(f"{going_on} of kind {kind}")
        job = JobRow(id=new_id(), user_id=user_id, kind=kind, state="receiving")
        self._tx.add(job)
        await self._tx.flush()
        await self._tx.refresh(job)
        return job

    async def get(self, user_id: UUID, job_id: UUID) -> JobRow:
        """The job, once all it works on has arrived. Raises `JobNotFound`."""
        job = await self._tx.scalar(
            select(JobRow)
            .where(JobRow.id == job_id, JobRow.user_id == user_id, JobRow.state != "receiving")
            .execution_options(populate_existing=True)
        )
        if job is None:
            raise JobNotFound(f"job {job_id} of user {user_id}")
        return job

    async def received(
        self,
        user_id: UUID,
        job_id: UUID,
        total: int,
        *,
        state: JobState = "receiving",
        skipped: Mapping[str, int] | None = None,
    ) -> JobRow:
        """Note how much has arrived; with `state="queued"` that it is all, and what was left out of it, by kind. Raises
        `JobNotFound`."""
        job = await self._change(user_id, job_id, ("receiving",), state=state, total=total, skipped=dict(skipped or {}))
        return await self._told(job) if state != "receiving" else job

    async def begin(self, user_id: UUID, job_id: UUID) -> JobRow | None:
        """The job, held, to go on with from `processed`; None where it has ended or is gone."""
        try:
            return await self._told(await self._change(user_id, job_id, LIVE, state="running"))
        except JobNotFound:
            return None

    async def imported(self, user_id: UUID, job_id: UUID, lines: int) -> None:
        """Note that so many more lines have brought anything: in the transaction that stores it, so that each counts
        once though it be tried again. Raises `JobNotFound`."""
        await self._change(user_id, job_id, LIVE, imported=JobRow.imported + lines)

    async def advance(
        self, user_id: UUID, job_id: UUID, processed: int, *, passed: int = 0, told: bool = False
    ) -> JobRow:
        """Note how much is done, and tell it where that is `told`; `passed`: memories on the way that were not taken.
        Raises `JobNotFound`."""
        more: dict[str, object] = {"skipped": _with(PASSED, passed)} if passed else {}
        job = await self._change(user_id, job_id, LIVE, processed=processed, **more)
        return await self._told(job) if told else job

    async def succeed(self, user_id: UUID, job_id: UUID) -> None:
        """Note that all is done. Raises `JobNotFound`."""
        await self._told(await self._change(user_id, job_id, LIVE, state="succeeded", processed=JobRow.total))

    async def fail(self, user_id: UUID, job_id: UUID, error: str) -> None:
        """Note that it was given up, and why. Raises `JobNotFound`."""
        await self._told(await self._change(user_id, job_id, LIVE, state="failed", error=error))

    async def drop(self, user_id: UUID, job_id: UUID) -> None:
        """Delete the job and what it was to work on."""
        await self._tx.execute(delete(JobRow).where(JobRow.id == job_id, JobRow.user_id == user_id))

    async def expire(self, *, receiving: timedelta, ended: timedelta) -> int:
        """Delete, of all users, jobs that nothing has arrived for in so long, and those that ended so long ago."""
        gone = await self._tx.execute(
            delete(JobRow)
            .where(
                or_(
                    and_(JobRow.state == "receiving", JobRow.updated_at < func.now() - receiving),
                    and_(JobRow.state.in_(("succeeded", "failed")), JobRow.updated_at < func.now() - ended),
                )
            )
            .returning(JobRow.id)
        )
        return len(gone.all())

    async def _told(self, job: JobRow) -> JobRow:
        await Notices(self._tx).job(job)
        return job

    async def _change(
        self, user_id: UUID, job_id: UUID, states: tuple[JobState, ...], **values: str | int | datetime | object
    ) -> JobRow:
        changed = await self._tx.scalars(
            update(JobRow)
            .where(JobRow.id == job_id, JobRow.user_id == user_id, JobRow.state.in_(states))
            .values(**values, updated_at=func.clock_timestamp())
            .returning(JobRow)
            .execution_options(populate_existing=True)
        )
        job = changed.one_or_none()
        if job is None:
            raise JobNotFound(f"job {job_id} of user {user_id}")
        return job


def _with(kind: str, count: int) -> ColumnElement[Any]:
    """What was left out, and so much more of that kind."""
    before = func.coalesce(JobRow.skipped[kind].as_integer(), 0)
    return JobRow.skipped.op("||")(func.jsonb_build_object(kind, before + count))
