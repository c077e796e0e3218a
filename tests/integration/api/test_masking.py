"""What is masked is in no row, in no prompt and in no index; and nothing is masked that was not asked for."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.migrate import migrate
from app.settings import Settings
from graphs.sensitive import Sensitive, masked
from tests.support.embedded import new_database
from tests.support.model_server import ModelServer
from tests.support.running import Client, running

CANARIES = (
    "4111 1111 1111 1111",
    "sk-proj-Ab12Cd34Ef56Gh78Ij90",
    "DE89 3704 0044 0532 0130 00",
    "anna@mail.example",
    "+49 170 1234567",
)
ALL = "Mine: " + ", ".join(CANARIES) + " so far."
MASKED = "Mine: [card], [secret], [iban], [email], [phone] so far."
TABLES = ("messages", "memories", "memory_sources", "memory_events", "sessions", "import_lines", "procrastinate_jobs")


@pytest.fixture(scope="module")
async def url(postgres_url: str) -> AsyncIterator[str]:
    async with new_database(postgres_url) as url:
        await migrate(url)
        yield url


@pytest.fixture(scope="module")
async def masking(settings: Settings, url: str) -> AsyncIterator[Client]:
    changes = {
        "database_url": type(settings.database_url)(url),  # type: ignore[misc,call-arg]
        "milvus_collection": f"{settings.milvus_collection}_masked",
        "mask": list(Sensitive),
    }
    async with running(settings.model_copy(update=changes)) as client:
        yield client


async def rows(url: str) -> str:
    """All that Postgres holds of what was said."""
    database = Database(url, pool_size=1)
    try:
        async with database.transaction() as tx:
            found = [await tx.scalar(text(f"SELECT json_agg(t)::text FROM {table} t")) for table in TABLES]
        return "\n".join(each or "" for each in found)
    finally:
        await database.close()


async def test_no_door_lets_it_in(masking: Client, model_server: ModelServer, url: str) -> None:
    turn = await masking.say(ALL)
    await masking.remembered(MASKED)
    retold = [
        {"role": "user", "content": ALL},
        {"role": "assistant", "content": turn.text},
        {"role": "user", "content": f"Again: {ALL}"},
    ]
    answer = await masking.post("/v1/chat/completions", json={"model": "memocha", "messages": retold})
    assert answer.headers["x-memocha-session"] == turn.session_id, "what was masked is known when it is told again"
    added = (await masking.post("/api/memories", json={"text": f"I have this. {ALL}"})).raise_for_status().json()
    assert added["text"] == f"I have this. {MASKED}"
    changed = await masking.patch(f"/api/memories/{added['id']}", json={"text": f"I had this. {ALL}"})
    assert changed.json()["text"] == f"I had this. {MASKED}"
    lines = [
        {"session": {"id": "s", "title": ALL}},
        {"message": {"id": "m", "role": "user", "content": ALL}},
        {"memory": {"text": f"I said: {ALL}", "sources": [{"session": "s", "message": "m", "quote": ALL}]}},
    ]
    body = "\n".join(json.dumps(line) for line in lines)
    job = await masking.post("/api/import", content=body, headers={"content-type": "application/x-ndjson"})
    async with asyncio.timeout(20):
        while (await masking.get(f"/api/jobs/{job.json()['id']}")).json()["state"] != "succeeded":
            await asyncio.sleep(0.05)
    stored, sent = await rows(url), json.dumps([received.body for received in model_server.requests])
    assert stored.count("[card]") >= 5
    assert "[card]" in sent
    assert [canary for canary in CANARIES if canary in stored or canary in sent] == []


async def test_nothing_is_masked_unasked(service: Client) -> None:
    turn = await service.say(ALL)
    assert (await service.history(turn.session_id))[0]["content"] == ALL


def test_only_the_kinds_that_are_named() -> None:
    assert masked(ALL, {Sensitive.CARD}) == ALL.replace(CANARIES[0], "[card]")
    assert masked(MASKED, set(Sensitive)) == MASKED


def test_the_setting_takes_names_with_commas() -> None:
    assert Settings(_env_file=None, mask="card, email").mask == [Sensitive.CARD, Sensitive.EMAIL]  # type: ignore[call-arg,arg-type]
    with pytest.raises(ValueError, match="mask"):
        Settings(_env_file=None, mask="cards")  # type: ignore[call-arg,arg-type]
