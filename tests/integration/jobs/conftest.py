"""A migrated database for each test: copies of one, which is faster than to migrate each."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url, text

import app.indexing
from app.db.engine import Database
from app.db.ids import new_id
from app.db.migrate import migrate
from app.db.users import Users
from tests.integration.jobs.support import Service, service
from tests.integration.jobs.world import World
from tests.support.embedded import new_database


@pytest.fixture(scope="session")
async def template(postgres_url: str) -> AsyncIterator[str]:
    """The name of a migrated database that nobody is connected to."""
    async with new_database(postgres_url) as url:
        await migrate(url)
        name = make_url(url).database
        assert name is not None
        yield name


@pytest.fixture
async def migrated_url(postgres_url: str, template: str) -> AsyncIterator[str]:
    async with new_database(postgres_url, template) as url:
        yield url


@pytest.fixture
async def parts(migrated_url: str) -> AsyncIterator[Service]:
    async with service(migrated_url) as made:
        yield made


@pytest.fixture(scope="module")
async def module_migrated_url(module_database_url: str) -> str:
    await migrate(module_database_url)
    return module_database_url


@pytest.fixture(params=["milvus", "pgvector"])
async def world(request: pytest.FixtureRequest, module_migrated_url: str, milvus_uri: str) -> AsyncIterator[World]:
    """A user without memories, in an installation that was never started."""
    database = Database(module_migrated_url, pool_size=6)
    user = new_id()
    async with database.transaction() as tx:
        await tx.execute(text("DELETE FROM memories"))
        await tx.execute(text("DELETE FROM index_state"))
        await Users(tx).create(f"user {user}", user_id=user)
    try:
        yield World(database, request.param, {"milvus": milvus_uri, "pgvector": module_migrated_url}, user)
    finally:
        await database.close()


@pytest.fixture
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.indexing, "QUIET", 0.05)
    monkeypatch.setattr(app.indexing, "LOOK", 0.05)
