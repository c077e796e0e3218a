"""A Memocha for the tests of the web client: the real service and parts, with a model that says what it is told.

`python -m tests.support.serve_for_browser` writes one line of JSON when it is ready, `{"service", "control"}`, and ends
when its standard input closes. What is asked of `control`:

    POST /model  {"answers"?, "facts"?, "compares"?, "titles"?, "days"?}   from now on; {} alone: as at the beginning
    GET  /model    what it was asked, newest last: {"prompt", "model", "temperature", "max_tokens"}
    POST /read     look for what facts are to be taken from, as it does by itself every 15 seconds
    POST /kill/{part}    kill -9; a part of its own comes back by itself, all of it (`supervisor`) by POST /start
    POST /stop/{part}    SIGSTOP, and POST /go/{part} SIGCONT; the part `model` is stopped and started for good
    POST /start
    POST /user     {"login", "password", "role"?}   an account, where the service has accounts
"""

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, get_args

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.embedded.net import pick_port
from app.jobs.queue import JobQueue
from app.security.access import signing_in_at
from tests.support.embedded import minilm, scratch
from tests.support.fact_model import FactModel
from tests.support.instance import Instance, PartName
from tests.support.model_server import Behaviour, Received

TITLING: Final = "You give conversations a title"
DEFAULT: Final = Behaviour(text="I see.", rate=200.0)


@dataclass
class Answer:
    """What is said to a question that holds these words: one after the other, the last one again and again."""

    when: str
    say: list[Behaviour]

    def next(self) -> Behaviour:
        return self.say.pop(0) if len(self.say) > 1 else self.say[0]


@dataclass
class StoryModel(FactModel):
    """A model that knows its lines: answers, titles and days by words of what it reads, facts as `FactModel` does."""

    answers: list[Answer] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    days: dict[str, Sequence[str]] = field(default_factory=dict)
    """By words of a day's messages, the sentences of its digest."""

    def tell(self, told: dict[str, Any]) -> None:
        """Take these lines in place of those it had. Nothing told: none of any kind."""
        if not told:
            told = {"answers": [], "facts": {}, "compares": {}, "titles": {}, "days": {}}
        if "answers" in told:
            self.answers = [
                Answer(each["when"], [Behaviour(**{"rate": 200.0, **say}) for say in each["say"]])
                for each in told["answers"]
            ]
        self.finds = told.get("facts", self.finds)
        self.compares = (
            {fact: (relation, known) for fact, (relation, known) in told["compares"].items()}
            if ("compares" in told)
            else self.compares
        )
        self.titles = told.get("titles", self.titles)
        self.days = told.get("days", self.days)

    def behaviour(self, received: Received) -> Behaviour:
        form = (received.body.get("response_format") or {}).get("json_schema")
        said = str(received.messages[-1]["content"])
        if form is not None and form["name"] == "digest":
            return Behaviour(text=json.dumps({"sentences": self._sentences(said)}, ensure_ascii=False))
        if form is not None:
            return super().behaviour(received)
        if str(received.messages[0]["content"]).startswith(TITLING):
            title = next((title for words, title in self.titles.items() if words in said), "A chat")
            return Behaviour(text=title)
        # Recalled words stand before the question: the rule that fits the end of it is the one that is meant.
        fitting = max(self.answers, key=lambda answer: said.rfind(answer.when), default=None)
        return fitting.next() if fitting is not None and fitting.when in said else DEFAULT

    def _sentences(self, said: str) -> list[str]:
        return [sentence for words, sentences in self.days.items() if words in said for sentence in sentences]


