"""The user's own settings: what the model is told about them, and memory off."""

from collections.abc import AsyncIterator

import pytest

from app.db.ids import LOCAL_USER_ID
from app.settings import Settings
from graphs.prompting import system_prompt
from tests.support.model_server import ModelServer
from tests.support.running import Client

NOTHING = {
    "memory_enabled": True,
    "about_me": "",
    "how_to_answer": "",
    "language": None,
    "retention": {"memories": None, "days": None},
}


@pytest.fixture(autouse=True)
async def _as_before(service: Client) -> AsyncIterator[None]:
    yield
    cleared = {name: None for name in NOTHING if name != "memory_enabled"}
    (await service.patch("/api/me", json={"memory_enabled": True, **cleared})).raise_for_status()


def system_of(model: ModelServer) -> str:
    first = model.requests[-1].messages[0]
    assert first["role"] == "system"
    return str(first["content"])


async def test_nothing_is_set_at_first(service: Client) -> None:
    told = (await service.get("/api/me")).json()
    assert told["id"] == str(LOCAL_USER_ID)
    assert told["name"]
    assert {name: value for name, value in told.items() if name not in ("id", "name", "service")} == NOTHING


async def test_what_the_service_does(service: Client, settings: Settings) -> None:
    told = (await service.get("/api/me")).json()["service"]
    # The tests' own settings; citations are left open, and the scripted model is not the embedded one.
    assert told == {"message_limit": settings.message_limit, "facts": False, "titles": False, "citations": True}
    refused = await service.patch("/api/me", json={"service": told})
    assert refused.status_code == 422
    longest = await service.post("/api/chat", json={"message": "🫖" * told["message_limit"], "temporary": True})
    assert longest.status_code == 200
    too_long = await service.post("/api/chat", json={"message": "🫖" * (told["message_limit"] + 1)})
    assert (too_long.status_code, too_long.json()["code"]) == (422, "invalid_request")


async def test_what_is_left_out_stays_and_null_clears(service: Client) -> None:
    await service.patch("/api/me", json={"about_me": "  I keep bees. ", "language": "pt-BR"})
    await service.patch("/api/me", json={"how_to_answer": "In verse.", "retention": {"memories": 500, "days": 90}})
    told = (await service.patch("/api/me", json={"retention": {"days": None}})).json()
    assert (told["about_me"], told["how_to_answer"], told["language"]) == ("I keep bees.", "In verse.", "pt-BR")
    assert told["retention"] == {"memories": 500, "days": None}
    assert told == (await service.get("/api/me")).json()
    told = (await service.patch("/api/me", json={"about_me": None, "language": None, "retention": None})).json()
    assert (told["about_me"], told["language"], told["how_to_answer"]) == ("", None, "In verse.")
    assert told["retention"] == {"memories": None, "days": None}


@pytest.mark.parametrize(
    "body",
    [
        {"name": "somebody else"},
        {"memory_enabled": None},
        {"about_me": "x" * 2_001},
        {"how_to_answer": "x" * 2_001},
        {"about_me": "\x00"},
        {"language": "not a tag"},
        {"language": ""},
        {"retention": {"memories": 0}},
        {"retention": {"bytes": 5}},
    ],
)
async def test_what_is_refused(service: Client, body: dict[str, object]) -> None:
    before = (await service.get("/api/me")).json()
    answer = await service.patch("/api/me", json=body)
    assert answer.status_code == 422
    assert (await service.get("/api/me")).json() == before


@pytest.mark.parametrize("temporary", [False, True])
async def test_the_model_reads_it_in_the_system_message(
    service: Client, model_server: ModelServer, temporary: bool
) -> None:
    await service.patch("/api/me", json={"about_me": "I keep bees.", "how_to_answer": "Call me Captain."})
    first = await service.say("Hello", temporary=temporary)
    system = system_of(model_server)
    assert system.startswith(system_prompt())
    assert "wrote about themselves:\nI keep bees." in system
    assert "be answered:\nCall me Captain." in system
    assert "language" not in system.removeprefix(system_prompt())
    await service.say("And now?", session_id=first.session_id)
    assert system_of(model_server) == system, "the prompt's beginning stays the same"

    await service.patch("/api/me", json={"about_me": None, "how_to_answer": None})
    await service.say("And now?", session_id=first.session_id)
    assert system_of(model_server) == system_prompt()


async def turn(service: Client, whose: str, session_id: str, *, on: bool) -> None:
    path = "/api/me" if whose == "user" else f"/api/sessions/{session_id}"
    (await service.patch(path, json={"memory_enabled": on})).raise_for_status()


@pytest.mark.parametrize(
    ("whose", "animal", "name", "hidden", "later"),
    [
        ("user", "dog", "Biscuit", "My cousin sails a boat in Oslo.", "My piano was tuned on Monday."),
        ("session", "parrot", "Marmalade", "My aunt flies balloons in Lyon.", "My bicycle has a new chain."),
    ],
)
async def test_memory_off_recalls_and_remembers_nothing(
    service: Client, model_server: ModelServer, whose: str, animal: str, name: str, hidden: str, later: str
) -> None:
    told, question = f"My {animal} is called {name}.", f"What is my {animal} called?"
    await service.say(told)
    await service.remembered(told)
    asking = await service.say(question)
    assert told in asking.recalled

    await turn(service, whose, asking.session_id, on=False)
    silent = await service.say(hidden, session_id=asking.session_id)
    assert silent.memories == []
    assert not any(name in str(message["content"]) for message in model_server.requests[-1].messages), (
        "what an earlier turn recalled is not read either"
    )
    again = await service.say(question, session_id=asking.session_id)
    assert again.memories == []

    await turn(service, whose, asking.session_id, on=True)
    await service.say(later, session_id=asking.session_id)
    await service.remembered(later)
    assert hidden not in await service.search(hidden, k=50), "turning it on again does not reach back"
    back = await service.say(question, session_id=asking.session_id)
    assert told in back.recalled


async def test_off_for_one_session_is_on_in_the_others(service: Client) -> None:
    off = (await service.post("/api/sessions", json={"memory_enabled": False})).json()
    await service.say("My horse is called Crumpet.", session_id=off["id"])
    await service.say("My goat is called Scone.")
    await service.remembered("My goat is called Scone.")
    assert "My horse is called Crumpet." not in await service.search("My horse is called Crumpet.", k=50)
