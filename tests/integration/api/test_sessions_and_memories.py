"""Sessions and memories over HTTP: to list, change and take away."""

import asyncio
import contextlib
import json

import httpx
import psycopg
import pytest

from app.settings import Settings
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client


async def test_sessions_are_listed_by_when_they_were_last_talked_in(service: Client) -> None:
    first = await service.say("One.")
    second = await service.say("Two.")
    await service.say("One again.", session_id=first.session_id)
    listed = [item["id"] for item in (await service.get("/api/sessions", params={"limit": 2})).json()["items"]]
    assert listed == [first.session_id, second.session_id]


async def test_pages_of_sessions_join_up(service: Client) -> None:
    made = {(await service.post("/api/sessions", json={"title": f"Page {n}"})).json()["id"] for n in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (
            await service.get("/api/sessions", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        ).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert made <= set(seen)


async def test_a_session_can_be_found_renamed_and_archived(service: Client) -> None:
    turn = await service.say("The zeppelin lands at noon.")
    [found] = (await service.get("/api/sessions", params={"search": "zeppelin"})).json()["items"]
    assert found["id"] == turn.session_id
    assert found["title"] == "The zeppelin lands at noon."
    path = f"/api/sessions/{turn.session_id}"
    changed = (await service.patch(path, json={"title": "Airship", "archived": True})).json()
    assert (changed["title"], changed["archived"]) == ("Airship", True)
    assert (await service.get("/api/sessions", params={"search": "Airship"})).json()["items"] == []
    archived = (await service.get("/api/sessions", params={"search": "Airship", "archived": True})).json()["items"]
    assert [item["id"] for item in archived] == [turn.session_id]


async def test_a_long_session_is_paged_backwards(service: Client) -> None:
    turn = await service.say("Message 0.")
    for number in range(1, 4):
        await service.say(f"Message {number}.", session_id=turn.session_id)
    path = f"/api/sessions/{turn.session_id}/messages"
    page = (await service.get(path, params={"limit": 3})).json()
    assert [item["content"] for item in page["items"]][1] == "Message 3."
    collected = page["items"]
    while page["next_cursor"]:
        page = (await service.get(path, params={"limit": 3, "cursor": page["next_cursor"]})).json()
        collected = page["items"] + collected
    assert [item["content"] for item in collected if item["role"] == "user"] == [f"Message {n}." for n in range(4)]


async def test_a_deleted_session_takes_its_memories_along(service: Client) -> None:
    turn = await service.say("My quokka is called Smiley.")
    await service.remembered("My quokka is called Smiley.")
    receipt = (await service.delete(f"/api/sessions/{turn.session_id}")).json()
    assert (receipt["sessions"], receipt["messages"]) == (1, 2)
    assert receipt["memories"] >= 1
    assert "My quokka is called Smiley." not in await service.search("My quokka is called Smiley.")
    assert (await service.get(f"/api/sessions/{turn.session_id}")).status_code == 404
    assert (await service.delete(f"/api/sessions/{turn.session_id}")).status_code == 404


async def test_a_deleted_session_can_leave_its_memories(service: Client) -> None:
    turn = await service.say("My numbat is called Nibbles.")
    await service.remembered("My numbat is called Nibbles.")
    await service.delete(f"/api/sessions/{turn.session_id}", params={"memories": "keep"})
    assert (await service.get(f"/api/sessions/{turn.session_id}")).status_code == 404
    await service.remembered("My numbat is called Nibbles.")


async def test_a_reset_session_is_empty_and_goes_on(service: Client, model_server: ModelServer) -> None:
    turn = await service.say("My okapi is called Stripe.")
    await service.remembered("My okapi is called Stripe.")
    receipt = (await service.post(f"/api/sessions/{turn.session_id}/reset")).json()
    assert receipt["messages"] == 2
    assert await service.history(turn.session_id) == []
    again = await service.say("What is my okapi called?", session_id=turn.session_id)
    assert "My okapi is called Stripe." not in again.recalled
    assert "Stripe" not in model_server.requests[-1].prompt
    assert len(await service.history(turn.session_id)) == 2


async def test_a_forgotten_memory_is_gone_and_is_not_learned_again(service: Client, model_server: ModelServer) -> None:
    told = await service.say("My axolotl is called Xochi.")
    await service.remembered("My axolotl is called Xochi.")
    asked = await service.say("What is my axolotl called?")
    memory = next(item for item in asked.memories if item["text"] == "My axolotl is called Xochi.")
    receipt = (await service.delete(f"/api/memories/{memory['id']}")).json()
    assert receipt["memories"] == 1
    assert "conversation" in receipt["note"]
    assert (await service.get(f"/api/memories/{memory['id']}")).status_code == 404
    # Not even the session in which it was recalled goes on with it.
    model_server.reset()
    await service.say("And how old is my axolotl?", session_id=asked.session_id)
    assert "Xochi" not in model_server.requests[-1].prompt
    assert "My axolotl is called Xochi." not in await service.search("My axolotl is called Xochi.", k=50)
    assert next(m["content"] for m in await service.history(told.session_id)) == "My axolotl is called Xochi."


async def test_a_memory_can_be_added_corrected_pinned_and_paused(service: Client) -> None:
    made = await service.post("/api/memories", json={"text": "I am left-handed.", "valid_from": "2001-02-03T00:00:00Z"})
    assert made.status_code == 201
    memory = made.json()
    assert (memory["kind"], memory["session_id"], memory["sources"]) == ("fact", None, [])
    await service.remembered("I am left-handed.")
    path = f"/api/memories/{memory['id']}"
    await service.patch(path, json={"text": "I am ambidextrous.", "pinned": True})
    await service.remembered("I am ambidextrous.")
    assert "I am left-handed." not in await service.search("Which hand do I write with?", k=50)
    detail = (await service.get(path)).json()
    assert [(step["action"], step["old_text"]) for step in detail["history"]] == [
        ("edited", "I am left-handed."),
        ("pinned", None),
    ]
    await service.patch(path, json={"state": "paused"})
    assert "I am ambidextrous." not in await service.search("I am ambidextrous.", k=50)
    await service.patch(path, json={"state": "active"})
    assert "I am ambidextrous." in await service.search("I am ambidextrous.", k=50)


async def test_many_memories_are_changed_at_once(service: Client) -> None:
    made = [(await service.post("/api/memories", json={"text": f"Bulk fact number {n}."})).json() for n in range(3)]
    ids = [memory["id"] for memory in made]
    assert (await service.post("/api/memories/bulk", json={"ids": ids, "action": "pin"})).json()["memories"] == 3
    pinned = (await service.get("/api/memories", params={"pinned": True, "kind": "fact"})).json()["items"]
    assert set(ids) <= {item["id"] for item in pinned}
    assert (await service.post("/api/memories/bulk", json={"ids": ids, "action": "delete"})).json()["memories"] == 3
    assert {(await service.get(f"/api/memories/{memory_id}")).status_code for memory_id in ids} == {404}


async def test_memories_are_listed_by_session_and_time(service: Client) -> None:
    turn = await service.say("My lynx is called Felix.")
    await service.remembered("My lynx is called Felix.")
    listed = (await service.get("/api/memories", params={"session_id": turn.session_id, "kind": "episode"})).json()
    assert {item["text"] for item in listed["items"]} == {"My lynx is called Felix.", "I see, thank you."}
    later = {"session_id": turn.session_id, "since": "2100-01-01T00:00:00Z"}
    assert (await service.get("/api/memories", params=later)).json()["items"] == []
    assert (await service.get("/api/memories/search", params={"q": "Felix", **later})).json()["items"] == []


async def test_memory_can_be_off_for_a_session(service: Client, model_server: ModelServer) -> None:
    await service.say("My ferret is called Fidget.")
    await service.remembered("My ferret is called Fidget.")
    session = (await service.post("/api/sessions", json={"memory_enabled": False})).json()
    turn = await service.say("What is my ferret called? I also have a rabbit called Thumper.", session_id=session["id"])
    assert turn.memories == []
    await service.say("My gecko is called Gordon.")
    await service.remembered("My gecko is called Gordon.")
    assert not any("Thumper" in text for text in await service.search("rabbit called Thumper", k=50))


async def test_a_memory_is_searchable_within_a_second_or_so(service: Client) -> None:
    turn = await service.say("My heron is called Hector.")
    assert turn.names[-1] == "done"
    async with asyncio.timeout(5):
        await service.remembered("My heron is called Hector.")


async def begun(service: Client, body: dict[str, object], tokens: int) -> str:
    """Begin a turn, leave after so many tokens, and say which run it is."""
    run_id = ""
    async with service.stream("POST", "/api/chat", json=body) as response:
        async for line in response.aiter_lines():
            if line.startswith("data:") and not run_id:
                run_id = json.loads(line[5:])["run_id"]
            tokens -= line == "event: token"
            if run_id and tokens <= 0:
                break
    return run_id


@pytest.mark.parametrize("presses", [1, 4])
async def test_a_stopped_run_keeps_its_part_however_often_stop_is_pressed(
    service: Client, model_server: ModelServer, presses: int
) -> None:
    model_server.will(Behaviour(text="again and", endless=True, rate=50))
    session = (await service.post("/api/sessions", json={})).json()["id"]
    run_id = await begun(service, {"message": "Talk.", "session_id": session}, tokens=5)
    answers = await asyncio.gather(*(service.post(f"/api/runs/{run_id}/cancel") for _ in range(presses)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert answers[0].json()["kept"]
    assert (await service.post(f"/api/runs/{run_id}/cancel")).json()["code"] == "not_running"
    events = (await service.get(f"/api/runs/{run_id}/events")).text
    assert '"finish_reason":"stopped"' in events
    _, answer = await service.history(session)
    assert answer["finish_reason"] == "stopped"
    assert answer["content"].count("again") + answer["content"].count("and") >= 5
    assert (await service.get(f"/api/sessions/{session}")).json()["active_run_id"] is None


async def test_a_second_stop_does_not_cut_off_the_storing_of_the_first(
    service: Client, model_server: ModelServer, settings: Settings
) -> None:
    assert settings.database_url is not None
    model_server.will(Behaviour(text="again and", endless=True, rate=50))
    session = (await service.post("/api/sessions", json={})).json()["id"]
    run_id = await begun(service, {"message": "Talk.", "session_id": session}, tokens=5)
    async with await psycopg.AsyncConnection.connect(settings.database_url.get_secret_value()) as holder:
        # The part cannot be stored while somebody holds the session's row, so the second press comes in the middle.
        await holder.execute("SELECT 1 FROM sessions WHERE id = %s FOR UPDATE", [session])
        first = asyncio.create_task(service.post(f"/api/runs/{run_id}/cancel"))
        async with asyncio.timeout(10):
            waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            while not await (await holder.execute(waiting)).fetchone():
                await asyncio.sleep(0.02)
        with contextlib.suppress(httpx.ReadTimeout):
            await service.post(f"/api/runs/{run_id}/cancel", timeout=1.0)
        await holder.rollback()
    assert (await first).json()["kept"]
    _, answer = await service.history(session)
    assert answer["finish_reason"] == "stopped"
    assert (await service.get(f"/api/sessions/{session}")).json()["active_run_id"] is None


async def test_a_stop_before_a_new_answer_began_leaves_the_old_one(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="An answer about puffins."), Behaviour(think=30))
    turn = await service.say("Tell me of a sea bird.")
    await service.remembered("An answer about puffins.")
    run_id = await begun(service, {"session_id": turn.session_id, "regenerate": turn.of("run")["message_id"]}, tokens=0)
    assert (await service.post(f"/api/runs/{run_id}/cancel")).json()["kept"] is False
    assert [m["content"] for m in await service.history(turn.session_id)][1] == "An answer about puffins."
    await service.remembered("An answer about puffins.")


@pytest.mark.parametrize("name", ["health", "ready", "metrics", "api/models", "openapi.json", "docs"])
async def test_the_service_tells_of_itself(service: Client, name: str) -> None:
    assert (await service.get(f"/{name}")).status_code == 200


async def test_the_stream_s_events_are_in_the_openapi(service: Client) -> None:
    schemas = (await service.get("/openapi.json")).json()["components"]["schemas"]
    assert {"ChatEvent", "RunEvent", "MemoriesEvent", "TokenEvent", "UsageEvent", "DoneEvent", "ErrorEvent"} <= set(
        schemas
    )


async def test_logs_hold_no_words(
    service: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    await service.say("The canary in the log is a flamingo.")
    await service.search("flamingo")
    out = capfd.readouterr()
    assert "flamingo" not in caplog.text + out.out + out.err
