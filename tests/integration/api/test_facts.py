"""Facts over HTTP: what is told in a chat is a fact soon after, with its quote and its history; corrections at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from app.db.migrate import migrate
from app.settings import Settings
from tests.support.embedded import new_database
from tests.support.fact_model import FactModel
from tests.support.model_server import Behaviour
from tests.support.running import Client, running


@pytest.fixture(scope="module")
async def fact_model() -> AsyncIterator[FactModel]:
    async with FactModel() as server:
        server.default = Behaviour(text="I see, thank you.")
        yield server


@pytest.fixture(scope="module")
async def learning(settings: Settings, postgres_url: str, fact_model: FactModel) -> AsyncIterator[Client]:
    """A service that takes facts from two unread messages on."""
    async with new_database(postgres_url) as url:
        await migrate(url)
        changes: dict[str, Any] = {
            "database_url": SecretStr(url),
            "milvus_collection": f"{settings.milvus_collection}_facts",
            "llm_base_url": fact_model.base_url,
            "facts": "auto",
            "facts_pause": 3_600.0,
            "facts_every": 2,
        }
        async with running(settings.model_copy(update=changes)) as client:
            yield client


async def facts(service: Client, count: int, deadline: float = 45.0) -> dict[str, dict[str, Any]]:
    """The facts, once there are so many."""
    async with asyncio.timeout(deadline):
        while True:
            answer = await service.get("/api/memories", params={"kind": "fact"})
            answer.raise_for_status()
            if len(items := answer.json()["items"]) >= count:
                return {item["text"]: item for item in items}
            await asyncio.sleep(0.1)


async def test_a_fact_with_its_quote_and_what_it_replaced(learning: Client, fact_model: FactModel) -> None:
    fact_model.finds = {
        "I live in Berlin": [{"fact": "I live in Berlin"}],
        "I moved to Porto": [{"fact": "I live in Porto"}],
    }
    fact_model.compares = {"I live in Porto": ("contradicts", "I live in Berlin")}
    turn = await learning.say("I live in Berlin, near the park.")
    await learning.say("It is lovely there.", session_id=turn.session_id)
    berlin = (await facts(learning, 1))["I live in Berlin"]
    assert [source["quote"] for source in berlin["sources"]] == ["I live in Berlin"]

    # One message and no pause: it is read at once since it says that something is otherwise.
    corrected = await learning.say("That's wrong by now: I moved to Porto.")
    found = await facts(learning, 2, deadline=20)
    porto = found["I live in Porto"]
    assert found["I live in Berlin"]["superseded_by"] == porto["id"]
    assert found["I live in Berlin"]["valid_to"] == porto["valid_from"]
    detail = (await learning.get(f"/api/memories/{porto['id']}")).json()
    assert [each["text"] for each in detail["earlier"]] == ["I live in Berlin"]
    listed = (await learning.get("/api/memories", params={"superseded": False, "kind": "fact"})).json()["items"]
    assert [(each["id"], each["earlier"]) for each in listed] == [
        (porto["id"], [{"id": berlin["id"], "text": "I live in Berlin", "valid_to": porto["valid_from"]}])
    ]
    changed = (await learning.get("/api/memories", params={"changed": True})).json()["items"]
    assert [each["id"] for each in changed] == [porto["id"]]
    learned = {
        message["content"]: [fact["id"] for fact in message["learned"]]
        for session in (turn, corrected)
        for message in await learning.history(session.session_id)
        if message["role"] == "user"
    }
    assert learned["That's wrong by now: I moved to Porto."] == [porto["id"]]
    assert learned["I live in Berlin, near the park."] == [], "it holds no longer"
    closed = (await learning.get(f"/api/memories/{berlin['id']}")).json()
    assert [event["action"] for event in closed["history"]] == ["closed"]

    await learning.delete(f"/api/memories/{porto['id']}")
    assert (await facts(learning, 1))["I live in Berlin"]["superseded_by"] is None


async def test_what_the_service_counts(learning: Client) -> None:
    counted = (await learning.get("/metrics")).text
    assert 'memocha_facts_stored_total{relation="new"}' in counted
