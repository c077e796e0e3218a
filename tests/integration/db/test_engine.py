"""Transactions, and the one error for a Postgres that is away."""

import asyncio
import traceback

import pytest
from psycopg import AsyncConnection
from sqlalchemy import text

from app.db.engine import Database, libpq_url
from app.db.errors import DatabaseUnavailable, InvalidCursor, StatementRefused, StorageFull
from app.db.idle import LastUsed
from app.db.ids import new_id
from app.db.outlast import outlast
from app.db.paging import read_cursor
from app.db.users import Users
from app.errors import NotFound, status_of


async def test_a_block_is_stored_or_not_at_all(database: Database) -> None:
    kept, lost = new_id(), new_id()
    async with database.transaction() as tx:
        await Users(tx).create(f"kept {kept}", user_id=kept)
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with database.transaction() as tx:
            await Users(tx).create(f"lost {lost}", user_id=lost)
            raise ZeroDivisionError
    async with database.transaction() as tx:
        assert (await Users(tx).get(kept)).id == kept
        with pytest.raises(NotFound):
            await Users(tx).get(lost)


async def test_no_server() -> None:
    database = Database("postgresql://nobody:nothing@127.0.0.1:1/none", pool_size=2)
    with pytest.raises(DatabaseUnavailable) as caught:
        await database.ping()
    assert "nothing" not in str(caught.value)
    await database.close()


async def test_a_connection_that_breaks_in_the_middle(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):
        async with database.transaction() as tx:
            await tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    await database.ping()


async def test_a_full_disk_is_told_at_once(database: Database) -> None:
    tries = 0

    async def store() -> None:
        nonlocal tries
        tries += 1
        async with database.transaction() as tx:
            await tx.execute(text("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"))

    with pytest.raises(StorageFull):
        await outlast(store)
    assert tries == 1, "nobody waits for what somebody has to do"
    assert status_of(StorageFull("full")) == 507
    await database.ping()


async def test_connections_that_broke_while_idle_are_replaced(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            text(
                # Until they have ended: what is still ending when it is lent fails like one that ends in use.
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    await asyncio.gather(*(database.ping() for _ in range(8)))


async def test_a_connection_that_was_just_used_is_not_asked_after(module_database_url: str) -> None:
    database = Database(module_database_url, pool_size=1)
    try:
        await database.ping()
        async with database.reading() as tx:
            connection = (await (await tx.connection()).get_raw_connection()).driver_connection
        assert isinstance(connection, AsyncConnection)
        used = LastUsed(trusted=60.0)
        assert not used.vouches_for(connection), "it is new here"
        used.note(connection)
        assert used.vouches_for(connection)
        soon = LastUsed(trusted=0.0)
        soon.note(connection)
        assert not soon.vouches_for(connection), "it has idled for longer than is trusted"
        async with await AsyncConnection.connect(libpq_url(module_database_url), autocommit=True) as other:
            await other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])
        assert not used.vouches_for(connection), "its end has come in"
        await connection.close()
        assert not used.vouches_for(connection)
    finally:
        await database.close()


async def test_a_statement_that_takes_too_long(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):  # noqa: PT012
        async with database.transaction() as tx:
            await tx.execute(text("SET LOCAL statement_timeout = 50"))
            await tx.execute(text("SELECT pg_sleep(10)"))


async def test_a_mistake_of_ours_quotes_nobody(database: Database) -> None:
    name = f"Amalia {new_id()}"
    async with database.transaction() as tx:
        await Users(tx).create(name)
    with pytest.raises(StatementRefused, match="uq_users_name") as caught:
        async with database.transaction() as tx:
            await Users(tx).create(name)
    assert name not in "".join(traceback.format_exception(caught.value))


async def test_times_are_utc(database: Database, module_database_url: str) -> None:
    async with database.transaction() as tx:
        user = await Users(tx).create(f"when {new_id()}")
        offset = user.created_at.utcoffset()
    assert offset is not None
    assert offset.total_seconds() == 0
    assert libpq_url(module_database_url).startswith("postgresql://")


async def test_memory_can_be_turned_off(database: Database) -> None:
    async with database.transaction() as tx:
        user = await Users(tx).create(f"quiet {new_id()}")
        assert await Users(tx).set_memory_enabled(user.id, False)
        assert not (await Users(tx).get(user.id)).memory_enabled
        assert not await Users(tx).set_memory_enabled(new_id(), False)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "*", "' or 1=1", "é", "MjAyNi0wMS0wMQ", "MjAyNi0wMS0wMSAwMWEyMDNlYS00ZGFhLTcwYmMtYjYzOS03MTg1YmZmMWU2Mzc"],
)  # fmt: skip
def test_cursors_of_others_making_are_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        read_cursor(cursor)
