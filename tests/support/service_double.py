"""The service's HTTP interface with answers that a test writes, on a real socket."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

SESSION = "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"
RUN = "0199a3c0-0000-7000-8000-00000000000a"


def run_event(**changes: Any) -> tuple[str, dict[str, Any]]:
    ids = {"run_id": RUN, "session_id": SESSION, "user_message_id": "u1", "message_id": "m1", "title": "Tea"}
    return "run", {**ids, **changes}


def memories(*items: dict[str, Any], degraded: bool = False) -> tuple[str, dict[str, Any]]:
    return "memories", {"items": list(items), "degraded": degraded, "took_ms": 3.0}


def tokens(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [("token", {"text": piece}) for piece in text.split("|")]


def done(finish_reason: str = "stop") -> tuple[str, dict[str, Any]]:
    return "done", {"message_id": "m1", "finish_reason": finish_reason}


def error(title: str, *, retryable: bool = True) -> tuple[str, dict[str, Any]]:
    return "error", {"code": "model_unavailable", "title": title, "retryable": retryable}


def memory(number: int, text: str, **changes: Any) -> dict[str, Any]:
    base = {"id": f"memory-{number}", "kind": "fact", "text": text, "score": 0.5, "in_view": False}
    return {**base, "created_at": "2026-05-03T12:00:00Z", **changes}


@dataclass
class ServiceDouble:
    """Each message is answered with the next script: events in order, the ids counted up."""

    scripts: list[list[tuple[str, dict[str, Any]]]] = field(default_factory=list)
    problem: tuple[int, dict[str, Any]] | None = None
    """A status and problem that every message is refused with."""
    drop_after: list[int] = field(default_factory=list)
    """The next streams break off after so many events, one each."""
    key: str | None = None
    dependencies: dict[str, Any] = field(default_factory=lambda: {"postgres": {"state": "ok"}})
    memories: list[dict[str, Any]] = field(default_factory=list)
    pause: float = 0.0
    """Seconds between two events."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    resumed_after: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(self._app(), log_level="critical", access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/ready", self._ready),
                Route("/api/sessions", self._sessions),
                Route("/api/sessions/{id}", self._session),
                Route("/api/chat", self._chat, methods=["POST"]),
                Route("/api/runs/{id}/events", self._events),
                Route("/api/runs/{id}/cancel", self._cancel, methods=["POST"]),
                Route("/api/memories", self._memories),
                Route("/api/memories/search", self._search),
                Route("/api/memories/{id}", self._forget, methods=["DELETE"]),
            ]
        )

    async def _ready(self, _: Request) -> Response:
        return JSONResponse({"status": "ok", "dependencies": self.dependencies})

    async def _sessions(self, request: Request) -> Response:
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return JSONResponse({"title": "No.", "status": 401, "code": "unauthorized"}, 401)
        return JSONResponse({"items": [], "next_cursor": None})

    async def _session(self, request: Request) -> Response:
        if request.path_params["id"] != SESSION:
            return JSONResponse({"title": "There is no such session.", "code": "session_not_found"}, 404)
        return JSONResponse({"id": SESSION, "title": "Tea"})

    async def _chat(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        if self.problem is not None:
            return JSONResponse(self.problem[1], self.problem[0])
        self._log = self.scripts.pop(0)
        return self._stream(0)

    async def _events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id", "0")
        self.resumed_after.append(after)
        return self._stream(int(after))

    async def _cancel(self, request: Request) -> Response:
        self.cancelled.append(request.path_params["id"])
        self._log.append(done("stopped"))
        return JSONResponse({"kept": True})

    def _stream(self, after: int) -> Response:
        limit = self.drop_after.pop(0) if self.drop_after else None
        return StreamingResponse(self._written(after, limit), media_type="text/event-stream")

    async def _written(self, after: int, limit: int | None) -> AsyncIterator[str]:
        position = after
        while True:
            if limit is not None and position - after >= limit:
                raise ConnectionError("breaks off")
            if position < len(self._log):
                name, data = self._log[position]
                position += 1
                yield ": ping\r\n\r\n"
                yield f"id: {position}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
                if name in ("done", "error"):
                    return
            await asyncio.sleep(self.pause or 0.002)

    async def _memories(self, _: Request) -> Response:
        return JSONResponse({"items": self.memories, "next_cursor": None})

    async def _search(self, request: Request) -> Response:
        words = request.query_params["q"]
        self.searched.append(words)
        found = [each for each in self.memories if words in each["text"]]
        return JSONResponse({"items": found, "degraded": False, "took_ms": 1.0})

    async def _forget(self, request: Request) -> Response:
        wanted = request.path_params["id"]
        if wanted in self.forgotten:
            return JSONResponse({"title": "There is no such memory.", "code": "memory_not_found"}, 404)
        self.forgotten.append(wanted)
        return JSONResponse({"memories": 1, "note": "The messages stay in their conversation."})
