"""The HTTP service: `create_app(settings)` wires the parts together; the lifespan owns every one of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware

from app.api import (
    auth,
    chat,
    erasure,
    events,
    health,
    jobs,
    keys,
    langserve,
    me,
    memories,
    oidc,
    problems,
    retention,
    sessions,
    transfer,
    usage,
    users,
)
from app.api.description import add_page
from app.api.limiting import RateLimit
from app.api.mcp import McpDoor
from app.api.middleware import BodyLimit, OriginGuard, RequestMiddleware
from app.api.openai import routes as openai
from app.api.openapi import describe
from app.api.playground import PlaygroundPage, add_script
from app.api.web import WebClient, read_build
from app.parts import open_parts
from app.settings import Settings
from app.version import VERSION

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
"""What programs on this machine call us."""


def create_app(settings: Settings) -> FastAPI:
    """The application. Nothing is reached or opened before its lifespan begins."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        client.files = await asyncio.to_thread(read_build, settings.web_dir)
        async with open_parts(settings) as parts, tools.open():
            app.state.parts = parts
            yield

    app = FastAPI(
        title="Memocha",
        version=VERSION,
        summary="A chatbot that remembers, shows its sources, and forgets when told.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    problems.install(app)
    resources = (health, chat, events, me, usage, erasure, sessions, memories, retention, transfer, jobs, openai)
    for resource in (*resources, auth, oidc, keys, users):
        app.include_router(resource.router)
    langserve.mount(app)
    add_script(app)
    tools = McpDoor(app)
    # Not a route: one that takes every path would also take what a route of that path refuses by its method.
    app.router.default = client = WebClient(app.router.default)
    add_page(app, client)
    describe(app)
    app.add_middleware(RateLimit)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "last-event-id", "x-request-id"],
            expose_headers=["ratelimit", "ratelimit-policy", "retry-after", "x-request-id"],
        )
    public = urlsplit(settings.public_url or "")
    # Where a credential is wanted, a page that goes by a name of its own has none.
    known = (settings.api_key is None and settings.auth == "auto") or settings.allowed_hosts
    hosts = {*LOOPBACK_NAMES, *settings.allowed_hosts, *filter(None, [public.hostname])} if known else None
    origins = [*settings.cors_origins, *([f"{public.scheme}://{public.netloc}"] if public.netloc else [])]
    app.add_middleware(OriginGuard, hosts=hosts, origins=origins)
    app.add_middleware(BodyLimit, routes={transfer.IMPORT: settings.import_limit * 1024 * 1024})
    app.add_middleware(PlaygroundPage)
    # Within what every answer passes through; Starlette's own is beyond it.
    app.add_middleware(ServerErrorMiddleware, handler=problems.unexpected)
    app.add_middleware(RequestMiddleware, tls=public.scheme == "https")
    return app
