"""An answer that starts over after a fault: clients that cannot take words back are told, and get no answer twice."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from app.api import langserve
from app.api.openai.answers import Chunks
from app.chat.events import DoneEvent, RunEvent, TokenEvent
from app.chat.live import LiveRun
from app.chat.log import EventLog
from app.errors import RunFailed


def started_over() -> LiveRun:
    ids: Any = {name: uuid4() for name in ("id", "user_id", "session_id", "question_id", "answer_id")}
    run = LiveRun(**ids, title="", params={}, log=EventLog())
    for words in ("Half of", "The whole"):
        run.begin()
        run.token(words)
    run.log.append(DoneEvent(message_id=run.answer_id, finish_reason="stop"))
    run.log.close()
    assert [type(event.data) for event in run.log.events].count(RunEvent) == 2
    assert any(isinstance(event.data, TokenEvent) for event in run.log.events)
    return run


async def test_openais_clients_get_an_error() -> None:
    chunks = Chunks(started_over(), "memocha", 0, with_usage=False, keeps=True)
    said = b"".join([chunk async for chunk in chunks.follow()])
    assert b"Half of" in said
    assert b"answer_started_over" in said
    assert b"The whole" not in said


async def test_langchains_clients_get_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    doors: list[langserve.ChatDoor] = []
    monkeypatch.setattr(langserve, "add_routes", lambda _app, door, **_: doors.append(door.bound))
    app = FastAPI()
    langserve.mount(app)

    async def start(*_: Any) -> LiveRun:
        return started_over()

    app.state.parts = SimpleNamespace(runs=SimpleNamespace(start=start))
    given = langserve.ChatInput.model_validate({"messages": [{"type": "human", "content": "Tell me."}]})

    said: list[str] = []

    async def listen() -> None:
        config: Any = {"configurable": {langserve.USER: uuid4()}}
        async for piece in doors[0].astream({"messages": given.messages}, config):
            said.append(piece)  # noqa: PERF401 - what came before the error counts

    with pytest.raises(RunFailed, match="answer_started_over"):
        await listen()
    assert "".join(said) == "Half of"
