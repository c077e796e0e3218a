"""A migrated database for each module, and users of their own for each test."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from app.db.engine import Database
from app.db.ids import new_id
from app.db.migrate import migrate
from app.db.users import Users


@pytest.fixture(scope="module")
async def database(module_database_url: str) -> AsyncIterator[Database]:
    await migrate(module_database_url)
    database = Database(module_database_url, pool_size=8)
    yield database
    await database.close()


async def new_user(database: Database) -> UUID:
    async with database.transaction() as tx:
        return (await Users(tx).create(f"user {new_id()}")).id


@pytest.fixture
async def user(database: Database) -> UUID:
    return await new_user(database)


@pytest.fixture
async def stranger(database: Database) -> UUID:
    """Another user, who must see and change nothing of the first one's."""
    return await new_user(database)
