"""LangServe's streams, which tell why an answer failed: its own say of everything that it is an internal error."""

import json
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.params import Depends
from langserve import APIHandler
from sse_starlette import EventSourceResponse

from app.errors import problem_of
from graphs.errors import MemochaError

log = structlog.get_logger(__name__)

Stream = Callable[..., Awaitable[EventSourceResponse]]


def add_streams(app: FastAPI, handler: APIHandler, path: str, dependencies: list[Depends]) -> None:
    """Add the streams' routes, before LangServe adds its own of the same paths, which then only describe them."""
    streams: dict[str, Stream] = {
        "stream": handler.stream,
        "stream_log": handler.stream_log,
        "stream_events": handler.astream_events,
    }
    for name, stream in streams.items():
        for where in (f"{path}/{name}", f"{path}/c/{{config_hash}}/{name}"):
            app.post(where, include_in_schema=False, dependencies=dependencies)(_route(stream))


def _route(stream: Stream) -> Callable[..., Awaitable[EventSourceResponse]]:
    async def answer(request: Request, config_hash: str = "") -> EventSourceResponse:
        response = await stream(request, config_hash=config_hash)
        response.body_iterator = _told(response.body_iterator)
        return response

    return answer


async def _told(events: AsyncIterable[Any]) -> AsyncIterator[Any]:
    """The events, with a failure that has a name told by it. Of any other LangServe's own event is told, and it is
    raised as LangServe raises it: after that event."""
    failure: Any = None
    try:
        async for event in events:
            if event["event"] == "error":
                failure = event
            else:
                yield event
    except MemochaError as error:
        problem = problem_of(error)
        log.warning("request failed", code=problem["code"], error=str(error))
        told = {"status_code": problem["status"], "message": problem["title"], "code": problem["code"]}
        yield {"event": "error", "data": json.dumps(told)}
    except Exception:
        yield failure
        raise
