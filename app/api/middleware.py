"""What every request passes through."""

import re
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import problem_response
from app.errors import ForeignOrigin, RequestTooLarge, problem_of

log = structlog.get_logger(__name__)

BODY_LIMIT = 2 * 1024 * 1024
"""Bytes. Longer bodies are refused, but where a route that streams them has a limit of its own."""
SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}
TLS = {"strict-transport-security": "max-age=31536000"}
OURS = ("/api/", "/v1/")
"""What is answered there is somebody's: no cache keeps it."""


class RequestMiddleware:
    """An id for the request, a line in the log, headers on the answer. Plain ASGI: streams pass through untouched."""

    def __init__(self, app: ASGIApp, *, tls: bool = False) -> None:
        """`tls`: browsers are to call us by TLS alone."""
        self._app = app
        self._headers = HEADERS | (TLS if tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if SAFE_REQUEST_ID.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer = MutableHeaders(scope=message)
                answer["x-request-id"] = request_id
                for name, value in self._headers.items():
                    answer.setdefault(name, value)
                if scope["path"].startswith(OURS):
                    answer.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            took = round(1000 * (time.perf_counter() - began), 1)
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=took)


class BodyTooLong(Exception):
    """More of a body came than is taken."""


class BodyLimit:
    """Refuses bodies over the limit: by the length that they announce, or as soon as more has come."""

    def __init__(self, app: ASGIApp, limit: int = BODY_LIMIT, routes: Mapping[str, int] | None = None) -> None:
        """`limit`: bytes; `routes`: by path, those of routes that take more."""
        self._app = app
        self._limit = limit
        self._routes = routes or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._routes.get(scope["path"], self._limit)
        too_long = int(Headers(scope=scope).get("content-length") or 0) > limit
        received = 0

        async def bounded() -> Message:
            nonlocal received, too_long
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                too_long = True
                raise BodyTooLong
            return message

        async def send_unless_too_long(message: Message) -> None:
            # Whoever was reading the body took its end for an error of the body's own.
            if not too_long:
                await send(message)

        if not too_long:
            with suppress(BodyTooLong):
                await self._app(scope, bounded, send_unless_too_long)
        if too_long:
            error = RequestTooLarge(f"a body over {limit} bytes")
            refusal = problem_response(scope["path"], problem_of(error, request_id=scope["state"]["request_id"]))
            await refusal(scope, receive, send)


class OriginGuard:
    """Keeps out what pages of other origins have a browser send.

    Without a key every request is the local user's, so a page that is open elsewhere must not be able to make one: not
    under a name of its own that points here (DNS rebinding: the `Host` is checked), and not by a form or a simple
    request (the `Origin` of whatever changes something is checked; programs send none).
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] | None, origins: Collection[str]) -> None:
        """`hosts`: names that requests may use, None for any; `origins`: others whose pages may call."""
        self._app = app
        self._hosts = hosts
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (reason := self._refusal(scope)) is not None:
            log.warning("request refused", reason=reason)
            error = ForeignOrigin(reason)
            await problem_response(scope["path"], problem_of(error, request_id=scope["state"]["request_id"]))(
                scope, receive, send
            )
            return
        await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._hosts is not None and _address(f"//{host}").hostname not in self._hosts:
            return "the host name is none that this service goes by"
        origin = headers.get("origin")
        if scope["method"] in SAFE_METHODS or origin is None or origin in self._origins:
            return None
        page = _address(origin).netloc
        return None if page and page == host else "the page that sent this is of another origin"


def _address(url: str) -> SplitResult:
    """Its parts; where it is no address at all, none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
