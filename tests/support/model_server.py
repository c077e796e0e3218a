"""A model server that does as it is told: OpenAI's interface on a real socket, with every fault of the trade.

In a test:

    async with ModelServer() as server:
        server.will(overloaded(retry_after=1), Behaviour(text="Hello there", rate=20))
        ...
        assert server.requests[-1].disconnected

By itself, for load and chaos: `python -m tests.support.model_server --port 9000 --rate 5`, then
`POST /control {"next": [{"status": 500}], "default": {"rate": 20}}`, `GET /control`, `DELETE /control`.
"""

import argparse
import asyncio
import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

_TOKEN: Final = re.compile(r"\s*\S+|\s+$")


def tokens(text: str) -> list[str]:
    """The server's idea of tokens: words, each with the blanks before it."""
    return _TOKEN.findall(text)


@dataclass(frozen=True)
class Behaviour:
    """How one request is answered."""

    text: str | None = None
    """The answer; None repeats the last message: "You said: ..."."""
    status: int = 200
    error: dict[str, Any] = field(default_factory=dict)
    """OpenAI's error object, for a status other than 200, or in the middle of a stream (`error_after`)."""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    """Seconds before the headers."""
    think: float = 0.0
    """Seconds between the headers and the first token."""
    rate: float | None = None
    """Tokens a second; None: as fast as they can be written."""
    piece: int | None = None
    """Bytes a write: cuts lines and characters anywhere."""
    hang: bool = False
    """Never sends headers."""
    stall_after: int | None = None
    """Tokens, then silence."""
    cut_after: int | None = None
    """Tokens, then the connection breaks."""
    garbage_after: int | None = None
    """Tokens, then `garbage` as a line of its own."""
    garbage: str = "data: {not json"
    error_after: int | None = None
    """Tokens, then the error object in the stream."""
    endless: bool = False
    """Repeats the answer until nobody listens."""
    finish: str | None = "stop"
    """The finish reason; None ends the stream without one."""
    usage: bool = True
    done: bool = True
    """Whether the stream ends with [DONE]."""


def unauthorized() -> Behaviour:
    return Behaviour(status=401, error={"message": "Incorrect API key provided", "code": "invalid_api_key"})


def unknown_model() -> Behaviour:
    return Behaviour(status=404, error={"message": "The model does not exist", "code": "model_not_found"})


def overloaded(retry_after: float | str | None = None) -> Behaviour:
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    return Behaviour(status=429, error={"message": "Rate limit", "code": "rate_limit_exceeded"}, headers=headers)


def broken() -> Behaviour:
    return Behaviour(status=500, error={"message": "The server had an error", "type": "server_error"})


def too_long() -> Behaviour:
    return Behaviour(
        status=400,
        error={"message": "This model's maximum context length is 8", "code": "context_length_exceeded"},
    )


