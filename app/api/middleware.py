"""What every request passes through: an id, a bound on its size, a line in the log, headers on its answer."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import RequestTooLarge, problem_of

log = structlog.get_logger(__name__)

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes. Longer bodies are refused; imports will stream past this by a route of their own."""
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


class BodyTooLong(Exception):
    """More of a body came than is allowed; its length was not announced."""


class RequestMiddleware:
    """Plain ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if SAFE_REQUEST_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status, received = time.perf_counter(), 0, 0

        async def bounded_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_LIMIT:
                raise BodyTooLong
            return message

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["x-request-id"] = request_id
                for name, value in HEADERS.items():
                    answer.setdefault(name, value)
            await send(message)

        try:
            if int(headers.get("content-length") or 0) > BODY_LIMIT:
                await self._refuse(request_id, scope, receive, send_with_headers)
            else:
                await self._app(scope, bounded_receive, send_with_headers)
        except BodyTooLong:
            await self._refuse(request_id, scope, receive, send_with_headers)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                ms=round(1000 * (time.perf_counter() - began), 1),
            )

    async def _refuse(self, request_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        from app.api.problems import problem_response

        response = problem_response(problem_of(RequestTooLarge("body over the limit"), request_id=request_id))
        await response(scope, receive, send)
