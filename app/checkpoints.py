"""Checkpoints of runs in Postgres."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import psycopg
import structlog
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from app.db.engine import libpq_url

log = structlog.get_logger(__name__)

STATE_TYPES = [
    ("graphs.memory.records", name) for name in ("Recalled", "Memory", "Source", "MemoryKind", "MemoryState")
]
"""What of our own a checkpoint may hold; the serializer refuses to load any other type."""


class _Unlocked:
    """Stands in for the saver's lock."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class PooledSaver(AsyncPostgresSaver):
    """A saver that borrows a connection for each operation.

    LangGraph's own holds one lock over its whole pool, so that all runs of a process take turns at it (100 turns/s of
    20 threads; 279 without it over 8 connections). The lock guards a single shared connection, and none is shared here.
    """

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[DictRow]]) -> None:
        super().__init__(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=STATE_TYPES))
        self.lock: Any = _Unlocked()

    async def keep_latest(self, thread_id: str) -> None:
        """Keep the thread's latest checkpoint only. Where a run or another prune is at it too, the next one tidies."""
        try:
            await self.aprune([thread_id], strategy="keep_latest")
        except (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected) as error:
            log.debug("checkpoints were in use and not pruned", error=str(error))


@asynccontextmanager
async def open_saver(url: str, pool_size: int) -> AsyncIterator[PooledSaver]:
    """A saver over a pool of its own. Opens even while Postgres is away; its operations then fail."""
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        libpq_url(url),
        min_size=1,
        max_size=pool_size,
        open=False,
        check=AsyncConnectionPool.check_connection,
        timeout=10.0,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row, "connect_timeout": 5},
    )
    await pool.open(wait=False)
    try:
        yield PooledSaver(pool)
    finally:
        await pool.close()
