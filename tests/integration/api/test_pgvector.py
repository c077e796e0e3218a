"""The whole service with its index in the one database, and no Milvus anywhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from app.db.migrate import migrate
from app.settings import Settings
from tests.support.embedded import MiniLm, models_dir
from tests.support.model_server import ModelServer
from tests.support.running import Client, running


@pytest.fixture(scope="module")
async def settings(module_database_url: str, minilm_files: MiniLm, model_server: ModelServer) -> Settings:
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
    )


@pytest.fixture(scope="module")
async def service(settings: Settings) -> AsyncIterator[Client]:
    async with running(settings) as client:
        yield client


async def test_what_is_told_is_recalled_and_forgotten_when_told_so(service: Client, settings: Settings) -> None:
    told = await service.say("My allotment is number forty-two in Tallinn.")
    await service.remembered("My allotment is number forty-two in Tallinn.")
    asked = await service.say("Which number is my allotment?")
    assert "My allotment is number forty-two in Tallinn." in asked.recalled
    assert asked.of("memories")["degraded"] is False
    assert (await service.get("/ready")).json()["dependencies"]["memory"]["state"] == "ok"
    assert indexed(settings, "tallinn") > 0
    await service.delete(f"/api/sessions/{told.session_id}")
    await service.forgotten("My allotment is number forty-two in Tallinn.")
    async with asyncio.timeout(10):
        while indexed(settings, "tallinn"):
            await asyncio.sleep(0.05)


def indexed(settings: Settings, word: str) -> int:
    """Rows of the index that hold the word."""
    assert settings.database_url is not None
    with psycopg.connect(settings.database_url.get_secret_value()) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'memory_index' AND tablename LIKE 'words_%'"
        ).fetchall()
        assert len(names) == 1
        query = f'SELECT count(*) FROM memory_index."{names[0][0]}" WHERE word = %s'.encode()
        row = connection.execute(query, [word]).fetchone()
        assert row is not None
        return int(row[0])
