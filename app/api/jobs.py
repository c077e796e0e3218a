"""Work that goes on in the background."""

from uuid import UUID

from fastapi import APIRouter

from app.api.parts import PartsOf
from app.db.jobs import Jobs
from app.db.models import JobRow
from app.schemas import Job, Problem
from app.security.identity import UserId, needs

router = APIRouter(
    prefix="/api/jobs", tags=["jobs"], dependencies=[needs("account")], responses={404: {"model": Problem}}
)


@router.get("/{job_id}")
async def get_job(job_id: UUID, user_id: UserId, parts: PartsOf) -> Job:
    """How far it is. An import has succeeded when all of it can be found."""
    async with parts.database.transaction() as tx:
        return job_of(await Jobs(tx).get(user_id, job_id))


def job_of(row: JobRow) -> Job:
    """The row as clients see it."""
    assert row.state != "receiving"
    told = ("id", "kind", "state", "processed", "total", "error", "skipped", "imported")
    return Job(**{name: getattr(row, name) for name in told})
