"""What the web client reads: pages around a message, what answers took, models, where searches hit, what memory holds."""

import asyncio

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.settings import Settings
from tests.support.model_server import Behaviour, ModelServer, too_long, unauthorized
from tests.support.running import Client, running


async def conversation(service: Client, count: int, about: str) -> str:
    turn = await service.say(f"{about} 0.")
    for number in range(1, count):
        await service.say(f"{about} {number}.", session_id=turn.session_id)
    return turn.session_id


async def test_a_jump_into_the_middle_is_paged_both_ways(service: Client) -> None:
    session = await conversation(service, 5, "Ladder")
    path = f"/api/sessions/{session}/messages"
    everything = await service.history(session)
    page = (await service.get(path, params={"around": everything[4]["id"], "limit": 4})).json()
    assert [item["id"] for item in page["items"]] == [item["id"] for item in everything[2:6]]
    newer = (await service.get(path, params={"cursor": page["previous_cursor"], "limit": 3})).json()
    assert [item["id"] for item in newer["items"]] == [item["id"] for item in everything[6:9]]
    newest = (await service.get(path, params={"cursor": newer["previous_cursor"], "limit": 3})).json()
    assert [item["id"] for item in newest["items"]] == [everything[9]["id"]]
    assert newest["previous_cursor"] is None
    older = (await service.get(path, params={"cursor": page["next_cursor"], "limit": 3})).json()
    assert [item["id"] for item in older["items"]] == [item["id"] for item in everything[:2]]
    assert older["next_cursor"] is None
    back = (await service.get(path, params={"cursor": older["previous_cursor"], "limit": 2})).json()
    assert [item["id"] for item in back["items"]] == [item["id"] for item in everything[2:4]]
    last = (await service.get(path, params={"limit": 2})).json()
    assert last["previous_cursor"] is None


async def test_a_message_of_another_branch_can_be_switched_to(service: Client) -> None:
    turn = await service.say("Tea or coffee?")
    left = turn.of("run")["message_id"]
    await service.stream_turn({"session_id": turn.session_id, "regenerate": left})
    path = f"/api/sessions/{turn.session_id}"
    refused = await service.get(f"{path}/messages", params={"around": left})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_on_branch")
    assert refused.headers["content-type"] == "application/problem+json"
    await service.patch(path, json={"head": left})
    page = (await service.get(f"{path}/messages", params={"around": left})).json()
    assert left in [item["id"] for item in page["items"]]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"around": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"}, 404),
        ({"around": "nothing"}, 422),
        ({"cursor": "after.nothing"}, 422),
        ({"cursor": "after.0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"}, 404),
        (
            {"around": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00", "cursor": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"},
            422,
        ),
    ],
)
async def test_what_no_page_is_around(service: Client, asked: dict[str, str], status: int) -> None:
    turn = await service.say("One message.")
    answer = await service.get(f"/api/sessions/{turn.session_id}/messages", params=asked)
    assert answer.status_code == status


async def test_an_answer_tells_what_it_took(service: Client) -> None:
    turn = await service.say("What does this take?")
    question, answer = await service.history(turn.session_id)
    assert answer["usage"] == turn.of("usage")
    assert answer["usage"]["completion_tokens"] > 0
    assert (answer["degraded"], answer["error_code"]) == (False, None)
    assert (question["usage"], question["learned"]) == (None, [])


async def test_a_broken_answer_tells_why(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="It begins well and then", cut_after=3))
    turn = await service.say("Break off, please.")
    _, answer = await service.history(turn.session_id)
    assert answer["finish_reason"] == "interrupted"
    assert answer["error_code"] == turn.of("error")["code"]


async def test_a_question_without_an_answer_tells_why(service: Client, model_server: ModelServer) -> None:
    model_server.will(too_long())
    turn = await service.say("Is this too long for you?")
    assert turn.names[-1] == "error"
    [question] = await service.history(turn.session_id)
    assert question["error_code"] == turn.of("error")["code"] == "prompt_too_long"

    model_server.will(unauthorized())
    again = {"session_id": turn.session_id, "regenerate": question["id"]}
    await service.stream_turn(again)
    [question] = await service.history(turn.session_id)
    assert question["error_code"] == "model_credential", "the last reason"

    await service.stream_turn(again)
    assert [item["error_code"] for item in await service.history(turn.session_id)] == [None, None]

    # It has an answer, though another one failed; also where the answer is on another page.
    model_server.will(unauthorized())
    assert (await service.stream_turn(again)).names[-1] == "error"
    question, answer = await service.history(turn.session_id)
    assert (question["error_code"], answer["error_code"]) == (None, None)
    path = f"/api/sessions/{turn.session_id}/messages"
    page = (await service.get(path, params={"cursor": question["id"]})).json()
    assert [(item["id"], item["error_code"]) for item in page["items"]] == [(question["id"], None)]


