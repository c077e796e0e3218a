"""Bring a database up to date: our tables, LangGraph's checkpoints and the job queue's tables.

Any number of processes may do this at once: one does it, the others wait and find it done.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import LiteralString

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection
from sqlalchemy import create_engine

import migrations
from app.db.engine import CONNECT_TIMEOUT, driver_url, first_line, libpq_url
from app.db.errors import DatabaseUnavailable

LOCK = 4_021_370_001
"""Any number that no one else takes an advisory lock on."""
POLL = 0.1
"""Seconds between two looks at the lock."""

log = structlog.get_logger(__name__)


async def migrate(url: str) -> None:
    """Bring the database at `url` up to date. Raises `DatabaseUnavailable`."""
    try:
        async with (
            await AsyncConnection.connect(
                libpq_url(url), autocommit=True, connect_timeout=CONNECT_TIMEOUT
            ) as connection,
            _alone(connection),
        ):
            await asyncio.to_thread(upgrade, url)
            async with AsyncPostgresSaver.from_conn_string(libpq_url(url)) as saver:
                await saver.setup()
            await _prepare_jobs(connection)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"Postgres: {first_line(error)}") from error


def config() -> Config:
    """Alembic's configuration, wherever the package lies."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Run our migrations up to a revision."""
    _run(url, lambda made: command.upgrade(made, revision))


def downgrade(url: str, revision: str) -> None:
    """Undo our migrations down to a revision; `base` undoes them all, and what the tables hold."""
    _run(url, lambda made: command.downgrade(made, revision))


def _run(url: str, change: Callable[[Config], None]) -> None:
    engine = create_engine(driver_url(url), connect_args={"connect_timeout": CONNECT_TIMEOUT})
    try:
        with engine.connect() as connection:
            made = config()
            made.attributes["connection"] = connection
            change(made)
    finally:
        engine.dispose()


@asynccontextmanager
async def _alone(connection: AsyncConnection) -> AsyncIterator[None]:
    """Hold the lock that only one migration holds."""
    # Asked for again and again, not waited for: a statement that waits holds a snapshot, and the checkpoints'
    # CREATE INDEX CONCURRENTLY waits for every snapshot to end, so both would wait for ever.
    while not await _value(connection, "SELECT pg_try_advisory_lock(%s)", LOCK):  # noqa: ASYNC110
        await asyncio.sleep(POLL)
    try:
        yield
    finally:
        await connection.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


async def _prepare_jobs(connection: AsyncConnection) -> None:
    """The job queue's tables: made when missing, else brought up by what a newer version of it has."""
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS job_schema "
        "(migration text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    known = job_migrations()
    if await _value(connection, "SELECT to_regclass('procrastinate_jobs') IS NULL"):
        async with connection.transaction():
            await connection.execute(SchemaManager.get_schema())
            await _note(connection, list(known))
        return
    cursor = await connection.execute("SELECT migration FROM job_schema")
    applied = {row[0] for row in await cursor.fetchall()}
    missing = [name for name in known if name not in applied]
    for name in missing:
        log.warning("the job queue's tables are from an older version; migrating", migration=name)
        async with connection.transaction():
            await connection.execute(known[name])
            await _note(connection, [name])


def job_migrations() -> dict[str, LiteralString]:
    """The job queue's own migrations, by name, in the order in which they are meant to be run."""
    folder = resources.files("procrastinate.sql") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {name: (folder / name).read_text(encoding="utf-8") for name in names}


async def _note(connection: AsyncConnection, names: Sequence[str]) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO job_schema (migration) VALUES (%s) ON CONFLICT DO NOTHING",
            [(name,) for name in names],
        )


async def _value(connection: AsyncConnection, query: LiteralString, *values: object) -> object:
    row = await (await connection.execute(query, values)).fetchone()
    assert row is not None
    return row[0]
