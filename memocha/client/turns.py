"""Turns: asked, followed, and taken up again where a connection was lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx
from httpx_sse import EventSource
from pydantic import BaseModel

from app.chat import events
from app.chat.events import DoneEvent, ErrorEvent, MemoriesEvent, RunEvent, TokenEvent, UsageEvent
from app.schemas import RecalledMemory
from memocha.client.connection import Connection, ConnectionLost, Refused, Unreachable

Event = events.Event
FORMS: Final[dict[str, type[BaseModel]]] = {name: form for form, name in events.NAMES.items()}
TRIES: Final = 8
"""Times that a lost stream is asked for again without a new event; about 25 s in all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole turn."""

    text: str
    session_id: UUID
    message_id: UUID
    memories: list[RecalledMemory]
    """All that the answer was given."""
    degraded: bool
    """The memory index did not answer, and words alone were searched."""
    finish_reason: str
    usage: UsageEvent


class Turn:
    """One turn, from its request to its end."""

    def __init__(self, connection: Connection, body: dict[str, Any]) -> None:
        self._connection = connection
        self._body = body
        self._run_id: UUID | None = None
        self._last_id = 0
        self._ended = False

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order. When a `RunEvent` comes again, the answer starts over.

        Raises `Unreachable`, `Refused`, and `ConnectionLost`.
        """
        tries = 0
        while True:
            before = self._last_id
            try:
                async for event in self._request():
                    yield event
            except httpx.TransportError as error:
                if self._run_id is None:
                    raise Unreachable(f"Memocha does not answer: {error or type(error).__name__}") from error
            except Refused as refusal:
                if self._run_id is None or refusal.status < httpx.codes.INTERNAL_SERVER_ERROR:
                    raise
            if self._ended:
                return
            tries = 0 if self._last_id > before else tries + 1
            if tries > TRIES or self._run_id is None:
                raise ConnectionLost("The connection is lost. What was answered is kept; look again later.")
            await asyncio.sleep(min(0.1 * 2**tries, 5.0))

    async def answer(self) -> Answer:
        """The whole of it. Raises what `events` raises, and `Refused` where the answer fails."""
        text: list[str] = []
        begun: RunEvent | None = None
        given: MemoriesEvent | None = None
        usage: UsageEvent | None = None
        async for event in self.events():
            match event:
                case RunEvent():
                    begun = event
                    text.clear()
                case MemoriesEvent():
                    given = event
                case TokenEvent():
                    text.append(event.text)
                case UsageEvent():
                    usage = event
                case ErrorEvent():
                    raise Refused(httpx.codes.SERVICE_UNAVAILABLE, event.code, event.title)
                case DoneEvent() if begun is not None and usage is not None:
                    return Answer(
                        text="".join(text),
                        session_id=begun.session_id,
                        message_id=event.message_id,
                        memories=given.items if given else [],
                        degraded=given.degraded if given else False,
                        finish_reason=event.finish_reason,
                        usage=usage,
                    )
        raise ConnectionLost("The answer ended without its end.")

    async def _request(self) -> AsyncIterator[Event]:
        if self._run_id is None:
            method, path, options = "POST", "/api/chat", {"json": self._body}
        else:
            method, path = "GET", f"/api/runs/{self._run_id}/events"
            options = {"headers": {"last-event-id": str(self._last_id)}}
        async with self._connection.events(method, path, **options) as source:
            async for number, event in received(source):
                self._last_id = number
                if isinstance(event, RunEvent):
                    self._run_id = event.run_id
                self._ended = isinstance(event, DoneEvent | ErrorEvent)
                yield event
                if self._ended:
                    return


async def received(source: EventSource) -> AsyncIterator[tuple[int, Event]]:
    """The events of a stream with their numbers; those of a kind that is not known here are passed over. What breaks it
    is an `httpx.TransportError`, and so is what cannot be an event of an answer."""
    async for each in source.aiter_sse():
        # httpx-sse makes an event of a comment's blank line once an id was seen.
        if not each.data or (form := FORMS.get(each.event)) is None:
            continue
        try:
            event, number = form.model_validate_json(each.data), int(each.id)
        except ValueError:
            raise httpx.RemoteProtocolError("what came is no event of an answer") from None
        yield number, event  # type: ignore[misc]
