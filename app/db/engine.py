"""The connection to Postgres: a pool, transactions, and one error for all the ways it can be away."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from sqlalchemy import URL, event, make_url, text
from sqlalchemy import exc as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.db.errors import DatabaseUnavailable, StatementRefused, StorageFull
from app.db.idle import LastUsed
from app.db.watched import WatchedConnection

CONNECT_TIMEOUT = 5
POOL_TIMEOUT = 10.0
STATEMENT_TIMEOUT = 30.0
IDLE_TIMEOUT = 60.0
"""Seconds. A statement that takes longer, or a transaction that idles longer, is ended by the server."""


class Database:
    """A pool of connections. Made once a process, closed with it."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self._engine = create_async_engine(
            driver_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
            pool_recycle=1800,
            # What a failing statement was given is what people said: it stays out of error messages.
            hide_parameters=True,
            connect_args={
                "async_creator_fn": WatchedConnection.connect,
                "connect_timeout": CONNECT_TIMEOUT,
                "application_name": "memocha",
                "options": f"-c timezone=UTC -c statement_timeout={int(STATEMENT_TIMEOUT * 1000)} "
                f"-c idle_in_transaction_session_timeout={int(IDLE_TIMEOUT * 1000)}",
            },
        )
        _look_at_connections(self._engine)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        alone = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._readers = async_sessionmaker(alone, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """For statements that read, each by itself: two ways to the server fewer than a transaction. Raises as
        `transaction` does."""
        with _translated():
            async with self._readers() as session:
                yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A transaction: committed when the block ends, rolled back when it raises.

        Raises `DatabaseUnavailable` where Postgres is away; what was in the block is then not stored, unless
        the connection broke during the commit itself, which nobody can tell: so ids are made by the caller.
        Its `StorageFull` is raised where there is no space left.
        Raises `StatementRefused` where a statement was wrong.
        """
        with _translated():
            async with self._sessions.begin() as session:
                yield session

    async def ping(self) -> None:
        """Raise `DatabaseUnavailable` unless Postgres answers."""
        async with self.transaction() as tx:
            await tx.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _look_at_connections(engine: AsyncEngine) -> None:
    """Have each connection looked at before it is lent; one that broke is replaced, with all that were made before."""
    pool, used = engine.sync_engine.pool, LastUsed()

    def made(_: object, record: ConnectionPoolEntry) -> None:
        used.note(_driver(record))

    def lent(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if not used.vouches_for(_driver(record)):
            try:
                engine.dialect.do_ping(connection)
            except psycopg.Error as error:
                raise sa.InvalidatePoolError from error
        used.note(_driver(record))

    event.listen(pool, "connect", made)
    event.listen(pool, "checkout", lent)


def _driver(record: ConnectionPoolEntry) -> AsyncConnection[Any]:
    connection = record.driver_connection
    assert isinstance(connection, AsyncConnection)
    return connection


@contextmanager
def _translated() -> Iterator[None]:
    """The driver's errors as ours."""
    try:
        yield
    except (sa.OperationalError, sa.InterfaceError, sa.TimeoutError, psycopg.OperationalError) as error:
        raise away(error) from error
    except sa.DBAPIError as error:
        if not error.connection_invalidated:
            # Only its first line, and nothing to follow it to: the rest quotes the row that was refused.
            raise StatementRefused(f"Postgres: {type(error).__name__}: {first_line(error)}") from None
        raise DatabaseUnavailable(f"Postgres: the connection broke: {first_line(error)}") from error


def away(error: BaseException) -> DatabaseUnavailable:
    """The error of ours for a driver's that tells that Postgres cannot do what it was asked now."""
    reason = f"Postgres: {type(error).__name__}: {first_line(error)}"
    cause = error.orig if isinstance(error, sa.DBAPIError) else error
    return StorageFull(reason) if isinstance(cause, psycopg.errors.DiskFull) else DatabaseUnavailable(reason)


async def driver_connection(tx: AsyncSession) -> AsyncConnection:
    """The psycopg connection that the transaction runs on, for libraries that speak psycopg."""
    raw = await (await tx.connection()).get_raw_connection()
    connection = raw.driver_connection
    assert isinstance(connection, AsyncConnection)
    return connection


def driver_url(url: str) -> URL:
    """`postgresql://...`, as everyone writes it, with the driver that we use."""
    return make_url(url).set(drivername="postgresql+psycopg")


def libpq_url(url: str) -> str:
    """The same address for libraries that hand it to psycopg as it is."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def first_line(error: BaseException) -> str:
    """The first line of a driver's message; the rest may quote rows."""
    return str(error).split("\n", 1)[0]
