"""A turn over HTTP."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse

from app.api.openapi import event_stream
from app.api.parts import PartsOf
from app.chat.events import NAMES, DoneEvent, ErrorEvent, MemoriesEvent, RunEvent, UsageEvent
from app.chat.live import LiveRun
from app.chat.request import ChatRequest
from app.errors import RunFailed, ShuttingDown
from app.schemas import Problem, RecalledMemory
from app.security.identity import UserId, needs

router = APIRouter(tags=["chat"], dependencies=[needs("chat")])

PING = 15
"""Seconds of silence after which a comment keeps proxies from closing the stream."""
LEAVE = 10.0
"""Seconds that streams are given to end with their runs when the service stops; then their clients come back later."""


class Answer(BaseModel):
    """A whole turn."""

    run_id: UUID
    session_id: UUID
    user_message_id: UUID
    message_id: UUID
    title: str
    message: str = Field(description="The answer.")
    finish_reason: str
    memories: list[RecalledMemory]
    degraded: bool = Field(description="The memory index did not answer, and words alone were searched.")
    forgotten: int = Field(description="How many memories went because the message asked for it.")
    usage: UsageEvent


STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "model": Answer,
        "description": "The events of the run (see ChatEvent), or the whole turn for Accept: application/json.",
        "content": event_stream(NAMES, numbered=True),
    },
    404: {"model": Problem},
    409: {
        "model": Problem,
        "description": "The session is answering another message; `run_id` names the run.",
    },
    422: {"model": Problem},
}


class Cancelled(BaseModel):
    """A run that was stopped."""

    run_id: UUID
    message_id: UUID
    """The answer, where something of it was kept."""
    kept: bool


class EventStream(EventSourceResponse):
    """Events that are encoded already, with what keeps proxies from holding them back."""

    def __init__(self, events: AsyncIterator[bytes], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            events,
            ping=PING,
            headers={"x-accel-buffering": "no", "cache-control": "no-store", **(headers or {})},
            shutdown_grace_period=LEAVE,
        )


@router.post("/api/chat", responses=STREAM, response_model=None)
@router.post("/chat", responses=STREAM, response_model=None, include_in_schema=False)
async def chat(
    body: ChatRequest,
    user_id: UserId,
    parts: PartsOf,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Response:
    """Take one turn. The run goes on when the connection ends; `GET /api/runs/{id}/events` joins it again."""
    await parts.rates.turn(user_id)
    run = await parts.runs.start(user_id, body)
    if "application/json" in accept and "text/event-stream" not in accept:
        return await whole(run)
    return EventStream(run.log.follow())


@router.get(
    "/api/runs/{run_id}/events",
    responses={
        200: {"description": "The events of the run (see ChatEvent).", "content": event_stream(NAMES, numbered=True)},
        404: {"model": Problem},
    },
    # Of no kind of its own, so that none is described beside the stream.
    response_class=StreamingResponse,
    response_model=None,
)
async def events(
    run_id: UUID,
    user_id: UserId,
    parts: PartsOf,
    last_event_id: Annotated[int, Header(ge=0, le=2**53)] = 0,
) -> Response:
    """The run's events after `Last-Event-ID`, until it ends. When a `run` event comes again, the answer starts over."""
    return EventStream(await parts.runs.events(user_id, run_id, last_event_id))


@router.post("/api/runs/{run_id}/cancel", responses={404: {"model": Problem}, 409: {"model": Problem}})
async def cancel(run_id: UUID, user_id: UserId, parts: PartsOf) -> Cancelled:
    """Stop the run. What was generated is kept, marked `stopped`."""
    run = await parts.runs.cancel(user_id, run_id)
    return Cancelled(run_id=run.id, message_id=run.answer_id, kept=bool(run.pieces))


async def whole(run: LiveRun) -> JSONResponse:
    """The turn once it has ended; a failed one as a problem."""
    found: dict[type[BaseModel], Any] = {type(event.data): event.data for event in await run.log.finished()}
    if (failure := found.get(ErrorEvent)) is not None:
        raise RunFailed(failure.code, failure.title, failure.retry_after)
    if DoneEvent not in found:
        # The process stops before the answer is there; the next one goes on with the run.
        raise ShuttingDown(f"run {run.id} was left")
    given: MemoriesEvent | None = found.get(MemoriesEvent)
    begun: RunEvent = found[RunEvent]
    answer = Answer(
        **begun.model_dump(),
        message=run.text,
        finish_reason=found[DoneEvent].finish_reason,
        memories=given.items if given else [],
        degraded=given.degraded if given else False,
        forgotten=given.forgotten if given else 0,
        usage=found[UsageEvent],
    )
    return JSONResponse(answer.model_dump(mode="json"))
