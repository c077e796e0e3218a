"""Chat completions and models."""

import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from app.api.chat import EventStream
from app.api.openai.answers import FINISH, STREAM, AnswerMessage, Choice, Chunks, Completion, TokenUsage, id_of, ours
from app.api.openai.errors import ErrorBody
from app.api.openai.requests import MODEL, READS_ONLY, CompletionRequest
from app.api.parts import PartsOf
from app.chat.events import DoneEvent, ErrorEvent, MemoriesEvent, UsageEvent
from app.chat.live import LiveRun
from app.errors import InvalidRequest, ModelNotFound, RunFailed, ShuttingDown
from app.parts import Parts
from app.security.identity import UserId, needs
from graphs.errors import unkept

SESSION = "x-memocha-session"

router = APIRouter(
    prefix="/v1",
    tags=["openai"],
    dependencies=[needs("chat")],
    responses={code: {"model": ErrorBody} for code in (400, 401, 404, 409)},
)


class OpenAIModel(BaseModel):
    """A model that may be named."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: Literal["memocha"] = "memocha"


class OpenAIModels(BaseModel):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[OpenAIModel]


@router.post(
    "/chat/completions",
    response_model=None,
    responses={
        200: {
            "model": Completion,
            "description": "The answer, or with `stream` its chunks.",
            "content": {"text/event-stream": {"schema": STREAM}},
        }
    },
)
async def complete(
    body: CompletionRequest,
    user_id: UserId,
    parts: PartsOf,
    x_memocha_session: Annotated[UUID | None, Header(description="The session to go on with.")] = None,
) -> Response:
    """Take one turn. The session is the one that `X-Memocha-Session` names, else the one in which the messages before
    the last were said, else a new one; only what it does not know yet is stored. To leave is to stop the answer."""
    _known(parts, body.model)
    if body.reads_only and x_memocha_session is not None:
        raise InvalidRequest(f"{READS_ONLY} keeps nothing, so it goes on with no session")
    await parts.rates.turn(user_id)
    run = await parts.runs.start(user_id, body.turn(x_memocha_session), body.retold())
    keeps = not body.reads_only
    headers = {SESSION: str(run.session_id)} if keeps else {}
    created = int(time.time())
    if not body.stream:
        return await _whole(run, body.model, created, keeps=keeps, headers=headers)
    with_usage = body.stream_options is not None and bool(body.stream_options.include_usage)
    chunks = Chunks(run, body.model, created, with_usage=with_usage, keeps=keeps)
    return EventStream(_until_left(parts, chunks), headers)


@router.get("/models")
async def models(user_id: UserId, parts: PartsOf) -> OpenAIModels:
    """What may be named: `memocha`, which remembers, `memocha-readonly`, which recalls and keeps nothing, and
    both over each of the models of this deployment."""
    return OpenAIModels(data=[OpenAIModel(id=name) for name in _names(parts)])


@router.get("/models/{model:path}")
async def model(model: str, user_id: UserId, parts: PartsOf) -> OpenAIModel:
    """One of them."""
    _known(parts, model)
    return OpenAIModel(id=model)


def _names(parts: Parts) -> list[str]:
    offered = [choice.config.name for choice in parts.models.choices]
    return [MODEL, READS_ONLY, *(f"{family}/{name}" for family in (MODEL, READS_ONLY) for name in offered)]


def _known(parts: Parts, model: str) -> None:
    if model not in _names(parts):
        raise ModelNotFound(model)


async def _until_left(parts: Parts, chunks: Chunks) -> AsyncIterator[bytes]:
    try:
        async for chunk in chunks.follow():
            yield chunk
    finally:
        parts.runs.leave(chunks.run)


async def _whole(run: LiveRun, model: str, created: int, *, keeps: bool, headers: dict[str, str]) -> JSONResponse:
    """The answer once it has ended; a failed one as an error."""
    found = {type(event.data): event.data for event in await run.log.finished()}
    if isinstance(failure := found.get(ErrorEvent), ErrorEvent):
        title = failure.title if keeps else unkept(failure.title)
        raise RunFailed(failure.code, title, failure.retry_after)
    done, given, usage = found.get(DoneEvent), found.get(MemoriesEvent), found.get(UsageEvent)
    if not isinstance(done, DoneEvent):
        raise ShuttingDown(f"run {run.id} was left")
    answer = Completion(
        id=id_of(run),
        created=created,
        model=model,
        choices=[Choice(message=AnswerMessage(content=run.text), finish_reason=FINISH[done.finish_reason])],
        usage=TokenUsage.of(usage if isinstance(usage, UsageEvent) else None),
        memocha=ours(run, given if isinstance(given, MemoriesEvent) else None, keeps=keeps),
    )
    return JSONResponse(answer.model_dump(mode="json"), headers=headers)
