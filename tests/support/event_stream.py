"""A client that follows `GET /api/events` in the background."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from httpx_sse import aconnect_sse

from tests.support.running import Client, Event


@dataclass
class Followed:
    """What has come so far."""

    events: list[Event] = field(default_factory=list)
    ended: bool = False
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    def of(self, name: str) -> list[dict[str, Any]]:
        """The data of all events of that name."""
        return [data for event, data in self.events if event == name]

    async def until(self, holds: Callable[["Followed"], Any], deadline: float = 15.0) -> Any:
        """The first true thing that `holds` gives."""
        try:
            async with asyncio.timeout(deadline):
                while not (found := holds(self)):
                    self._grown.clear()
                    await self._grown.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"not within {deadline:g} s; what came: {self.events}") from None

    async def one(self, name: str, **like: Any) -> dict[str, Any]:
        """The first event of that name with this data among its own."""
        found: dict[str, Any] = await self.until(
            lambda seen: next((data for data in seen.of(name) if data.items() >= like.items()), None)
        )
        return found

    def take(self, event: Event) -> None:
        self.events.append(event)
        self._grown.set()

    def end(self) -> None:
        self.ended = True
        self._grown.set()


@asynccontextmanager
async def following(client: Client) -> AsyncIterator[Followed]:
    """Follow the events for the time of the block, from the first `hello` on."""
    seen = Followed()

    async def read() -> None:
        try:
            async with aconnect_sse(client, "GET", "/api/events") as source:
                source.response.raise_for_status()
                async for event in source.aiter_sse():
                    seen.take((event.event, json.loads(event.data)))
        finally:
            seen.end()

    reader = asyncio.create_task(read())
    try:
        await seen.until(lambda seen: seen.of("hello") or seen.ended)
        assert not seen.ended, "the stream ended at once"
        yield seen
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
