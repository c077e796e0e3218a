"""The service in this process, on a real socket, and a client that reads its streams."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from httpx_sse import aconnect_sse

from app.main import create_app
from app.settings import Settings

Event = tuple[str, dict[str, Any]]


@dataclass
class Turn:
    """What a client saw of one turn."""

    events: list[Event] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def of(self, name: str) -> dict[str, Any]:
        """The last event of that name."""
        return next(data for event, data in reversed(self.events) if event == name)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.events]

    @property
    def text(self) -> str:
        return "".join(data["text"] for name, data in self.events if name == "token")

    @property
    def session_id(self) -> str:
        return str(self.of("run")["session_id"])

    @property
    def memories(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.of("memories")["items"]
        return items

    @property
    def recalled(self) -> list[str]:
        return [item["text"] for item in self.memories]


class Client(httpx.AsyncClient):
    """Talks to the service as a browser would."""

    async def say(self, message: str, **more: Any) -> Turn:
        """One turn, streamed to its end."""
        return await self.stream_turn({"message": message, **more})

    async def stream_turn(self, body: dict[str, Any]) -> Turn:
        turn = Turn()
        async with aconnect_sse(self, "POST", "/api/chat", json=body) as source:
            if source.response.status_code != httpx.codes.OK:
                await source.response.aread()
                source.response.raise_for_status()
            async for event in source.aiter_sse():
                if event.event != "message":
                    turn.events.append((event.event, json.loads(event.data)))
                    turn.ids.append(int(event.id))
        return turn

    async def search(self, question: str, **more: Any) -> list[str]:
        """The texts of the memories found."""
        answer = await self.get("/api/memories/search", params={"q": question, **more})
        answer.raise_for_status()
        return [item["text"] for item in answer.json()["items"]]

    async def remembered(self, text: str, deadline: float = 10.0) -> None:
        """Wait until a search finds the text."""
        async with asyncio.timeout(deadline):
            while text not in await self.search(text):
                await asyncio.sleep(0.05)

    async def forgotten(self, text: str, deadline: float = 10.0) -> None:
        """Wait until a search does not find the text any more."""
        async with asyncio.timeout(deadline):
            while text in await self.search(text):
                await asyncio.sleep(0.05)

    async def history(self, session_id: str) -> list[dict[str, Any]]:
        answer = await self.get(f"/api/sessions/{session_id}/messages")
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """pytest keeps its own."""
        yield


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Client]:
    """The service for the time of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = _Server(
            uvicorn.Config(create_app(settings), lifespan="on", log_config=None, timeout_graceful_shutdown=5)
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serving.done():
                await serving
                raise RuntimeError("the service did not start; its log says why")
            await asyncio.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        headers = {"authorization": f"Bearer {settings.api_key.get_secret_value()}"} if settings.api_key else {}
        try:
            async with Client(base_url=address, timeout=60, headers=headers, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            await serving
