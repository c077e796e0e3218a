"""Sweeping: what was deleted leaves Postgres' files too.

A row that is deleted or changed stays in its table's file, and its words in those of the indexes, until something is
written over them: a plain VACUUM frees their place and leaves the bytes. The planner's statistics hold samples of
columns, words included, and the write-ahead log all that was written since the last checkpoint. So a sweep writes each
table anew, with its indexes and statistics, then those statistics, then begins a new file of the log: where
`wal_recycle` is off, as in the embedded Postgres, the former ones are deleted rather than used again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import AsyncConnection, errors, sql
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.background import background
from app.db.engine import CONNECT_TIMEOUT, first_line, libpq_url
from app.db.errors import DatabaseUnavailable
from app.db.models import Run, Unswept

STATISTICS = ("pg_catalog", "pg_statistic")
ALONE = 7_113_621_904_551_021
"""The advisory lock of who sweeps."""
LOOK = 0.05
"""Seconds between two looks whether somebody waits for a table that is being written."""

TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
      AND pg_has_role(c.relowner, 'USAGE') AND c.relname !~ '^(procrastinate_|alembic_version$)'
    ORDER BY pg_total_relation_size(c.oid), c.relname
"""
"""What may hold words, the smallest first. Jobs hold ids."""
EMPTY_STATISTICS = """
    SELECT pg_clear_attribute_stats(s.schemaname, s.tablename, s.attname, s.inherited)
    FROM pg_stats s WHERE s.schemaname = %(schema)s AND s.tablename IN (
      SELECT %(name)s UNION SELECT indexname FROM pg_indexes WHERE schemaname = %(schema)s AND tablename = %(name)s
    )
"""
"""Of a table without rows no new statistics are made, and the former ones stay."""
CAN_CLEAR = 180_000
"""The first version that has `pg_clear_attribute_stats`."""
WAITED_FOR = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND %(pid)s = ANY(pg_blocking_pids(pid)))"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    tables: int
    """How many were written anew."""
    left: tuple[str, ...]
    """Those that were not: others held them, or waited for them, or we may not."""
    log: bool
    """Whether nothing is left in the write-ahead log either. False where the role may not begin a new file of it, or
    Postgres uses its files again."""
    before: int
    after: int
    """Bytes of the database."""
    seconds: float

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self.log and not self.left


class SweepGoesOn(Exception):
    """Another process is sweeping this database. Try again when it has ended."""


class Sweeping:
    """What is to be swept, as rows."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def want(self) -> None:
        """Have it swept that this transaction deletes what somebody said. A row each time: one for all would have
        those who delete wait for each other."""
        await self._tx.execute(insert(Unswept))

    async def due(self, before: datetime) -> datetime | None:
        """When the last deletion was, where one is to be swept that was before that time and nobody is being
        answered; else None."""
        first, last = (await self._tx.execute(select(func.min(Unswept.at), func.max(Unswept.at)))).one()
        if first is None or first > before:
            return None
        live = await self._tx.scalar(select(select(Run.id).where(Run.state == "running").exists()))
        return None if live else last

    async def done(self, until: datetime) -> None:
        """Everything is swept that was deleted until then."""
        await self._tx.execute(delete(Unswept).where(Unswept.at <= until))

    async def put_off(self, until: datetime) -> None:
        """Have what was deleted until then swept later, as if it were deleted now."""
        await self._tx.execute(update(Unswept).where(Unswept.at <= until).values(at=func.now()))


async def sweep(url: str, *, aside: bool) -> Swept:
    """Write the whole database anew. With `aside`, a table that somebody waits for is left as it is within `LOOK` and a
    little more; without, whoever needs a table waits until it is written.

    Raises `SweepGoesOn`, and `DatabaseUnavailable`.
    """
    began, wait = time.monotonic(), "200ms" if aside else "30s"
    async with _connected(url) as connection, _connected(url) as beside:
        if not await _value(connection, "SELECT pg_try_advisory_lock(%s)", [ALONE]):
            raise SweepGoesOn
        await connection.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(wait)))
        before = await _value(connection, "SELECT pg_database_size(current_database())")
        tables = [*await (await connection.execute(TABLES)).fetchall(), STATISTICS]
        left = [
            name for schema, name in tables if not await _rewrite(connection, beside if aside else None, schema, name)
        ]
        log = await _renew_log(connection)
        after = await _value(connection, "SELECT pg_database_size(current_database())")
    return Swept(len(tables) - len(left), tuple(left), log, before, after, time.monotonic() - began)


async def _rewrite(
    connection: AsyncConnection[Any], beside: AsyncConnection[Any] | None, schema: str, name: str
) -> bool:
    """Write a table and its indexes anew; whether that was done. `beside`: on which to look who waits."""
    table = sql.Identifier(schema, name)
    # Statistics have no statistics.
    how = sql.SQL("VACUUM (FULL) {}" if (schema, name) == STATISTICS else "VACUUM (FULL, ANALYZE) {}").format(table)
    place, relation = "SELECT pg_relation_filenode(%s::regclass)", [f'"{schema}"."{name}"']
    was = await _value(connection, place, relation)
    try:
        if beside is None:
            await connection.execute(how)
        else:
            async with background(_cancel_when_waited_for(connection, beside), name="watch who waits for a sweep"):
                await connection.execute(how)
    except (errors.LockNotAvailable, errors.QueryCanceled, errors.UndefinedTable, errors.DiskFull):
        return False
    if was == await _value(connection, place, relation):
        return False  # who may not is told so by a warning alone
    return await _clear_statistics(connection, schema, name)


async def _clear_statistics(connection: AsyncConnection[Any], schema: str, name: str) -> bool:
    """Take away what is known of a table that has no rows any more; whether nothing is left."""
    there = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, name))
    if (schema, name) == STATISTICS or await _value(connection, there):
        return True
    if connection.info.server_version < CAN_CLEAR:
        return not await _value(connection, "SELECT EXISTS (SELECT FROM pg_stats WHERE tablename = %s)", [name])
    await connection.execute(EMPTY_STATISTICS.encode(), {"schema": schema, "name": name})
    return True


async def _cancel_when_waited_for(connection: AsyncConnection[Any], beside: AsyncConnection[Any]) -> None:
    pid = {"pid": connection.info.backend_pid}
    while True:
        await asyncio.sleep(LOOK)
        if await _value(beside, WAITED_FOR, pid):
            await connection.cancel_safe()
            return


async def _renew_log(connection: AsyncConnection[Any]) -> bool:
    """Begin a new file of the log and have the former ones deleted; whether that can be said."""
    with suppress(errors.InsufficientPrivilege):
        await connection.execute("SELECT pg_switch_wal()")
        await connection.execute("CHECKPOINT")
        return bool(await _value(connection, "SHOW wal_recycle") == "off")
    return False


async def _value(
    connection: AsyncConnection[Any], query: str | sql.Composed, values: Sequence[Any] | dict[str, Any] = ()
) -> Any:
    asked = query.encode() if isinstance(query, str) else query
    row = await (await connection.execute(asked, values)).fetchone()
    return row[0] if row else None


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection of its own: the pool's statements are ended after half a minute."""
    try:
        async with await AsyncConnection.connect(
            libpq_url(url), autocommit=True, connect_timeout=CONNECT_TIMEOUT, application_name="memocha-sweep"
        ) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"Postgres: {first_line(error)}") from error
