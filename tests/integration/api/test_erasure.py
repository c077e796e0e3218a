"""Being forgotten altogether: afterwards no table of the database holds a word of what was said, the index's neither."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from app.db.erasing import CREDENTIALS, owned
from app.db.ids import LOCAL_USER_ID, new_id
from app.db.migrate import migrate
from app.db.models import Base
from app.settings import Settings
from tests.support.embedded import MiniLm, models_dir
from tests.support.model_server import Behaviour, ModelServer
from tests.support.running import Client, running

CANARY = "zorblax"
"""A word that stems to itself, and that nobody else says."""


@pytest.fixture(scope="module")
async def settings(module_database_url: str, minilm_files: MiniLm, model_server: ModelServer) -> Settings:
    """The index in the same database, so that one search looks everywhere."""
    await migrate(module_database_url)
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        index="pgvector",
        database_url=module_database_url,
        models_dir=models_dir(),
        data_dir=Path("/nonexistent"),
        llm="openai:scripted",
        llm_base_url=model_server.base_url,
        llm_attempts=2,
        facts="off",
        titles="off",
    )


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


async def connect(settings: Settings) -> psycopg.AsyncConnection[Any]:
    assert settings.database_url is not None
    return await psycopg.AsyncConnection.connect(settings.database_url.get_secret_value(), autocommit=True)


async def holding(settings: Settings, word: str) -> set[str]:
    """The tables of all schemas that have the word in any column, as text or in bytes."""
    patterns = [f"%{word}%", f"%{word.encode().hex()}%"]
    found = set()
    async with await connect(settings) as connection:
        tables = await connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in await tables.fetchall():
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text ILIKE ANY(%s)").format(
                sql.Identifier(schema, table)
            )
            if (await (await connection.execute(query, [patterns])).fetchone() or (0,))[0]:
                found.add(table)
    return found


async def leave_traces(service: Client, settings: Settings, model_server: ModelServer) -> None:
    """The word in every table that can hold one."""
    model_server.will(Behaviour(text=f"So it is called {CANARY}."))
    turn = await service.say(f"My {CANARY} is in the garden.")
    await service.remembered(f"My {CANARY} is in the garden.")
    await service.patch(f"/api/sessions/{turn.session_id}", json={"title": f"The {CANARY}"})
    await service.say(f"Where is my {CANARY}?")
    await service.say(f"A secret {CANARY}.", temporary=True)
    made = (await service.post("/api/memories", json={"text": f"I keep a {CANARY}."})).json()
    await service.patch(f"/api/memories/{made['id']}", json={"text": f"I keep two {CANARY}."})
    await service.patch("/api/me", json={"about_me": f"Keeper of the {CANARY}", "retention": {"days": 99}})
    model_server.will(Behaviour(text=f"It is {CANARY} and", cut_after=3))
    await service.say(f"Break off at {CANARY}.")
    async with await connect(settings) as connection:
        job = new_id()
        await connection.execute(
            "INSERT INTO jobs (id, user_id, kind, state) VALUES (%s, %s, 'import', 'queued')", [job, LOCAL_USER_ID]
        )
        await connection.execute(
            "INSERT INTO import_lines (job_id, number, line) VALUES (%s, 1, %s)", [job, f'{{"x": "{CANARY}"}}']
        )
        # As a run leaves it that was killed.
        await connection.execute(
            "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint) VALUES (%s, '', '1', %s)",
            [turn.session_id, f'{{"said": "{CANARY}"}}'],
        )
        await connection.execute(
            "INSERT INTO checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob) "
            "VALUES (%s, '', 'messages', '1', 'msgpack', %s)",
            [turn.session_id, CANARY.encode()],
        )


async def test_no_table_holds_a_word_afterwards(service: Client, settings: Settings, model_server: ModelServer) -> None:
    await leave_traces(service, settings, model_server)
    before = await holding(settings, CANARY)
    assert {
        "users", "sessions", "messages", "memories", "memory_events", "import_lines", "checkpoints", "checkpoint_blobs",
    } <= before  # fmt: skip
    assert before - {table.name for table in Base.metadata.sorted_tables}, "the index's tables have it too"

    answer = await service.delete("/api/me/data")
    assert answer.status_code == 200
    receipt = answer.json()
    assert "Backups" in receipt.pop("note")
    assert receipt["sessions"] == 4
    assert receipt["messages"] == 8
    assert (receipt["facts"], receipt["digests"], receipt["checkpoints"]) == (1, 0, 1)
    assert receipt["memories"] > receipt["facts"]
    assert receipt["vectors"] > 0
    assert receipt["runs"] == receipt["usage"] == 4
    assert receipt["jobs"] >= 1

    async with asyncio.timeout(15):
        while left := await holding(settings, CANARY):
            assert left.isdisjoint(table.name for table in Base.metadata.sorted_tables), "rows go at once"
            await asyncio.sleep(0.1)
    async with await connect(settings) as connection:
        for table in owned():
            count = await connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name)))
            assert await count.fetchone() == (0,), table.name

    assert (await service.get("/api/sessions")).json()["items"] == []
    assert (await service.get("/api/memories")).json()["items"] == []
    assert await service.search(CANARY) == []
    me = (await service.get("/api/me")).json()
    assert (me["about_me"], me["memory_enabled"], me["retention"]["days"]) == ("", True, None)
    again = (await service.delete("/api/me/data")).json()
    # The job that has the index drop what is gone may wait still.
    assert {name: count for name, count in again.items() if name not in ("note", "jobs", "verified") and count} == {}

    turn = await service.say("We have never met.")
    assert turn.names[-1] == "done"
    assert turn.memories == []


async def test_what_is_being_answered_stops(service: Client, model_server: ModelServer) -> None:
    model_server.will(Behaviour(text="again and", endless=True, rate=50))
    session = (await service.post("/api/sessions", json={})).json()["id"]
    async with service.stream("POST", "/api/chat", json={"message": "Talk.", "session_id": session}) as response:
        seen = 0
        async for line in response.aiter_lines():
            seen += line == "event: token"
            if seen == 3:
                assert (await service.delete("/api/me/data")).status_code == 200
                break
    assert (await service.get(f"/api/sessions/{session}")).status_code == 404
    async with asyncio.timeout(10):
        while not model_server.requests[-1].disconnected:
            await asyncio.sleep(0.02)
    assert (await service.get("/api/memories")).json()["items"] == []


def test_every_table_is_emptied_by_itself_or_with_another() -> None:
    """A new table either says whose its rows are, or its rows belong to such a table's and go with them. Credentials
    hold nothing that was said, and go with their account."""
    emptied = {table.name for table in owned()}
    for table in Base.metadata.sorted_tables:
        if table.name in emptied | {"users", "index_state", "unswept", "limits_seen"}:
            continue
        cascades = {key.column.table.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        assert cascades & ({"users"} if table in CREDENTIALS else emptied), table.name
    assert {table.name for table in CREDENTIALS} == {"api_keys", "sign_ins", "identities"}
