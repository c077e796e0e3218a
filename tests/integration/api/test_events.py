"""Events outside a turn: told by the transaction that makes them so, to those of that user, across processes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sse_starlette.sse import AppStatus

from app.db.engine import Database
from app.db.ids import LOCAL_USER_ID, new_id
from app.db.migrate import migrate
from app.db.models import JobRow
from app.db.notices import CHANNEL, IDS, Notices
from app.db.users import Users
from app.settings import Settings
from tests.support.embedded import new_database
from tests.support.event_stream import Followed, following
from tests.support.fact_model import FactModel
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running


@pytest.fixture
async def events(service: Client) -> AsyncIterator[Followed]:
    async with following(service) as seen:
        yield seen


@pytest.fixture(scope="module")
async def another_process(settings: Settings) -> AsyncIterator[Database]:
    """What a worker elsewhere would tell with."""
    assert settings.database_url is not None
    database = Database(settings.database_url.get_secret_value(), 2)
    yield database
    await database.close()


async def test_the_first_is_hello_and_then_what_works(events: Followed) -> None:
    assert events.events[0] == ("hello", {})
    status = await events.one("status")
    assert set(status["dependencies"]) == {"postgres", "memory", "model"}
    assert status["status"] in ("ok", "degraded")


async def test_a_turn_elsewhere_is_told_and_can_be_joined(
    service: Client, events: Followed, model_server: ModelServer
) -> None:
    model_server.will(Behaviour(text="One two three.", think=0.3))
    saying = asyncio.create_task(service.say("Hello from the other tab"))
    begun = await events.one("run")
    joined = await service.get(f"/api/runs/{begun['run_id']}/events")
    assert "One two three." in "".join(
        json.loads(line[6:]).get("text", "") for line in joined.text.splitlines() if line.startswith("data: {")
    )
    turn = await saying
    assert begun == {"session_id": turn.session_id, "run_id": turn.of("run")["run_id"]}
    assert events.of("session")[0] == {"session_id": turn.session_id, "deleted": False}
    # Made, and again at its end.
    await events.until(lambda seen: len(seen.of("session")) == 2)


async def test_a_temporary_session_is_told_to_nobody(service: Client, events: Followed) -> None:
    hidden = await service.say("Off the record", temporary=True)
    await service.delete(f"/api/sessions/{hidden.session_id}")
    shown = await service.say("On the record")
    await events.one("run", session_id=shown.session_id)
    assert hidden.session_id not in json.dumps(events.events)


async def test_what_becomes_of_a_session(service: Client, events: Followed) -> None:
    made = (await service.post("/api/sessions", json={"title": "Bees"})).json()["id"]
    await events.one("session", session_id=made, deleted=False)
    count = len(events.of("session"))
    await service.patch(f"/api/sessions/{made}", json={"title": "Wasps"})
    await events.until(lambda seen: len(seen.of("session")) > count)
    await service.post(f"/api/sessions/{made}/reset")
    await events.one("forgotten", session_id=made, all=False)
    await service.delete(f"/api/sessions/{made}")
    await events.one("session", session_id=made, deleted=True)


async def test_what_is_forgotten(service: Client, events: Followed) -> None:
    memory = (await service.post("/api/memories", json={"text": "I keep bees."})).json()["id"]
    await service.delete(f"/api/memories/{memory}")
    assert await events.one("forgotten") == {"ids": [memory], "session_id": None, "all": False}
    await service.delete("/api/memories")
    assert await events.one("forgotten", all=True) == {"ids": [], "session_id": None, "all": True}


async def test_how_far_an_import_is(service: Client, events: Followed) -> None:
    lines: list[dict[str, Any]] = [{"session": {"title": "Old"}}]
    lines += [{"message": {"role": "user", "content": f"Old word {number}"}} for number in range(5)]
    body = "\n".join(json.dumps(line) for line in lines)
    answer = await service.post("/api/import", content=body, headers={"content-type": "application/x-ndjson"})
    job = answer.json()["id"]
    await events.one("job", id=job, state="queued")
    await events.one("job", id=job, state="running")
    done = await events.one("job", id=job, state="succeeded")
    assert done == (await service.get(f"/api/jobs/{job}")).json()
    assert (done["processed"], done["total"]) == (6, 6)
    assert events.of("session") == [], "an import may bring thousands"


async def test_only_what_is_committed_and_of_the_user(events: Followed, another_process: Database) -> None:
    stranger, rolled_back, committed = new_id(), new_id(), new_id()
    async with another_process.transaction() as tx:
        await Users(tx).create(f"stranger {stranger}", user_id=stranger)
        await Notices(tx).session(stranger, new_id())
    with suppress(KeyError):
        async with another_process.transaction() as tx:
            await Notices(tx).session(LOCAL_USER_ID, rolled_back)
            raise KeyError("as the test wants it")
    async with another_process.transaction() as tx:
        await Notices(tx).session(LOCAL_USER_ID, committed)
    await events.one("session", session_id=str(committed))
    assert len(events.of("session")) == 1


async def test_what_is_long_comes_in_parts(events: Followed, another_process: Database) -> None:
    ids = [new_id() for _ in range(2 * IDS + 1)]
    job = JobRow(
        id=new_id(), user_id=LOCAL_USER_ID, kind="import", state="failed", processed=1, total=2, error="e" * 99,
        skipped={"hidden": 3},
    )  # fmt: skip
    async with another_process.transaction() as tx:
        await Notices(tx).forgotten(LOCAL_USER_ID, ids)
        await Notices(tx).job(job)
    told = await events.one("job", id=str(job.id))
    assert told["error"] == "e" * 99
    assert told["skipped"] == {"hidden": 3}
    assert [each for data in events.of("forgotten") for each in data["ids"]] == [str(each) for each in ids]
    assert len(events.of("forgotten")) == 3


@pytest.mark.parametrize("data", [{}, {"session_id": "none", "deleted": "perhaps"}])
@pytest.mark.parametrize("name", ["session", "title", "job"])
async def test_what_another_version_tells_otherwise_is_read_anew(
    events: Followed, another_process: Database, name: str, data: dict[str, Any]
) -> None:
    before, session = len(events.of("hello")), new_id()
    notice = {"user": str(LOCAL_USER_ID), "event": name, "data": data}
    async with another_process.transaction() as tx:
        await tx.execute(text("SELECT pg_notify(:to, :notice)"), {"to": CHANNEL, "notice": json.dumps(notice)})
        await Notices(tx).session(LOCAL_USER_ID, session)
    await events.one("session", session_id=str(session))
    assert len(events.of("hello")) == before + 1


async def test_it_comes_back_when_its_connection_was_lost(events: Followed, another_process: Database) -> None:
    async with another_process.transaction() as tx:
        ended = await tx.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'memocha-events' AND datname = current_database()"
            )
        )
        assert len(ended.all()) == 1, "one connection, however many follow"
    await events.until(lambda seen: len(seen.of("hello")) > 1)
    session = new_id()
    async with another_process.transaction() as tx:
        await Notices(tx).session(LOCAL_USER_ID, session)
    await events.one("session", session_id=str(session))


async def test_followers_hold_no_connection(service: Client, settings: Settings, another_process: Database) -> None:
    async with AsyncExitStack() as stack:
        many = [await stack.enter_async_context(following(service)) for _ in range(3 * settings.database_pool_size)]
        turn = await service.say("Is anyone there?")
        for seen in many:
            await seen.one("run", session_id=turn.session_id)


async def test_it_ends_soon_when_the_service_stops(service: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    async with following(service) as seen:
        monkeypatch.setattr(AppStatus, "should_exit", True)
        await seen.until(lambda seen: seen.ended, deadline=3)


@pytest.fixture(scope="module")
async def fact_model() -> AsyncIterator[FactModel]:
    async with FactModel() as server:
        server.default = Behaviour(text="I see, thank you.")
        yield server


async def test_facts_learned_are_told_with_their_message(
    settings: Settings, postgres_url: str, fact_model: FactModel
) -> None:
    fact_model.finds = {"I live in Berlin": [{"fact": "I live in Berlin"}]}
    async with new_database(postgres_url) as url:
        await migrate(url)
        changes: dict[str, Any] = {
            "database_url": SecretStr(url),
            "milvus_collection": f"{settings.milvus_collection}_events",
            "llm_base_url": fact_model.base_url,
            "facts": "on",
            "facts_every": 1,
        }
        async with running(settings.model_copy(update=changes)) as client, following(client) as events:
            turn = await client.say("I live in Berlin, near the park.")
            learned = await events.one("remembered", session_id=turn.session_id)
            assert learned["message_id"] == turn.of("run")["user_message_id"]
            [fact] = learned["items"]
            assert (fact["text"], fact["kind"]) == ("I live in Berlin", "fact")
            assert fact["sources"][0]["quote"] == "I live in Berlin"
            # Searchable under the id that was told: what is forgotten by it is gone.
            assert (await client.delete(f"/api/memories/{fact['id']}")).status_code == 200
            await events.until(lambda seen: any(fact["id"] in data["ids"] for data in seen.of("forgotten")))


async def test_what_is_changed_by_hand_is_told(service: Client, events: Followed) -> None:
    added = (await service.post("/api/memories", json={"text": "I whittle spoons."})).json()["id"]
    await service.patch(f"/api/memories/{added}", json={"text": "I whittle bowls."})
    await service.post("/api/memories/bulk", json={"ids": [added], "action": "pin"})
    await events.until(lambda seen: len(seen.of("memories")) == 3)
    await service.patch("/api/me", json={"how_to_answer": "In rhymes."})
    await events.until(lambda seen: seen.of("me"))
