"""The HTTP service: `create_app(settings)` wires the parts together; the lifespan owns every one of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app.api import chat, health, langserve, memories, problems, sessions
from app.api.middleware import BodyLimit, RequestMiddleware
from app.api.openapi import describe
from app.parts import open_parts
from app.settings import Settings
from app.version import VERSION

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[")
"""What a browser on this machine may call us; `[` is what Starlette makes of `[::1]:8000`."""


def create_app(settings: Settings) -> FastAPI:
    """The application. Nothing is reached or opened before its lifespan begins."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_parts(settings) as parts:
            app.state.parts = parts
            yield

    app = FastAPI(
        title="Memocha",
        version=VERSION,
        summary="A chatbot that remembers, shows its sources, and forgets when told.",
        lifespan=lifespan,
        docs_url="/docs",
        redoc_url=None,
    )
    problems.install(app)
    for router in (health.router, chat.router, sessions.router, memories.router):
        app.include_router(router)
    langserve.mount(app)
    describe(app)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "last-event-id", "x-request-id"],
            expose_headers=["x-request-id"],
        )
    if settings.api_key is None or settings.allowed_hosts:
        # Without a key, a page of another origin could reach us by a name of its own that points here (DNS rebinding).
        app.add_middleware(
            TrustedHostMiddleware,
            allowed_hosts=[*LOOPBACK_NAMES, *settings.allowed_hosts],
            www_redirect=False,
        )
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestMiddleware)
    return app
