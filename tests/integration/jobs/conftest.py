"""A migrated database for each test."""

from collections.abc import AsyncIterator

import pytest

from app.db.migrate import migrate
from tests.integration.jobs.support import Service, service


@pytest.fixture
async def migrated_url(fresh_database_url: str) -> str:
    await migrate(fresh_database_url)
    return fresh_database_url


@pytest.fixture
async def parts(migrated_url: str) -> AsyncIterator[Service]:
    async with service(migrated_url) as made:
        yield made
