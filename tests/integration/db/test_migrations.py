"""Migrations: they make what the models say, can be undone, and may be run by several at once."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from app.db import migrate as migrating
from app.db.engine import Database, driver_url, libpq_url
from app.db.errors import DatabaseUnavailable
from app.db.ids import LOCAL_USER_ID
from app.db.migrate import downgrade, migrate, upgrade
from app.db.models import Base
from app.db.users import Users


def differences(url: str) -> list[object]:
    engine = create_engine(driver_url(url))
    try:
        with engine.connect() as connection:
            options = {
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or name in Base.metadata.tables,
            }
            return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))
    finally:
        engine.dispose()


def foreign_keys(url: str) -> set[str]:
    engine = create_engine(driver_url(url))
    try:
        seen = inspect(engine)
        names = seen.get_table_names()
        return {
            str(key["name"]) for table in names if table in Base.metadata.tables for key in seen.get_foreign_keys(table)
        }
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    with psycopg.connect(libpq_url(url)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {row[0] for row in rows}


async def test_models_and_migrations_agree(fresh_database_url: str) -> None:
    await migrate(fresh_database_url)
    assert differences(fresh_database_url) == []
    wanted = {str(key.name) for table in Base.metadata.tables.values() for key in table.foreign_key_constraints}
    # Compared by name as well: a key made with `use_alter` is easily left out of a migration, and not missed.
    assert foreign_keys(fresh_database_url) == wanted


async def test_a_difference_would_be_seen(fresh_database_url: str) -> None:
    await migrate(fresh_database_url)
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute("ALTER TABLE memories DROP COLUMN pinned")
        connection.execute("DROP INDEX ix_memories_session_id_seq")
    assert len(differences(fresh_database_url)) == 2


async def test_down_and_up_again(fresh_database_url: str) -> None:
    await migrate(fresh_database_url)
    await asyncio.to_thread(downgrade, fresh_database_url, "base")
    assert not tables(fresh_database_url) & Base.metadata.tables.keys()
    await asyncio.to_thread(upgrade, fresh_database_url)
    assert differences(fresh_database_url) == []


async def test_everything_is_there_and_the_local_user_too(fresh_database_url: str) -> None:
    await migrate(fresh_database_url)
    expected = {"checkpoints", "checkpoint_writes", "checkpoint_blobs", "procrastinate_jobs", *Base.metadata.tables}
    assert expected <= tables(fresh_database_url)
    database = Database(fresh_database_url, pool_size=2)
    async with database.transaction() as tx:
        assert (await Users(tx).get(LOCAL_USER_ID)).memory_enabled
    await database.close()


async def test_several_replicas_migrate_at_once(fresh_database_url: str) -> None:
    async with asyncio.timeout(60):
        await asyncio.gather(*(migrate(fresh_database_url) for _ in range(5)))
    assert differences(fresh_database_url) == []


async def test_a_newer_job_queue_brings_its_migrations(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(fresh_database_url)
    known = migrating.job_migrations()
    monkeypatch.setattr(
        migrating,
        "job_migrations",
        lambda: known | {"99.00.00_01_pre.sql": "CREATE TABLE later (id int)"},
    )
    for _ in range(2):
        await migrate(fresh_database_url)
    assert "later" in tables(fresh_database_url)


async def test_it_works_from_any_folder(fresh_database_url: str, tmp_path: Path) -> None:
    code = "import asyncio, sys; from app.db.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"
    root = str(Path(__file__).parents[3])
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code, fresh_database_url],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "memories" in tables(fresh_database_url)


async def test_postgres_away_is_said() -> None:
    with pytest.raises(DatabaseUnavailable):
        await migrate("postgresql://nobody:nothing@127.0.0.1:1/none")
