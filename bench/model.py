"""The scripted model server with a stopwatch: what a turn took without the model is what the server did not take."""

import time
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.model_server import Behaviour, ModelServer

MODEL = "scripted"
CONTEXT = 8192
"""Tokens; what the embedded model has by default."""
LONGEST = 1_024
"""Tokens; longest answer that is measured."""


@dataclass(slots=True)
class Answered:
    """One chat request at the model server, on the clock of `time.perf_counter`, seconds."""

    arrived: float
    first_token: float = 0.0
    ended: float = 0.0

    @property
    def to_first_token(self) -> float:
        return self.first_token - self.arrived

    @property
    def whole(self) -> float:
        return self.ended - self.arrived


@dataclass(slots=True)
class Stopwatch:
    """Times every chat request, around the server's own application."""

    app: ASGIApp
    answered: list[Answered] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/chat/completions"):
            await self.app(scope, receive, send)
            return
        one = Answered(time.perf_counter())

        async def timed(message: Message) -> None:
            body = message.get("body", b"")
            await send(message)
            if not one.first_token and b'"content"' in body and b'"content": ""' not in body:
                one.first_token = time.perf_counter()

        try:
            await self.app(scope, receive, timed)
        finally:
            one.ended = time.perf_counter()
            self.answered.append(one)


class TimedModelServer(ModelServer):
    """As `memocha up` starts one: with /tokenize and /props."""

    def __init__(self, text: str | None = None, rate: float | None = None) -> None:
        """`rate`: tokens a second; None: as fast as they can be written."""
        super().__init__(models=(MODEL,), context=CONTEXT, llama=True, default=Behaviour(text=text, rate=rate))
        self.answered: list[Answered] = []

    def app(self) -> Starlette:
        app = super().app()
        app.add_middleware(Stopwatch, answered=self.answered)
        return app

    def take(self) -> Answered:
        """The one request since the last call. Its client may have the end a moment before it is noted here."""
        deadline = time.perf_counter() + 5
        while not self.answered and time.perf_counter() < deadline:
            time.sleep(0.001)
        [one] = self.answered
        self.answered.clear()
        self.requests.clear()
        return one
