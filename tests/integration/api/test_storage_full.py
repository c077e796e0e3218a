"""Postgres has no space left in the middle of a turn: its client is told, and nothing is left hanging when there is."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from app.chat import runs
from app.settings import Settings
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client

FULL = """
CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER no_space BEFORE INSERT ON messages FOR EACH ROW WHEN (NEW.role = '{role}') EXECUTE FUNCTION no_space();
"""
ROOM = "DROP TRIGGER IF EXISTS no_space ON messages; DROP FUNCTION IF EXISTS no_space;"


@asynccontextmanager
async def full_for(role: str, settings: Settings) -> AsyncIterator[None]:
    """Messages of that role find no room for the time of the block."""
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(FULL.format(role=role))
        try:
            yield
        finally:
            await connection.execute(ROOM)


async def test_a_message_that_finds_no_room_is_refused(service: Client, settings: Settings) -> None:
    async with full_for("user", settings):
        answer = await service.post("/api/chat", json={"message": "Is there room?"})
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert "could not extend" not in answer.text
    assert (await service.say("Is there now?")).names[-1] == "done"


async def test_an_answer_that_finds_no_room_is_told_as_failed_and_kept_when_there_is(
    service: Client, settings: Settings, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not answered a second time behind the back of a client that was told to try again."""
    monkeypatch.setattr(runs, "HEARTBEAT", 0.1)
    model_server.will(Behaviour(text="All that I had to say."))
    async with full_for("assistant", settings):
        turn = await service.say("Say something.")
        assert turn.of("error")["code"] == "storage_full"
        assert turn.of("error")["retryable"]
    asked = len(model_server.requests)
    deadline = time.monotonic() + runs.LEASE / 2
    path = f"/api/sessions/{turn.session_id}"
    while (await service.get(path)).json()["active_run_id"] is not None:
        assert time.monotonic() < deadline, "the session is free before any lease ends"
        await asyncio.sleep(0.05)
    question, answer = await service.history(turn.session_id)
    assert (answer["content"], answer["finish_reason"]) == ("All that I had to say.", "interrupted")
    assert len(model_server.requests) == asked
    again = await service.stream_turn({"session_id": turn.session_id, "regenerate": question["id"]})
    assert again.names[-1] == "done"
