"""Retention over HTTP: the limits, what there is, and what left, without a word of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from app.db.engine import Database
from app.db.ids import LOCAL_USER_ID
from app.db.migrate import migrate
from app.jobs.queue import JobQueue
from app.jobs.retention import RetentionTasks, policy
from app.settings import Settings
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