@dataclass
class Received:
    """A chat request as it arrived, and how it went."""

    body: dict[str, Any]
    authorization: str
    path: str
    at: float = field(default_factory=time.monotonic)
    sent: int = 0
    """Tokens written."""
    finished: bool = False
    disconnected: bool = False
    """The client left before the end."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.body["messages"]
        return found

    @property
    def prompt(self) -> str:
        return "\n".join(f"{message['role']}: {_text(message)}" for message in self.messages)


def _text(message: dict[str, Any]) -> str:
    content = message.get("content") or ""
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


class _CutOffError(Exception):
    """Leaves the application in the middle of a response: uvicorn then closes the connection."""


class ModelServer:
    """Serves from a thread of its own, so that what a test measures or blocks is not the server."""

    def __init__(
        self,
        *,
        port: int = 0,
        models: tuple[str, ...] = ("scripted",),
        api_key: str | None = None,
        context: int | None = None,
        llama: bool = False,
        default: Behaviour | None = None,
    ) -> None:
        self.models = models
        self.api_key = api_key
        self.context = context
        """Tokens; longer prompts are refused. None: any length."""
        self.llama = llama
        """Whether it has llama.cpp's /tokenize and /props, and shows its models to anyone."""
        self.default = default or Behaviour()
        self.port = port
        self.requests: list[Received] = []
        self.tokenized: list[str] = []
        self.side_requests: list[str] = []
        """Paths asked for beside chat."""
        self._next: deque[Behaviour] = deque()
        self._last_prompt: list[str] = []
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    # --- what tests say to it

    def will(self, *behaviours: Behaviour) -> None:
        """Answers the next requests so, one each; then by default again."""
        self._next.extend(behaviours)

    def reset(self) -> None:
        """Forgets what was asked and what was planned."""
        self.requests.clear()
        self._next.clear()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base_url(self) -> str:
        return f"{self.root}/v1"

    def start(self) -> None:
        """Listens, on the same port as before where it was stopped."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > deadline:
                raise TimeoutError("the scripted model server did not start")
            time.sleep(0.005)

    def stop(self) -> None:
        """Drops every connection and stops listening."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join(10)
        self._server = self._thread = None

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.stop)

    # --- how it answers

    def app(self) -> Starlette:
        chat = _Chat(self)
        routes = [
            Route("/v1/chat/completions", chat, methods=["POST"]),
            Route("/openai/v1/chat/completions", chat, methods=["POST"]),
            Route("/openai/deployments/{model}/chat/completions", chat, methods=["POST"]),
            Route("/v1/models", self._list_models),
            Route("/control", self._control, methods=["GET", "POST", "DELETE"]),
        ]
        if self.llama:
            routes += [
                Route("/tokenize", self._tokenize, methods=["POST"]),
                Route("/props", self._props),
                Route("/health", self._health),
            ]
        return Starlette(routes=routes)

    def refusal(self, authorization: str) -> Behaviour | None:
        wrong = self.api_key is not None and authorization != f"Bearer {self.api_key}"
        return unauthorized() if wrong else None

    def behaviour(self, received: Received) -> Behaviour:
        """The scripted one, unless a rule of the server comes first."""
        if (refusal := self.refusal(received.authorization)) is not None:
            return refusal
        if not self.llama and received.body.get("model", self.models[0]) not in self.models:
            return unknown_model()
        if self.context is not None and len(tokens(received.prompt)) > self.context:
            return too_long()
        try:
            return self._next.popleft()
        except IndexError:
            return self.default

    def usage(self, received: Received, completion: int) -> dict[str, Any]:
        """Counts, with the prefix that the prompt shares with the one before as cached."""
        prompt = tokens(received.prompt)
        cached = 0
        for old, new in zip(self._last_prompt, prompt, strict=False):
            if old != new:
                break
            cached += 1
        self._last_prompt = prompt
        return {
            "prompt_tokens": len(prompt),
            "completion_tokens": completion,
            "total_tokens": len(prompt) + completion,
            "prompt_tokens_details": {"cached_tokens": cached},
        }

    async def _list_models(self, request: Request) -> Response:
        self.side_requests.append(request.url.path)
        refusal = self.refusal(request.headers.get("authorization", ""))
        if refusal is not None and not self.llama:
            return JSONResponse({"error": refusal.error}, refusal.status)
        owner = "llamacpp" if self.llama else "scripted"
        entries = [{"id": name, "object": "model", "owned_by": owner} for name in self.models]
        return JSONResponse({"object": "list", "data": entries})

    async def _props(self, request: Request) -> Response:
        self.side_requests.append(request.url.path)
        if (refusal := self.refusal(request.headers.get("authorization", ""))) is not None:
            return JSONResponse({"error": refusal.error}, refusal.status)
        settings = {"n_ctx": self.context or 8192}
        return JSONResponse({"default_generation_settings": settings, "total_slots": 1})

    async def _tokenize(self, request: Request) -> Response:
        if (refusal := self.refusal(request.headers.get("authorization", ""))) is not None:
            return JSONResponse({"error": refusal.error}, refusal.status)
        text = (await request.json())["content"]
        self.tokenized.append(text)
        return JSONResponse({"tokens": list(range(len(tokens(text))))})

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def _control(self, request: Request) -> Response:
        if request.method == "DELETE":
            self._next.clear()
            self.requests.clear()
            self.default = Behaviour()
        elif request.method == "POST":
            told = await request.json()
            self.will(*(Behaviour(**each) for each in told.get("next", [])))
            if "default" in told:
                self.default = replace(self.default, **told["default"])
        return JSONResponse({"requests": [asdict(each) for each in self.requests], "waiting": len(self._next)})

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self.app(),
            host="127.0.0.1",
            port=self.port,
            log_level="critical",
            access_log=False,
            lifespan="off",
        )


