"""What is deleted is in no file of the embedded Postgres after a sweep, and a sweep is in nobody's way."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from app.db.sweeping import ALONE, SweepGoesOn, sweep
from app.embedded.postgres import SWEEP_NOTE, PostgresPart
from tests.support import embedded

CANARY = b"zqcanaryzq"


@pytest.fixture(scope="module")
async def part() -> AsyncIterator[PostgresPart]:
    with embedded.scratch() as folder:
        async with embedded.running_postgres(folder / "data") as made:
            yield made


@pytest.fixture
async def database(part: PostgresPart) -> AsyncIterator[str]:
    async with embedded.new_database(part.url) as url:
        yield url


async def connect(url: str) -> AsyncConnection[Any]:
    return await AsyncConnection.connect(url, autocommit=True)


def holding(folder: Path) -> set[str]:
    """The files below that have the word."""
    found = set()
    for path in folder.rglob("*"):
        try:
            if path.is_file() and CANARY in path.read_bytes():
                found.add(str(path.relative_to(folder)))
        except FileNotFoundError:
            continue
    return found


async def fill(connection: AsyncConnection[Any]) -> None:
    """A table as ours are: words in rows, in what is too long for a row, in a word index and in one by value."""
    word = CANARY.decode()
    for statement in (
        "CREATE TABLE said (id serial PRIMARY KEY, t text, w tsvector GENERATED ALWAYS AS (to_tsvector('simple', t)) STORED)",
        "CREATE INDEX ON said USING gin (w)",
        "CREATE INDEX ON said (left(t, 100))",
        "INSERT INTO said (t) SELECT 'tea ' || n FROM generate_series(1, 2000) n",
        f"INSERT INTO said (t) SELECT '{word} ' || n FROM generate_series(1, 100) n",
        f"INSERT INTO said (t) SELECT '{word} ' || string_agg(md5(n::text), ' ') FROM generate_series(1, 2000) n",
        "ANALYZE said",
        "CHECKPOINT",
    ):
        await connection.execute(statement.encode())


async def test_no_file_holds_what_was_deleted(part: PostgresPart, database: str) -> None:
    folder = part._cluster
    async with await connect(database) as connection:
        await fill(connection)
        assert len(holding(folder)) >= 5, "the table, two indexes, the statistics, the log"
        await connection.execute(b"DELETE FROM said WHERE t LIKE 'zq%'")
        await connection.execute(b"VACUUM said")
        await connection.execute(b"CHECKPOINT")
        assert len(holding(folder)) >= 5, "a vacuum frees the place and leaves the words; else a sweep can be simpler"

        done = await sweep(database, aside=True)
        assert done.whole, done
        assert holding(folder) == set()
        assert await (await connection.execute(b"SELECT count(*) FROM said")).fetchone() == (2000,)
        assert (await sweep(database, aside=True)).whole, "again, with nothing to do"


async def test_it_steps_aside(database: str) -> None:
    """A table that takes seconds to write is left as it is as soon as somebody wants to read it."""
    async with await connect(database) as connection:
        for statement in (
            "CREATE FUNCTION slow(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS "
            "$$ BEGIN PERFORM pg_sleep(0.1); RETURN t; END $$",
            "CREATE TABLE slowly (t text)",
            "INSERT INTO slowly SELECT 'tea' FROM generate_series(1, 50)",
            "CREATE INDEX ON slowly (slow(t))",
        ):
            await connection.execute(statement.encode())
        sweeping = asyncio.create_task(sweep(database, aside=True))
        await until_held(connection, "slowly")
        began = time.monotonic()
        await connection.execute(b"SELECT count(*) FROM slowly")
        assert time.monotonic() - began < 2.0
        done = await sweeping
        assert "slowly" in done.left
        assert not done.whole


async def test_it_leaves_what_is_held(database: str) -> None:
    async with await connect(database) as connection, await connect(database) as other:
        await connection.execute(b"CREATE TABLE held (t text)")
        async with other.transaction():
            await other.execute(b"LOCK TABLE held IN ACCESS SHARE MODE")
            assert (await sweep(database, aside=True)).left == ("held",)
        assert (await sweep(database, aside=True)).whole


async def test_one_at_a_time(database: str) -> None:
    async with await connect(database) as other:
        await other.execute(b"SELECT pg_advisory_lock(%s)", [ALONE])
        with pytest.raises(SweepGoesOn):
            await sweep(database, aside=True)


async def test_a_cluster_made_before_sweeps_is_given_the_right_to_them() -> None:
    with embedded.scratch() as folder:
        async with embedded.running_postgres(folder / "data") as part:
            async with await connect(part.url) as connection:
                assert await may_switch(connection)
            cluster = part._cluster
        (cluster / SWEEP_NOTE).unlink()
        before = PostgresPart(folder / "data")
        await before._single_user(cluster, "REVOKE EXECUTE ON FUNCTION pg_switch_wal() FROM memocha", "memocha")
        async with embedded.running_postgres(folder / "data") as part, await connect(part.url) as connection:
            assert await may_switch(connection)
            assert (await sweep(part.url, aside=True)).log


async def may_switch(connection: AsyncConnection[Any]) -> bool:
    try:
        await connection.execute(b"SELECT pg_switch_wal()")
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


async def until_held(connection: AsyncConnection[Any], table: str) -> None:
    """Wait until somebody writes the table anew."""
    held = b"SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND mode = 'AccessExclusiveLock' AND granted"
    async with asyncio.timeout(10):
        while await (await connection.execute(held, [table])).fetchone() == (0,):
            await asyncio.sleep(0.01)
