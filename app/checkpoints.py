"""Checkpoints of runs in Postgres."""

from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, TypeVar

import psycopg
import structlog
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from app.db.engine import away, first_line, libpq_url
from app.db.idle import LastUsed
from app.db.outlast import outlast
from app.db.watched import WatchedConnection

log = structlog.get_logger(__name__)

STATE_TYPES = [
    ("graphs.memory.records", name) for name in ("Recalled", "Memory", "Source", "MemoryKind", "MemoryState")
]
"""What of our own a checkpoint may hold; the serializer refuses to load any other type."""

T = TypeVar("T")


def _naming(config: RunnableConfig, checkpoint_id: str | None) -> RunnableConfig:
    """The configuration that names a checkpoint of the same thread."""
    return {"configurable": {**config["configurable"], "checkpoint_id": checkpoint_id}}


class _Unlocked:
    """Stands in for the saver's lock."""

    async def __aenter__(self) -> None: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


BEGINS = "begins"
"""In a run's `configurable`: that it begins anew, whatever the thread holds, so that nothing has to be read for it."""
FIRST_STEP = 1
"""The step of the checkpoint after a run's first node. LangGraph makes two before, of the input alone."""


class PooledSaver(AsyncPostgresSaver):
    """A saver for runs whose nodes go one after the other. Borrows a connection for each operation.

    LangGraph's own holds one lock over its whole pool, so that all runs of a process take turns at it (100 turns/s of
    20 threads; 279 without it over 8 connections). The lock guards a single shared connection, and none is shared here.

    It keeps what a run can go on from, and no more, since all of it is written while the first token is waited for: a
    checkpoint after each node. Not the ones before the first node has ended: a run that has none begins again from the
    rows, which hold the same. Nor what each node wrote, beside the checkpoint that holds it a moment later: that is of
    use only where several nodes run side by side.
    """

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[DictRow]]) -> None:
        super().__init__(pool, serde=JsonPlusSerializer(allowed_msgpack_modules=STATE_TYPES))
        self.lock: Any = _Unlocked()

    # What a run reads and writes outlasts a restart of Postgres: all of it may be done twice.

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        if config["configurable"].get(BEGINS):
            return None
        get = super().aget_tuple
        return await outlast(lambda: _reached(get(config)))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        put = super().aput
        if metadata["step"] < FIRST_STEP:
            return _naming(config, checkpoint["id"])
        if metadata["step"] == FIRST_STEP:
            # The first that is written: it holds what those before it would have, and comes after none.
            config, new_versions = _naming(config, None), checkpoint["channel_versions"]
        return await outlast(lambda: _reached(put(config, checkpoint, metadata, new_versions)))

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keeps nothing: see above."""

    async def drop(self, thread_id: str) -> None:
        """Delete the thread's checkpoints. Where that fails, the thread's next run tries again when it ends."""
        try:
            await self.adelete_thread(thread_id)
        except psycopg.Error as error:
            log.warning("checkpoints were not deleted", error=first_line(error))


@asynccontextmanager
async def open_saver(url: str, pool_size: int) -> AsyncIterator[PooledSaver]:
    """A saver over a pool of its own. Opens even while Postgres is away; its operations then fail."""
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        libpq_url(url),
        connection_class=WatchedConnection,
        min_size=1,
        max_size=pool_size,
        open=False,
        check=LastUsed().look,
        timeout=10.0,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row, "connect_timeout": 5},
    )
    await pool.open(wait=False)
    try:
        yield PooledSaver(pool)
    finally:
        await pool.close()


async def _reached(work: Awaitable[T]) -> T:
    """The driver's error as ours. Raises `DatabaseUnavailable`."""
    try:
        return await work
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise away(error) from error
