"""What has no end by itself is given one: imports at once, clients that follow, turns of a batch, an answer."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from app import listening
from app.chat import turn
from app.db.jobs import AT_ONCE, Jobs
from app.db.models import JobRow
from app.errors import TooManyImports
from app.settings import Settings
from tests.support.accounts import execute, opened
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client

NDJSON = {"content-type": "application/x-ndjson"}
LINE = b'{"session": {"title": "Tea"}}\n'


async def test_so_many_imports_at_once(service: Client, settings: Settings) -> None:
    """Also of those that come together; and again when one of them has ended."""
    (await service.delete("/api/me/data")).raise_for_status()
    # As if they took long: their workers hold them.
    await execute(
        settings,
        "INSERT INTO jobs (id, user_id, kind, state) SELECT gen_random_uuid(), users.id, 'import', 'running'"
        " FROM users, generate_series(1, %s)",
        AT_ONCE - 1,
    )
    [(user,)] = await execute(settings, "SELECT DISTINCT user_id FROM jobs WHERE state = 'running'")
    async with opened(settings) as database:

        async def begin() -> JobRow:
            async with database.transaction() as tx:
                return await Jobs(tx).receive(user, "import")

        begun = await asyncio.gather(begin(), begin(), begin(), return_exceptions=True)
    assert sorted(isinstance(each, TooManyImports) for each in begun) == [False, True, True]
    refused = await service.post("/api/import", content=LINE, headers=NDJSON)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_imports")
    assert int(refused.headers["retry-after"]) > 0
    await execute(settings, "UPDATE jobs SET state = 'succeeded'")
    assert (await service.post("/api/import", content=LINE, headers=NDJSON)).status_code == 202


async def test_so_many_clients_follow_what_happens(service: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "CLIENTS", 2)
    held = []
    async with AsyncExitStack() as following:
        for _ in range(2):
            stream = await following.enter_async_context(service.stream("GET", "/api/events"))
            # Let go of, it would close the stream.
            held.append(stream.aiter_lines())
            assert await anext(held[-1]) == "event: hello"
        async with asyncio.timeout(20):
            refused = await service.get("/api/events")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_streams")
    async with asyncio.timeout(20):
        while True:
            async with service.stream("GET", "/api/events") as again:
                if again.status_code == 200:
                    break
            await asyncio.sleep(0.05)


async def test_so_many_turns_in_a_batch(service: Client, model_server: ModelServer) -> None:
    one = {"messages": [{"type": "human", "content": "Hello"}]}
    answer = await service.post("/chat/batch", json={"inputs": [one] * 101})
    assert (answer.status_code, answer.json()["detail"]) == (422, "inputs are 100 at the most")
    assert model_server.requests == []


async def test_a_model_that_does_not_come_to_an_end_is_left(
    service: Client, model_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn, "LONGEST_ANSWER", 1_000)
    model_server.will(Behaviour(text="and so on and so forth ", endless=True))
    said = await service.say("Tell me the endless tale.")
    assert said.of("error")["code"] == "answer_too_long"
    assert 1_000 < len(said.text) < 100_000
    *_, kept = await service.history(said.session_id)
    assert kept["content"] == said.text, "what was told is kept"
    async with asyncio.timeout(20):
        while not model_server.requests[-1].disconnected:
            await asyncio.sleep(0.02)
