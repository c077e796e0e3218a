"""The Model Context Protocol at /mcp: streamable HTTP without sessions, so that any replica answers any request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
from fastapi import FastAPI
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.api.limiting import within
from app.background import background
from app.errors import SignInNeeded
from app.security.identity import admit

if TYPE_CHECKING:
    from app.mcp.memories import Memories
    from app.mcp.server import Asked

PATH = "/mcp"
HERE = "http://127.0.0.1"
"""A name that every request may use (`OriginGuard`); nothing is sent there."""


class McpDoor:
    """The route, and what it needs while the service runs. The tools ask the application itself, in this process and
    with the caller's own credential, so whatever guards a route guards the tool.

    The protocol's package is loaded with the first request: it takes 0.6 s, a fifth of what a start takes.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._wanted = asyncio.Event()
        self._opened = asyncio.Event()
        app.router.routes.append(Route(PATH, self, include_in_schema=False))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer for the time of the block."""
        async with background(self._serve(), name="mcp"):
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        asker = await admit(request, "memories:read")
        if asker.by == "cookie":
            # The tools ask by the header alone, and what speaks this protocol has a key.
            raise SignInNeeded("a cookie")
        self._wanted.set()
        await self._opened.wait()
        await self._server.session_manager.handle_request(scope, receive, send)

    async def _serve(self) -> None:
        await self._wanted.wait()
        await asyncio.to_thread(self._load)
        async with self._http, self._server.session_manager.run():
            self._opened.set()
            await asyncio.Event().wait()

    def _load(self) -> None:
        from mcp.server.transport_security import TransportSecuritySettings

        from app.mcp.server import build_server

        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(within(self._app), raise_app_exceptions=False), base_url=HERE
        )
        self._server = build_server(self._memories)
        self._server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            # Hosts and origins are looked at before, for all routes.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )

    def _memories(self, asked: "Asked") -> "Memories":
        from app.mcp.memories import Memories

        request = asked.request_context.request
        assert isinstance(request, Request)
        credential = request.headers.get("authorization")
        return Memories(self._http, {"authorization": credential} if credential else {})
