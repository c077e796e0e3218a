"""What happens outside a turn, as a stream."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from sse_starlette import EventSourceResponse

from app.api.chat import PING
from app.api.openapi import event_stream
from app.api.parts import PartsOf
from app.events import NAMES
from app.security.identity import Asker, UserId, needs

router = APIRouter(tags=["events"], dependencies=[needs("chat")])

SEND = 30.0
"""Seconds that a client may take to receive one event; then it is let go."""

STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events as they happen (see UserEvent), until the client leaves.",
        "content": event_stream(NAMES, numbered=False),
    },
}


@router.get("/api/events", responses=STREAM, response_class=StreamingResponse, response_model=None)
async def follow_events(user_id: UserId, asker: Asker, parts: PartsOf) -> Response:
    """What happens outside a turn: titles, facts learned, memories forgotten, jobs, sessions, runs, and what works.

    The first event is `hello`; after each of them read anew what you show. A client that does not keep up is let go,
    and so is one whose credential has ended.
    """
    parts.listening.check(user_id)
    # Without a grace: nothing is lost when it ends, and the service must not wait for it when it stops.
    return EventSourceResponse(
        parts.listening.follow(user_id, asker.ends_at),
        ping=PING,
        sep="\n",
        send_timeout=SEND,
        headers={"cache-control": "no-store"},
    )
