"""Taking everything in, and taking it out again."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app.api.jobs import job_of
from app.api.parts import PartsOf
from app.errors import InvalidRequest
from app.schemas import Job, Problem
from app.security.identity import UserId, needs
from app.transfer.archives.trees import Skipped
from app.transfer.export import export
from app.transfer.sources import reader_for
from app.transfer.staging import receive

IMPORT = "/api/import"
NDJSON = "application/x-ndjson"

router = APIRouter(tags=["import and export"], dependencies=[needs("account")])
LINES: dict[str, Any] = {NDJSON: {"schema": {"type": "string"}}}
ARCHIVE: dict[str, Any] = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    IMPORT,
    status_code=202,
    responses={code: {"model": Problem} for code in (413, 415, 422)},
    openapi_extra={"requestBody": {"required": True, "content": LINES | ARCHIVE}},
)
async def import_lines(request: Request, response: Response, user_id: UserId, parts: PartsOf) -> Job:
    """Take in sessions, messages and memories: one JSON object a line, or an archive that ChatGPT or Claude exported;
    see docs/import.md.

    All of it is checked before the answer: a line that breaks a rule is named (`line`), and nothing is imported. The
    rest is a job, which tells what was left out (`skipped`).
    """
    skipped: Skipped = Counter()
    limit = parts.settings.import_limit * 1024 * 1024
    read = reader_for(request.headers.get("content-type", ""), skipped, limit)
    body = _Body(request)
    try:
        lines = parts.masking.lines(read(body.pieces()))
        job = await receive(parts.database, parts.queue, user_id, lines, skipped, left=body.left)
    except ClientDisconnect:
        raise InvalidRequest("the connection was closed before the end of the body") from None
    response.headers["location"] = f"/api/jobs/{job.id}"
    return job_of(job)


class _Body:
    """A request's body, and whether its sender has left after it."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._ended = False

    async def pieces(self) -> AsyncIterator[bytes]:
        """Raises `ClientDisconnect` where it breaks off."""
        async for piece in self._request.stream():
            yield piece
        self._ended = True

    async def left(self) -> bool:
        """Whether nobody waits for the answer: an archive is looked through for minutes after its last byte."""
        # Asked earlier it would take a piece of the body away.
        return self._ended and await self._request.is_disconnected()


@router.get(
    "/api/export",
    response_class=StreamingResponse,
    responses={200: {"content": LINES, "description": "Lines that an import takes."}},
)
async def export_lines(user_id: UserId, parts: PartsOf) -> StreamingResponse:
    """Everything of yours, as lines that an import takes."""
    name = f"memocha-{datetime.now(UTC):%Y-%m-%d}.jsonl"
    return StreamingResponse(
        export(parts.database, user_id),
        media_type=NDJSON,
        headers={"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"},
    )
