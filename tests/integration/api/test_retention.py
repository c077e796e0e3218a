"""Retention over HTTP: the limits, what there is, and what left, without a word of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from app.db.engine import Database
from app.db.ids import LOCAL_USER_ID
from app.db.limits_in_force import LimitsInForce
from app.db.migrate import migrate
from app.jobs.queue import JobQueue
from app.jobs.retention import RetentionTasks, policy
from app.settings import Settings
from graphs.memory.retention import Policy
from tests.support.embedded import new_database
from tests.support.running import Client, running


@pytest.fixture
async def limited(settings: Settings, postgres_url: str) -> AsyncIterator[tuple[Client, Settings]]:
    """A service that keeps two memories."""
    async with new_database(postgres_url) as url:
        await migrate(url)
        changes: dict[str, Any] = {
            "database_url": SecretStr(url),
            "milvus_collection": f"{settings.milvus_collection}_limited",
            "retention_memories": 2,
            "retention_days": 30,
        }
        changed = settings.model_copy(update=changes)
        async with running(changed) as client:
            yield client, changed


async def test_it_tells_what_left_and_none_of_its_words(limited: tuple[Client, Settings]) -> None:
    client, settings = limited
    first = await client.say("My violin is from Cremona and older than my house.")
    await client.remembered("My violin is from Cremona and older than my house.")
    await client.say("The tomcat of my neighbour is called Mephisto.")
    await client.remembered("The tomcat of my neighbour is called Mephisto.")
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    database, queue = Database(url, 2), JobQueue(url)
    await queue.open()
    await RetentionTasks(database, queue, policy(settings)).enforce_retention(str(LOCAL_USER_ID))
    await queue.close()
    await database.close()
    await client.forgotten("My violin is from Cremona and older than my house.")

    answer = await client.get("/api/memories/retention")
    answer.raise_for_status()
    assert "Cremona" not in answer.text
    told = answer.json()
    assert told["policy"] == {"memories": 2, "bytes": None, "episode_days": 30, "digest_days": 60, "fact_days": 120}
    assert told["usage"]["memories"] == 2
    [run] = told["runs"]
    assert (run["memories"], run["kinds"], run["reasons"]) == (2, {"episode": 2}, {"count": 2})
    assert {item["session_id"] for item in run["items"]} == {first.session_id}
    history = await client.history(first.session_id)
    assert "Cremona" in history[0]["content"], "the conversation is as it was"


async def test_a_users_own_limits_are_told_and_never_laxer(limited: tuple[Client, Settings]) -> None:
    client, _ = limited
    for laxer in ({"memories": 3}, {"days": 31}):
        answer = await client.patch("/api/me", json={"retention": laxer})
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid_request"
    (await client.patch("/api/me", json={"retention": {"memories": 1}})).raise_for_status()
    policy = (await client.get("/api/memories/retention")).json()["policy"]
    assert (policy["memories"], policy["episode_days"]) == (1, 30)
    (await client.patch("/api/me", json={"retention": {"days": 10}})).raise_for_status()
    told = (await client.get("/api/memories/retention")).json()
    policy, everyone = told["policy"], told["everyone"]
    assert (policy["memories"], policy["episode_days"], policy["fact_days"]) == (1, 10, 40)
    assert (everyone["memories"], everyone["episode_days"], everyone["fact_days"]) == (2, 30, 120)


async def test_what_would_leave_is_told_before_it_does(limited: tuple[Client, Settings]) -> None:
    client, _ = limited
    texts = [f"I keep a {thing} on the shelf." for thing in ("vase", "clock")]
    made = [(await client.post("/api/memories", json={"text": text})).json() for text in texts]
    before = (await client.get("/api/memories/retention/preview")).json()
    assert before["memories"] == 0
    assert [item["text"] for item in before["items"]] == texts[:1], "the next to grow too old"
    assert before["at"][:10] > made[0]["created_at"][:10]

    tried = (await client.get("/api/memories/retention/preview", params={"try": True, "memories": 1})).json()
    assert tried["policy"]["memories"] == 1
    assert (tried["memories"], tried["kinds"], tried["reasons"]) == (1, {"fact": 1}, {"count": 1})
    assert [item["text"] for item in tried["items"]] == texts[:1]
    assert datetime.fromisoformat(tried["at"]) <= datetime.now(UTC) + timedelta(minutes=10)
    await client.patch(f"/api/memories/{made[0]['id']}", json={"pinned": True})
    tried = (await client.get("/api/memories/retention/preview", params={"try": True, "memories": 1})).json()
    assert [item["text"] for item in tried["items"]] == texts[1:], "what is pinned stays"
    assert {item["text"] for item in (await client.get("/api/memories")).json()["items"]} == set(texts)
    for days in (0, 36_501, 10**15):  # which no calendar has
        wrong = {"try": True, "days": days}
        assert (await client.get("/api/memories/retention/preview", params=wrong)).status_code == 422
    # None of one's own: everyone's limits are left.
    none = (await client.get("/api/memories/retention/preview", params={"try": True})).json()
    assert (none["memories"], none["policy"]["memories"]) == (0, 2)


async def test_narrower_limits_are_told_for_some_days_before_they_hold(limited: tuple[Client, Settings]) -> None:
    client, settings = limited
    for thing in ("vase", "clock"):
        await client.post("/api/memories", json={"text": f"I keep a {thing} on the shelf."})
    assert settings.database_url is not None
    url = settings.database_url.get_secret_value()
    database, queue = Database(url, 2), JobQueue(url)
    await queue.open()
    narrower = settings.model_copy(update={"retention_memories": 1})
    week = timedelta(days=7)

    async def enforced(policy_set: Policy, notice: timedelta) -> int:
        tasks = RetentionTasks(database, queue, policy_set, notice)
        await tasks.find_over_limits(0)
        await tasks.enforce_retention(str(LOCAL_USER_ID))
        return len((await client.get("/api/memories")).json()["items"])

    assert await enforced(policy(settings), week) == 2
    assert await enforced(policy(narrower), week) == 2
    async with running(narrower) as later:
        told = (await later.get("/api/memories/retention")).json()
        assert told["everyone"]["memories"] == 1
        from_then = datetime.fromisoformat(told["holds_from"])
        assert timedelta(days=6) < from_then - datetime.now(UTC) <= week
        would = (await later.get("/api/memories/retention/preview")).json()
        assert (would["memories"], would["at"]) == (1, told["holds_from"])
        # Nor by two steps, each of which is told.
        async with database.transaction() as tx:
            held = await LimitsInForce(tx).at(datetime.now(UTC), Policy(memories=1, days=20), week)
        assert (held.policy.memories, held.policy.days) == (2, 30)
        # One's own limits hold at once: who sets them has been shown.
        (await later.patch("/api/me", json={"retention": {"memories": 1}})).raise_for_status()
        assert await enforced(policy(narrower), week) == 1
        (await later.patch("/api/me", json={"retention": {"memories": None}})).raise_for_status()
        await later.post("/api/memories", json={"text": "I keep a drum on the shelf."})
        assert await enforced(policy(narrower), week) == 2
    assert await enforced(policy(narrower), timedelta(0)) == 1, "and then they do"
    await queue.close()
    await database.close()
