"""The Model Context Protocol at /mcp: streamable HTTP without sessions, so that any replica answers any request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.mcp.memories import Memories
from app.mcp.server import Asked, build_server
from app.parts import Parts
from app.security.identity import identify

PATH = "/mcp"
HERE = "http://127.0.0.1"
"""A name that every request may use (`OriginGuard`); nothing is sent there."""


class McpDoor:
    """The route, and what it needs for as long as the service runs. The tools ask the application itself, in this
    process and with the caller's own credential, so whatever guards a route guards the tool."""

    def __init__(self, app: FastAPI) -> None:
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=HERE)
        self._server = build_server(self._memories)
        self._server.streamable_http_app(
            stateless_http=True,
            json_response=True,
            # Hosts and origins are looked at before, for all routes.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        app.router.routes.append(Route(PATH, self, include_in_schema=False))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer for the time of the block."""
        async with self._http, self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        parts: Parts = request.app.state.parts
        identify(parts.settings.api_key, request.headers.get("authorization"))
        await self._server.session_manager.handle_request(scope, receive, send)

    def _memories(self, asked: Asked) -> Memories:
        request = asked.request_context.request
        assert isinstance(request, Request)
        credential = request.headers.get("authorization")
        return Memories(self._http, {"authorization": credential} if credential else {})