class Control:
    """What a test may ask for over HTTP."""

    def __init__(self, instance: Instance, model: StoryModel) -> None:
        self._instance = instance
        self._model = model

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/model", self._tell, methods=["POST"]),
                Route("/model", self._asked, methods=["GET"]),
                Route("/read", self._read, methods=["POST"]),
                Route("/kill/{part}", self._kill, methods=["POST"]),
                Route("/stop/{part}", self._pause, methods=["POST"]),
                Route("/go/{part}", self._resume, methods=["POST"]),
                Route("/start", self._start, methods=["POST"]),
                Route("/user", self._make_user, methods=["POST"]),
            ]
        )

    async def _tell(self, request: Request) -> JSONResponse:
        self._model.tell(await request.json())
        return JSONResponse({})

    async def _asked(self, _: Request) -> JSONResponse:
        return JSONResponse([_asked(received) for received in self._model.requests])

    async def _read(self, _: Request) -> JSONResponse:
        queue = JobQueue(self._instance.environment["MEMOCHA_DATABASE_URL"], pool_size=1)
        await queue.open()
        try:
            await queue.app.configure_task("find_unread").defer_async(timestamp=0)
        finally:
            await queue.close()
        return JSONResponse({})

    async def _kill(self, request: Request) -> JSONResponse:
        await self._instance.kill(_part(request))
        return JSONResponse({})

    async def _pause(self, request: Request) -> JSONResponse:
        if (part := _part(request)) == "model":
            await asyncio.to_thread(self._model.stop)
        else:
            os.kill(self._instance.pid(part), signal.SIGSTOP)
        return JSONResponse({})

    async def _resume(self, request: Request) -> JSONResponse:
        if (part := _part(request)) == "model":
            await asyncio.to_thread(self._model.start)
        else:
            os.kill(self._instance.pid(part), signal.SIGCONT)
        return JSONResponse({})

    async def _start(self, _: Request) -> JSONResponse:
        return JSONResponse({"seconds": await self._instance.start()})

    async def _make_user(self, request: Request) -> JSONResponse:
        told = await request.json()
        async with signing_in_at(self._instance.environment["MEMOCHA_DATABASE_URL"]) as signing_in:
            user = await signing_in.create(told["login"], role=told.get("role", "member"))
            await signing_in.set_password(user.id, told["password"], chosen=True)
        return JSONResponse({})


def _asked(received: Received) -> dict[str, Any]:
    set_by_request = ("model", "temperature", "max_tokens")
    return {"prompt": received.prompt, **{name: received.body.get(name) for name in set_by_request}}


def _part(request: Request) -> PartName:
    part: PartName = request.path_params["part"]
    if part not in get_args(PartName):
        raise HTTPException(404)
    return part


@asynccontextmanager
async def running(data_dir: Path, **more: str) -> AsyncIterator[tuple[Instance, StoryModel]]:
    """A ready Memocha with such a model, for the time of the block. `more`: settings, by their variables' names."""
    await minilm()  # fetched before any clock runs
    model = StoryModel()
    served = [more.get("MEMOCHA_LLM", "openai:scripted"), *json.loads(more.get("MEMOCHA_LLM_FALLBACKS", "[]"))]
    model.models = tuple(name.partition(":")[2] for name in served)
    async with model:
        instance = Instance(data_dir, model=model, own_worker=False, more=more)
        try:
            await instance.start()
            yield instance, model
        finally:
            await instance.close()


async def serve(settings: dict[str, str]) -> None:
    """Until standard input closes."""
    with scratch() as folder:
        async with running(folder / "data", **settings) as (instance, model):
            port = pick_port()
            config = uvicorn.Config(
                Control(instance, model).app(), host="127.0.0.1", port=port, log_level="warning", access_log=False
            )
            server = uvicorn.Server(config)
            ending = asyncio.create_task(_end_with_input(server))
            where = {"service": f"http://127.0.0.1:{instance.port}", "control": f"http://127.0.0.1:{port}"}
            sys.stdout.write(json.dumps(where) + "\n")
            sys.stdout.flush()
            await server.serve()
            ending.cancel()


async def _end_with_input(server: uvicorn.Server) -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()
    server.should_exit = True


def main() -> None:
    parser = argparse.ArgumentParser(description="Memocha with a scripted model, for a browser's tests.")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the service")
    told = parser.parse_args()
    settings = {
        "MEMOCHA_LOG_LEVEL": "info",
        # What was said is read at once, not when a conversation pauses.
        "MEMOCHA_FACTS": "on",
        "MEMOCHA_FACTS_EVERY": "1",
        "MEMOCHA_FACTS_PAUSE": "1",
        "MEMOCHA_TITLES": "on",
    }
    asyncio.run(serve(settings | dict(each.split("=", 1) for each in told.set)))


if __name__ == "__main__":
    main()
