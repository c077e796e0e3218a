"""A migrated database for each test: copies of one, which is faster than to migrate each."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import make_url

from app.db.migrate import migrate
from tests.integration.jobs.support import Service, service
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
