"""Titles by themselves: made by the model after the first answer, never over a person's."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

import prompts
from app.db.migrate import migrate
from app.settings import Settings
from tests.support.embedded import new_database
from tests.support.event_stream import following
from tests.support.model_server import Behaviour, ModelServer, Received
from tests.support.running import Client, running


class Titler(ModelServer):
    """Answers turns, and gives titles as told."""

    def __init__(self) -> None:
        super().__init__(default=Behaviour(text="I see, thank you."))
        self.title = Behaviour(text='Title: "A train to Porto."')

    def behaviour(self, received: Received) -> Behaviour:
        return self.title if asks_for_title(received) else super().behaviour(received)

    @property
    def asked(self) -> list[str]:
        """What it was shown when it was asked for a title."""
        return [str(received.messages[-1]["content"]) for received in self.requests if asks_for_title(received)]


def asks_for_title(received: Received) -> bool:
    return bool(received.messages[0]["content"] == prompts.load("title").template)


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Titler]:
    async with Titler() as titler:
        yield titler


@pytest.fixture
def titler(server: Titler) -> Titler:
    server.reset()
    server.title = Behaviour(text='Title: "A train to Porto."')
    return server


@pytest.fixture(scope="module")
async def titling(settings: Settings, postgres_url: str, server: Titler) -> AsyncIterator[Client]:
    async with new_database(postgres_url) as url:
        await migrate(url)
        changes: dict[str, Any] = {
            "database_url": SecretStr(url),
            "milvus_collection": f"{settings.milvus_collection}_titles",
            "llm_base_url": server.base_url,
            "titles": "auto",
        }
        async with running(settings.model_copy(update=changes)) as client:
            yield client


async def title_of(client: Client, session_id: str) -> str:
    return str((await client.get(f"/api/sessions/{session_id}")).json()["title"])


async def until_asked(titler: Titler, count: int) -> None:
    """Wait until so many titles were asked for, and those answered."""
    async with asyncio.timeout(15):
        while len([each for each in titler.requests if asks_for_title(each) and each.finished]) < count:
            await asyncio.sleep(0.02)


async def until_titled(client: Client, session_id: str, title: str) -> None:
    async with asyncio.timeout(15):
        while await title_of(client, session_id) != title:
            await asyncio.sleep(0.02)


async def test_after_the_first_answer_and_after_the_third(titling: Client, titler: Titler) -> None:
    async with following(titling) as events:
        first = await titling.say("Which train goes from Lisbon to Porto?")
        assert first.of("run")["title"] == "Which train goes from Lisbon to Porto?"
        told = await events.one("title")
        assert told == {"session_id": first.session_id, "title": "A train to Porto"}
        assert await title_of(titling, first.session_id) == "A train to Porto"
        assert "User: Which train goes from Lisbon to Porto?\nAssistant: I see, thank you." in titler.asked[0]

        titler.title = Behaviour(text="Trains and a wedding dress")
        await titling.say("And I need a dress.", session_id=first.session_id)
        await titling.say("For the wedding.", session_id=first.session_id)
        await events.one("title", title="Trains and a wedding dress")
        assert "For the wedding." in titler.asked[1]
        await titling.say("Thanks!", session_id=first.session_id)
        other = await titling.say("Something else")
        await events.one("title", session_id=other.session_id)
        assert len(titler.asked) == 3, "no more after the third turn"


async def test_a_persons_title_stays(titling: Client, titler: Titler) -> None:
    made = (await titling.post("/api/sessions", json={"title": "Mine"})).json()["id"]
    await titling.say("Hello", session_id=made)
    other = await titling.say("Which train goes to Porto?")
    await until_titled(titling, other.session_id, "A train to Porto")
    assert await title_of(titling, made) == "Mine"
    await titling.patch(f"/api/sessions/{other.session_id}", json={"title": "Also mine"})
    for _ in range(2):
        await titling.say("And now?", session_id=other.session_id)
    third = await titling.say("The next train?")
    await until_titled(titling, third.session_id, "A train to Porto")
    assert await title_of(titling, other.session_id) == "Also mine"
    assert len(titler.asked) == 2, "it is not even asked"


async def test_a_person_who_is_faster_than_the_model(titling: Client, titler: Titler) -> None:
    titler.title = Behaviour(text="Too late", think=1.0)
    turn = await titling.say("Which train goes to Porto?")
    async with asyncio.timeout(15):
        while not titler.asked:
            await asyncio.sleep(0.02)
    await titling.patch(f"/api/sessions/{turn.session_id}", json={"title": "Mine"})
    await until_asked(titler, 1)
    titler.title = Behaviour(text="Another one")
    after = await titling.say("Something else")
    await until_titled(titling, after.session_id, "Another one")
    assert await title_of(titling, turn.session_id) == "Mine"


@pytest.mark.parametrize("answer", ["x" * 61, "...", "Title:"])
async def test_what_is_no_title_leaves_the_one_there_is(titling: Client, titler: Titler, answer: str) -> None:
    titler.title = Behaviour(text=answer)
    turn = await titling.say("Which train goes to Porto?")
    await until_asked(titler, 1)
    titler.title = Behaviour(text="Another one")
    after = await titling.say("Something else")
    await until_titled(titling, after.session_id, "Another one")
    assert await title_of(titling, turn.session_id) == "Which train goes to Porto?"


async def test_a_model_that_does_not_end_is_not_waited_for(titling: Client, titler: Titler) -> None:
    titler.title = Behaviour(text="and so on and so forth ", endless=True)
    turn = await titling.say("Which train goes to Porto?")
    async with asyncio.timeout(15):
        while not any(each.disconnected for each in titler.requests if asks_for_title(each)):
            await asyncio.sleep(0.02)
    assert await title_of(titling, turn.session_id) == "Which train goes to Porto?"


async def test_a_temporary_session_is_not_shown_to_it(titling: Client, titler: Titler) -> None:
    await titling.say("My secret", temporary=True)
    after = await titling.say("Something else")
    await until_titled(titling, after.session_id, "A train to Porto")
    assert len(titler.asked) == 1
    assert "secret" not in titler.asked[0]
