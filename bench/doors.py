"""The doors that a turn may come in by, and one turn through any of them with the moments at which its answer came."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import httpx

FIRST = "Once"
"""What an answer begins with, and what no question holds: when this has come, the first token has."""
GOES_ON = """upon a time there was a house by the river with a deep cellar and a green door. An old man lived there
with his dog and two birds. Every night he went down to the cellar with a small lamp. The dog waited at the top and did
not make a sound. One winter the water came up to the third step and the old man lost his key. He looked for it until
morning but it was gone. In the spring a girl from the village found it under a stone near the bridge."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where a turn is asked for, and how."""

    path: str
    body: Callable[[str], dict[str, Any]]
    end: bytes
    """What stands in the stream when the answer is whole."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Seconds from the beginning of the request."""

    first_byte: float
    """Of the stream, whatever it tells."""
    first_token: float
    ended: float


def _langserve(question: str) -> dict[str, Any]:
    return {"input": {"messages": [{"type": "human", "content": question}]}}


def _openai(question: str) -> dict[str, Any]:
    return {"model": "memocha", "stream": True, "messages": [{"role": "user", "content": question}]}


DOORS = {
    "/api/chat": Door("/api/chat", lambda question: {"message": question}, b"event: done"),
    "/v1": Door("/v1/chat/completions", _openai, b"data: [DONE]"),
    "/chat/stream": Door("/chat/stream", _langserve, b"event: end"),
    "/chat/stream_events": Door("/chat/stream_events", _langserve, b"event: end"),
}


def story(tokens: int) -> str:
    """An answer of so many tokens of the scripted model, whose tokens are words: plain ones, which a sentence encoder
    cuts into about as many pieces as a chat model into tokens."""
    return " ".join([FIRST, *islice(cycle(GOES_ON.split()), tokens - 1)])


async def ask(http: httpx.AsyncClient, door: Door, question: str) -> Moments:
    """One turn in a session of its own. Raises `RuntimeError` where it does not come to its end."""
    began = time.perf_counter()
    first_byte = first_token = 0.0
    before, last = b"", b""
    async with http.stream("POST", door.path, json=door.body(question)) as answer:
        answer.raise_for_status()
        async for piece in answer.aiter_raw():
            first_byte = first_byte or time.perf_counter() - began
            if not first_token:
                before += piece
                first_token = time.perf_counter() - began if FIRST.encode() in before else 0.0
            last = (last + piece)[-2_000:]
    if door.end not in last or not first_token:
        raise RuntimeError(f"the turn through {door.path} has no end: {last[-200:]!r}")
    return Moments(first_byte, first_token, time.perf_counter() - began)
