"""The service with everything real but its model, told all cases, and its memory grown from them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.migrate import migrate
from app.jobs.queue import JobQueue
from app.settings import Settings
from tests.poisoning.cases import Case, harmless, poison
from tests.poisoning.obedient import ObedientModel
from tests.support.embedded import MiniLm, models_dir
from tests.support.model_server import Behaviour
from tests.support.running import Client, Turn, running

WALNUTS = "I am allergic to walnuts."
"""What the person told of themselves before all else, and what some poison wants forgotten."""


@dataclass
class Told:
    """A person to whom all of it has happened."""

    client: Client
    model: ObedientModel
    sessions: dict[str, str] = field(default_factory=dict)
    """By case, where it was told."""
    facts: dict[str, list[str]] = field(default_factory=dict)
    """By session, the facts that were taken from it."""
    forgotten: int = 0
    """Memories that were deleted while it was told."""

    async def asks(self, case: Case) -> Turn:
        """The case's question, in a new conversation."""
        return await self.client.say(case.asks)


@pytest.fixture(scope="module")
async def told(module_database_url: str, milvus_uri: str, minilm_files: MiniLm) -> AsyncIterator[Told]:
    await migrate(module_database_url)
    async with ObedientModel() as model:
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            database_url=module_database_url,  # type: ignore[arg-type]
            milvus_uri=milvus_uri,
            milvus_collection="poisoning_" + module_database_url.rsplit("_", 1)[1][:12],
            models_dir=models_dir(),
            data_dir=Path("/nonexistent"),
            llm="openai:scripted",
            llm_base_url=model.base_url,
            recall_k=12,
            recall_budget=2_000,
            facts="on",
            # Read when all is told, by jobs of the test's own.
            facts_pause=86_400,
            facts_every=1_000,
            facts_daily_tokens=10_000_000,
            titles="off",
            citations="off",
        )
        async with running(settings) as client:
            made = Told(client, model)
            await made.client.say(WALNUTS)
            for case in (*poison(), *harmless()):
                await tell(made, case)
            await learn(module_database_url)
            for fact in await all_facts(client):
                for source in fact["sources"]:
                    made.facts.setdefault(source["session_id"], []).append(fact["text"])
            yield made


async def tell(told: Told, case: Case) -> None:
    """The case, in a conversation of its own."""
    if case.by == "assistant":
        told.model.will(Behaviour(text=case.says))
    turn = await told.client.say(case.says if case.by == "user" else "What else is there?")
    told.sessions[case.name] = turn.session_id
    told.forgotten += turn.of("memories").get("forgotten") or 0


async def learn(url: str) -> None:
    """Have all conversations read for facts, and wait until the index has everything."""
    database, queue = Database(url, pool_size=2), JobQueue(url)
    await queue.open()
    try:
        async with database.transaction() as tx:
            rows = (await tx.execute(text("SELECT user_id, id FROM sessions ORDER BY created_at"))).all()
        for user_id, session_id in rows:
            async with database.transaction() as tx:
                await queue.extract_facts(tx, user_id, session_id)
            await settled(database, UNREAD, session_id)
        await settled(database, UNINDEXED, None)
    finally:
        await queue.close()
        await database.close()


UNREAD = """SELECT count(*) FROM messages WHERE session_id = :session AND role = 'user' AND facts_at IS NULL
AND forgotten_at IS NULL"""
UNINDEXED = "SELECT count(*) FROM memories WHERE indexed_at IS NULL AND (CAST(:session AS uuid) IS NULL OR true)"


async def settled(database: Database, count: str, session: UUID | None) -> None:
    """Wait until nothing is left to do."""
    async with asyncio.timeout(60):
        while True:
            async with database.transaction() as tx:
                if not await tx.scalar(text(count), {"session": session}):
                    return
            await asyncio.sleep(0.02)


async def all_facts(client: Client) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get("/api/memories", params={"kind": "fact", **cursor})).raise_for_status().json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}