async def test_a_question_whose_answer_was_stopped_before_it_began_says_so(
    service: Client, model_server: ModelServer
) -> None:
    model_server.will(Behaviour(think=30))
    asking = asyncio.create_task(service.say("Think it over."))
    async with asyncio.timeout(10):
        while not model_server.requests or not (live := await _live_run(service)):
            await asyncio.sleep(0.02)
    cancelled = (await service.post(f"/api/runs/{live}/cancel")).json()
    assert cancelled["kept"] is False
    turn = await asking
    [question] = await service.history(turn.session_id)
    assert question["error_code"] == "stopped"


async def _live_run(service: Client) -> str | None:
    sessions = (await service.get("/api/sessions", params={"limit": 1})).json()["items"]
    return sessions[0]["active_run_id"] if sessions else None


async def test_an_answer_without_the_index_says_so_for_good(service: Client, settings: Settings) -> None:
    """As it is stored; `tests/chaos/test_turns.py` has the index die in earnest."""
    assert settings.database_url is not None
    turn = await service.say("Was the index there?")
    run = turn.of("run")
    async with await psycopg.AsyncConnection.connect(settings.database_url.get_secret_value()) as tx:
        await tx.execute("UPDATE messages SET degraded = true WHERE id = %s", [run["message_id"]])
    assert [item["degraded"] for item in await service.history(turn.session_id)] == [False, True]


async def test_memories_are_told_with_their_session(service: Client) -> None:
    told = await service.say("My pangolin is called Artemis.")
    await service.patch(f"/api/sessions/{told.session_id}", json={"title": "The pangolin"})
    await service.remembered("My pangolin is called Artemis.")
    asked = await service.say("What is my pangolin called?")
    given = next(item for item in asked.memories if item["text"] == "My pangolin is called Artemis.")
    assert given["session_title"] == "The pangolin"
    answer = (await service.history(asked.session_id))[1]
    assert "The pangolin" in {item["session_title"] for item in answer["memories"]}
    listed = (await service.get("/api/memories", params={"session_id": told.session_id})).json()["items"]
    memory = next(item for item in listed if item["id"] == given["id"])
    assert memory["session_title"] == "The pangolin"
    assert memory["recalled_count"] == 1
    assert memory["last_recalled_at"] is not None
    assert memory["earlier"] == []
    found = (await service.get("/api/memories/search", params={"q": "pangolin"})).json()["items"]
    assert next(item for item in found if item["id"] == given["id"])["session_title"] == "The pangolin"
    changed = (await service.patch(f"/api/memories/{given['id']}", json={"pinned": True})).json()
    assert (changed["session_title"], changed["recalled_count"]) == ("The pangolin", 1)
    assert not memory["session_archived"]
    await service.patch(f"/api/sessions/{told.session_id}", json={"archived": True})
    listed = (await service.get("/api/memories", params={"session_id": told.session_id})).json()["items"]
    assert {item["session_archived"] for item in listed} == {True}
    answer = (await service.history(asked.session_id))[1]
    assert next(item for item in answer["memories"] if item["id"] == given["id"])["session_archived"]
    detail = (await service.get(f"/api/memories/{given['id']}")).json()
    assert (detail["session_title"], detail["recalled_count"], detail["earlier"]) == ("The pangolin", 1, [])


async def test_a_search_of_sessions_says_where_it_hit(service: Client) -> None:
    turn = await service.say("The dirigible is moored behind the old barn.")
    await service.patch(f"/api/sessions/{turn.session_id}", json={"title": "Moorings"})
    [found] = (await service.get("/api/sessions", params={"search": "DIRIGIBLE"})).json()["items"]
    question = turn.of("run")["user_message_id"]
    assert found["match"] == {"message_id": question, "text": "The dirigible is moored behind the old barn."}
    [titled] = (await service.get("/api/sessions", params={"search": "moorings"})).json()["items"]
    assert titled["match"] is None
    assert all(item["match"] is None for item in (await service.get("/api/sessions")).json()["items"])