class _Chat:
    """The chat route, as plain ASGI: it watches for the client's leaving while it answers."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        received = Received(await request.json(), request.headers.get("authorization", ""), request.url.path)
        self._server.requests.append(received)
        answer = asyncio.create_task(self._answer(received, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait((answer, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                received.disconnected = True
                answer.cancel()
            await answer
        except asyncio.CancelledError:
            received.disconnected = True
        finally:
            leaving.cancel()

    async def _answer(self, received: Received, send: Send) -> None:
        behaviour = self._server.behaviour(received)
        await asyncio.sleep(behaviour.delay)
        if behaviour.hang:
            await asyncio.Event().wait()
        if behaviour.status != 200:
            await _send_json(send, behaviour.status, {"error": behaviour.error}, behaviour.headers)
        elif received.body.get("stream"):
            await self._stream(received, behaviour, send)
        else:
            await self._whole(received, behaviour, send)
        received.finished = True

    async def _whole(self, received: Received, behaviour: Behaviour, send: Send) -> None:
        text, finish = self._limited(received, behaviour)
        if behaviour.rate:
            await asyncio.sleep(len(text) / behaviour.rate)
        received.sent = len(text)
        message = {"role": "assistant", "content": "".join(text)}
        body = {
            **_head(received, "chat.completion"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            "usage": self._server.usage(received, len(text)),
        }
        await _send_json(send, 200, body, behaviour.headers)

    async def _stream(self, received: Received, behaviour: Behaviour, send: Send) -> None:
        headers = {"content-type": "text/event-stream", **behaviour.headers}
        await send({"type": "http.response.start", "status": 200, "headers": _raw(headers)})
        write = _Writer(send, behaviour.piece)
        async for event in self._events(received, behaviour):
            await write(event)
        await write.end()

    async def _events(self, received: Received, behaviour: Behaviour) -> AsyncIterator[bytes]:
        head = _head(received, "chat.completion.chunk")
        yield _event(head, {"role": "assistant", "content": ""})
        await asyncio.sleep(behaviour.think)
        words, finish = self._limited(received, behaviour)
        began = time.monotonic()
        for number, word in enumerate(_endless(words) if behaviour.endless else words):
            if (fault := _fault(behaviour, number)) is not None:
                yield await fault()
            if behaviour.rate:
                await asyncio.sleep(began + number / behaviour.rate - time.monotonic())
            elif number % 16 == 0:
                await asyncio.sleep(0)
            yield _event(head, {"content": word})
            received.sent += 1
        if (fault := _fault(behaviour, len(words))) is not None:
            yield await fault()
        if behaviour.finish is not None:
            yield _event(head, {}, finish)
        if behaviour.usage and (received.body.get("stream_options") or {}).get("include_usage"):
            counts = self._server.usage(received, len(words))
            yield f"data: {json.dumps({**head, 'choices': [], 'usage': counts})}\n\n".encode()
        if behaviour.done:
            yield b"data: [DONE]\n\n"

    def _limited(self, received: Received, behaviour: Behaviour) -> tuple[list[str], str | None]:
        text = behaviour.text
        words = tokens(f"You said: {_text(received.messages[-1])}" if text is None else text)
        limit = received.body.get("max_tokens") or received.body.get("max_completion_tokens")
        if limit is not None and len(words) > limit and not behaviour.endless:
            return words[:limit], "length"
        return words, behaviour.finish


class _Writer:
    """Writes events, each by itself or in pieces of a given size."""

    def __init__(self, send: Send, piece: int | None) -> None:
        self._send = send
        self._piece = piece
        self._rest = b""

    async def __call__(self, event: bytes) -> None:
        if self._piece is None:
            await self._send({"type": "http.response.body", "body": event, "more_body": True})
            return
        self._rest += event
        while len(self._rest) >= self._piece:
            piece, self._rest = self._rest[: self._piece], self._rest[self._piece :]
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            # Without a breath the kernel would join the pieces again.
            await asyncio.sleep(0.0005)

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": self._rest})


def _fault(behaviour: Behaviour, number: int) -> Callable[[], Any] | None:
    """What happens in place of going on, after so many tokens."""

    async def stall() -> bytes:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def cut() -> bytes:
        raise _CutOffError

    async def garbage() -> bytes:
        return f"{behaviour.garbage}\n\n".encode()

    async def error() -> bytes:
        return f"data: {json.dumps({'error': behaviour.error})}\n\n".encode()

    faults = {
        "stall": (behaviour.stall_after, stall),
        "cut": (behaviour.cut_after, cut),
        "garbage": (behaviour.garbage_after, garbage),
        "error": (behaviour.error_after, error),
    }
    return next((act for after, act in faults.values() if after == number), None)


def _endless(words: list[str]) -> Iterator[str]:
    while True:
        yield from words or [" again"]


def _head(received: Received, kind: str) -> dict[str, Any]:
    model = received.body.get("model", "scripted")
    return {"id": "chatcmpl-1", "object": kind, "created": int(time.time()), "model": model}


def _event(head: dict[str, Any], delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({**head, 'choices': [choice]}, ensure_ascii=False)}\n\n".encode()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_json(send: Send, status: int, body: Any, headers: dict[str, str]) -> None:
    raw = _raw({"content-type": "application/json", **headers})
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description="A scripted OpenAI-compatible model server on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", type=float, default=None, help="tokens a second")
    parser.add_argument("--think", type=float, default=0.0, help="seconds before the first token")
    parser.add_argument("--text", default=None, help="the answer; default: repeats the question")
    parser.add_argument("--model", default="scripted")
    parser.add_argument("--context", type=int, default=None, help="tokens")
    parser.add_argument("--api-key", default=None)
    parser.add_argument("--llama", action="store_true", help="with llama.cpp's /tokenize and /props")
    told = parser.parse_args()
    server = ModelServer(
        port=told.port,
        models=(told.model,),
        api_key=told.api_key,
        context=told.context,
        llama=told.llama,
        default=Behaviour(text=told.text, rate=told.rate, think=told.think),
    )
    uvicorn.Server(server._config()).run()


if __name__ == "__main__":
    main()
