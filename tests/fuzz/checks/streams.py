"""A stream of events as the Python client reads it."""

from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from typing import Final

import httpx
from httpx_sse import EventSource

from memocha.client.turns import Event, received
from tests.fuzz.checks.bounds import in_time

HEADERS: Final = {"content-type": "text/event-stream; charset=utf-8"}
Seen = tuple[list[tuple[int, Event]], str]


def check_stream(body: bytes, cuts: Sequence[int]) -> None:
    """The same events, and the same end, wherever the network cuts it; nothing but a broken connection comes of it."""
    with in_time(8 * len(body), "stream"):
        whole = read([body])
        places = sorted({0, len(body), *(cut % (len(body) + 1) for cut in cuts)})
        assert read([body[a:b] for a, b in pairwise(places)]) == whole


def read(pieces: Sequence[bytes]) -> Seen:
    """The events, and what broke the stream; "" where nothing did."""
    found: list[tuple[int, Event]] = []

    async def all_of_it() -> None:
        response = httpx.Response(200, headers=HEADERS, content=_sent(pieces))
        async for each in received(EventSource(response)):
            found.append(each)  # noqa: PERF401 - what came before it broke counts

    try:
        # Nothing in it waits for anything, so it needs no loop.
        all_of_it().send(None)
    except StopIteration:
        return found, ""
    except httpx.TransportError as error:
        return found, str(error)
    raise AssertionError("reading what is there waited for something")


async def _sent(pieces: Sequence[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        if piece:
            yield piece
