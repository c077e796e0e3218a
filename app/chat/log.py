"""The event log of one run: written by the run, followed by whoever is connected, from any point on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import BaseModel

from app.chat.events import NAMES


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event with its place in the log."""

    id: int
    data: BaseModel

    @property
    def name(self) -> str:
        return NAMES[type(self.data)]

    def encode(self) -> bytes:
        """The event in the form of server-sent events."""
        return f"id: {self.id}\nevent: {self.name}\ndata: {self.data.model_dump_json()}\n\n".encode()


class EventLog:
    """Grows until it is closed. Following never takes events away from another follower."""

    def __init__(self, first_id: int = 1) -> None:
        self._first_id = first_id
        self._events: list[LoggedEvent] = []
        self._encoded: list[bytes] = []
        self._closed = False
        self._grown = asyncio.Event()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def events(self) -> list[LoggedEvent]:
        return self._events

    def append(self, data: BaseModel) -> None:
        """Add an event and wake the followers."""
        event = LoggedEvent(self._first_id + len(self._events), data)
        self._events.append(event)
        self._encoded.append(event.encode())
        self._wake()

    def close(self) -> None:
        """No event comes any more; followers end after the last one."""
        self._closed = True
        self._wake()

    async def follow(self, after: int = 0) -> AsyncIterator[bytes]:
        """The events after that id, encoded. What has gathered since the last look comes in one piece."""
        position = max(0, after - self._first_id + 1)
        while True:
            grown = self._grown
            if position < len(self._encoded):
                waiting = self._encoded[position:]
                position += len(waiting)
                yield b"".join(waiting)
            elif self._closed:
                return
            else:
                await grown.wait()

    async def events_as_they_come(self) -> AsyncIterator[BaseModel]:
        """The events themselves, from the first on, until the log is closed."""
        position = 0
        while True:
            grown = self._grown
            if position < len(self._events):
                position += 1
                yield self._events[position - 1].data
            elif self._closed:
                return
            else:
                await grown.wait()

    async def finished(self) -> list[LoggedEvent]:
        """All events, once the log is closed."""
        while not self._closed:
            await self._grown.wait()
        return self._events

    def _wake(self) -> None:
        # Each wake-up has an event of its own: a follower that is between looks keeps the one it saw, already set.
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
