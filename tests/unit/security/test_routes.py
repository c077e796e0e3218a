"""Every route asks who it is, and what for; those that do not are named here, one by one."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from starlette.requests import Request

from app.main import create_app
from app.security import identity
from app.settings import Settings

OPEN = {
    ("GET", "/health"),
    ("GET", "/ready"),
    ("GET", "/metrics"),
    ("GET", "/api/models"),
    ("GET", "/api/auth"),
    ("GET", "/chat/playground-key.js"),
    ("GET", "/docs"),
    ("POST", "/api/auth/sign-in"),
    ("POST", "/api/auth/sign-out"),
    ("GET", "/api/auth/oidc"),
    ("GET", "/api/auth/oidc/callback"),
}
"""For whoever has not signed in yet, and for those who look after the service."""
ASKS_ITSELF = {("POST", "/api/auth/password")}
"""By `Asker`: whoever has to change their password may do nothing else."""


def routes(router: Any) -> list[APIRoute]:
    found = []
    for route in router.routes:
        if isinstance(route, APIRoute):
            found.append(route)
        elif hasattr(route, "original_router"):
            found += routes(route.original_router)
    return found


def calls(dependant: Any) -> set[str]:
    mine = {getattr(dependant.call, "__qualname__", "")}
    return mine.union(*(calls(each) for each in dependant.dependencies))


def test_every_route_declares_what_it_needs() -> None:
    app = create_app(Settings(_env_file=None))  # type: ignore[call-arg]
    seen = set()
    for route in routes(app.router):
        asked = calls(route.dependant)
        for method in route.methods or set():
            name = (method, route.path)
            seen.add(name)
            if route.path.startswith("/chat/") and name not in OPEN:
                assert "_check" in asked, name
            elif name in ASKS_ITSELF:
                assert "identify" in asked, name
            else:
                assert ("needs.<locals>.check" in asked) is (name not in OPEN), name
    assert seen >= OPEN | ASKS_ITSELF
    assert len(seen) > 60


async def test_a_router_that_declares_nothing_lets_nobody_in() -> None:
    request = Request({"type": "http", "method": "GET", "path": "/forgotten", "headers": [], "state": {}})
    someone = identity.Identity(uuid4(), frozenset(), "local")
    with pytest.raises(RuntimeError, match="/forgotten declares no scope"):
        await identity._user_id(request, someone)