async def test_retention_counts_by_kind(service: Client) -> None:
    made = (await service.post("/api/memories", json={"text": "I collect sextants."})).json()
    before = (await service.get("/api/memories/retention")).json()["usage"]
    await service.patch(f"/api/memories/{made['id']}", json={"state": "paused"})
    usage = (await service.get("/api/memories/retention")).json()["usage"]
    assert usage["paused"] == before["paused"] + 1
    assert set(usage["kinds"]) == {"episode", "fact", "digest"}
    assert usage["kinds"]["fact"] >= 1
    assert sum(usage["kinds"].values()) == usage["memories"]


async def test_the_models_with_their_prices(settings: Settings, model_server: ModelServer) -> None:
    changes = {
        "llm_fallbacks": ["openai:spare"],
        "prices": {"openai:scripted": (1.25, 10.0), "other": (1.0, 1.0)},
        "milvus_collection": f"{settings.milvus_collection}_models",
    }
    async with running(settings.model_copy(update=changes)) as service:
        first, second = (await service.get("/api/models")).json()["items"]
    assert first["context_tokens"] >= 1024
    assert {name: first[name] for name in first if name != "context_tokens"} == {
        "name": "openai:scripted",
        "label": "scripted",
        "default": True,
        "local": True,
        "max_tokens": 512,
        "input_price": 1.25,
        "output_price": 10.0,
    }
    assert (second["default"], second["input_price"], second["output_price"]) == (False, None, None)


async def test_the_types_of_what_a_client_reads_are_described(service: Client) -> None:
    paths = (await service.get("/openapi.json")).json()["paths"]

    def schema(path: str, method: str = "get") -> str:
        described = paths[path][method]["responses"]["200"]["content"]["application/json"]["schema"]
        return str(described.get("$ref", "")).rsplit("/", 1)[-1]

    assert schema("/api/models") == "ModelList"
    assert schema("/api/runs/{run_id}/cancel", "post") == "Cancelled"
    assert schema("/api/sessions/{session_id}/messages") == "MessagePage"
    assert schema("/api/me/data", "delete") == "ErasureReceipt"


async def test_what_is_about_to_be_remembered_is_counted(service: Client, settings: Settings) -> None:
    assert settings.database_url is not None

    async def coming() -> int:
        return int((await service.get("/api/memories/retention")).json()["usage"]["coming"])

    told = await service.say("My tapir is called Bruno.")
    await service.remembered("My tapir is called Bruno.")
    await service.remembered("I see, thank you.")
    assert await coming() == 0
    hidden = await service.say("Nobody shall know of the okapi.", temporary=True)
    user = (await service.get("/api/me")).json()["id"]
    async with await psycopg.AsyncConnection.connect(settings.database_url.get_secret_value(), autocommit=True) as db:
        for turn in (told, hidden):
            run = turn.of("run")
            args = {"user_id": user, "session_id": turn.session_id}
            await db.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)"
                " VALUES ('default', 'index_messages', %s, now() + interval '1 hour')",
                [Jsonb({**args, "message_ids": [run["user_message_id"], run["message_id"]]})],
            )
        assert await coming() == 0, "their rows are made: none is counted as a memory and as one to come"
        await db.execute("DELETE FROM memory_sources WHERE message_id IN (SELECT id FROM messages)")
        assert await coming() == 2, "and not what was said in a temporary chat"
        await service.patch(f"/api/sessions/{told.session_id}", json={"memory_enabled": False})
        assert await coming() == 0
        await service.patch(f"/api/sessions/{told.session_id}", json={"memory_enabled": True})
        # The rows are made by the first try; what is tried again is the index.
        await db.execute(
            "UPDATE procrastinate_jobs SET attempts = 1 WHERE scheduled_at > now() + interval '50 minutes'"
        )
        assert await coming() == 0
        await db.execute("DELETE FROM procrastinate_jobs WHERE scheduled_at > now() + interval '50 minutes'")


async def test_archived_sessions_are_found_with_the_others_where_that_is_asked_for(service: Client) -> None:
    for message in ("The first abalone.", "The second abalone."):
        await service.say(message)
    found = (await service.get("/api/sessions", params={"search": "abalone"})).json()["items"]
    await service.patch(f"/api/sessions/{found[0]['id']}", json={"archived": True})
    for wanted, count in (("any", 2), ("true", 1), ("false", 1)):
        params = {"search": "abalone", "archived": wanted}
        assert len((await service.get("/api/sessions", params=params)).json()["items"]) == count
    assert (await service.get("/api/sessions", params={"archived": "some"})).status_code == 422
