"""A turn over HTTP, with the moment of each of its events."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from httpx_sse import aconnect_sse


@dataclass(slots=True)
class TimedTurn:
    """Seconds from the beginning of the request, and what came."""

    began: float
    first_token: float = 0.0
    done: float = 0.0
    ended: float = 0.0
    """The stream's end: what the run does after `done`, it has done."""
    tokens: int = 0
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By name, the last of each; tokens are left out."""

    @property
    def session_id(self) -> str:
        return str(self.events["run"]["session_id"])


def client(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, timeout=60, trust_env=False)


async def turn(http: httpx.AsyncClient, message: str, session_id: str | None = None) -> TimedTurn:
    """One turn to its end. Raises `RuntimeError` where it fails."""
    body = {"message": message, **({"session_id": session_id} if session_id else {})}
    timed = TimedTurn(time.perf_counter())
    async with aconnect_sse(http, "POST", "/api/chat", json=body) as source:
        source.response.raise_for_status()
        async for event in source.aiter_sse():
            at = time.perf_counter() - timed.began
            if event.event == "token":
                timed.first_token = timed.first_token or at
                timed.tokens += 1
                continue
            timed.events[event.event] = json.loads(event.data)
            if event.event == "done":
                timed.done = at
            elif event.event == "error":
                raise RuntimeError(f"the turn failed: {event.data}")
    timed.ended = time.perf_counter() - timed.began
    return timed
