"""The outbox: jobs are stored in the transaction of what they follow from; neither is there without the other.

Arguments are ids only: what people said is never in the job table.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import CONNECT_TIMEOUT, away, driver_connection, first_line, libpq_url
from app.db.errors import DatabaseUnavailable
from app.db.idle import LastUsed
from app.db.models import Message
from app.db.watched import WatchedConnection
from app.jobs.retry import Jobs

BATCH = 200
"""Ids in one job at the most: what a retry does again, and what one request to the embedder holds."""
URGENT = 10
"""The priority of what somebody is waiting for: their words remembered or forgotten."""
LATER = -10
"""The priority of what takes long and nobody waits for."""
LAST = -20
"""The priority of what is made of everything else."""


class JobQueue:
    """Stores jobs, and is what a worker takes them from. `open` it before anything else."""

    def __init__(self, url: str, *, pool_size: int = 6, timeout: float = 10.0) -> None:
        """`timeout`: longest wait for a connection, seconds."""
        self._timeout = timeout
        self._pool = AsyncConnectionPool(
            libpq_url(url),
            connection_class=WatchedConnection,
            min_size=1,
            max_size=pool_size,
            timeout=timeout,
            # After so long it begins anew instead of doubling its pauses, so it is back soon after Postgres is.
            reconnect_timeout=10.0,
            check=LastUsed().look,
            configure=_each_by_itself,
            kwargs={
                "connect_timeout": CONNECT_TIMEOUT,
                "application_name": "memocha-jobs",
                "options": "-c timezone=UTC -c statement_timeout=30000",
            },
            open=False,
        )
        self.app = App(connector=PsycopgConnector())
        self.app.job_manager = Jobs(self.app.connector)

    async def open(self) -> None:
        """Connect. Raises `DatabaseUnavailable`."""
        try:
            await self._pool.open(wait=True, timeout=self._timeout)
        except psycopg.OperationalError as error:
            await self._pool.close()
            raise DatabaseUnavailable(f"Postgres: {first_line(error)}") from error
        await self.app.open_async(self._pool)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.app.close_async()
        await self._pool.close()

    async def index_messages(self, tx: AsyncSession, user_id: UUID, message_ids: Sequence[UUID]) -> None:
        """Have stored messages remembered."""
        rows = await tx.execute(
            select(Message.session_id, Message.id)
            .where(Message.id.in_(message_ids), Message.user_id == user_id)
            .order_by(Message.session_id, Message.seq)
        )
        by_session: dict[UUID, list[UUID]] = {}
        for row in rows:
            by_session.setdefault(row.session_id, []).append(row.id)
        for session_id, ids in by_session.items():
            for batch in batches(ids):
                await self.defer(
                    tx,
                    "index_messages",
                    priority=URGENT,
                    user_id=user_id,
                    session_id=session_id,
                    message_ids=batch,
                )

    async def index_memories(self, tx: AsyncSession, user_id: UUID, memory_ids: Sequence[UUID]) -> None:
        """Have the index agree with these rows, whether they are there, changed or gone."""
        for batch in batches(list(memory_ids)):
            await self.defer(tx, "index_memories", priority=URGENT, user_id=user_id, memory_ids=batch)

    async def forget(self, tx: AsyncSession, user_id: UUID, memory_ids: Sequence[UUID]) -> None:
        """Have the index drop memories whose rows this transaction deletes."""
        await self.index_memories(tx, user_id, memory_ids)

    async def forget_session(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> None:
        """Have the index drop what the rows no longer hold of a session that is deleted or emptied."""
        await self.defer(
            tx,
            "forget_session",
            once=f"forget_session:{session_id}",
            priority=URGENT,
            user_id=user_id,
            session_id=session_id,
        )

    async def forget_user(self, tx: AsyncSession, user_id: UUID) -> None:
        """Have the index drop what the rows no longer hold of a user."""
        await self.defer(tx, "forget_user", once=f"forget_user:{user_id}", priority=URGENT, user_id=user_id)

    async def import_lines(self, tx: AsyncSession, user_id: UUID, job_id: UUID) -> None:
        """Have the lines of an import stored, after those of the user's that came before."""
        await self.defer(tx, "import_lines", lock=f"import:{user_id}", user_id=user_id, job_id=job_id)

    async def extract_facts(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> None:
        """Have facts taken from what is unread of a session. Of a user one session at a time, since what is taken from
        one is compared with what the others brought."""
        await self.defer(
            tx,
            "extract_facts",
            once=f"extract_facts:{session_id}",
            lock=f"facts:{user_id}",
            priority=LATER,
            user_id=user_id,
            session_id=session_id,
        )

    async def title_session(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> None:
        """Have a session titled."""
        await self.defer(
            tx,
            "title_session",
            once=f"title_session:{session_id}",
            priority=LATER,
            user_id=user_id,
            session_id=session_id,
        )

    async def write_digest(self, tx: AsyncSession, user_id: UUID, day: date) -> None:
        """Have the digest of a user's day written."""
        once = f"write_digest:{user_id}:{day.isoformat()}"
        await self.defer(tx, "write_digest", once=once, priority=LAST, user_id=user_id, day=day.isoformat())

    async def enforce_retention(self, tx: AsyncSession, user_id: UUID) -> None:
        """Have what is over the limits leave of a user's memory."""
        await self.defer(tx, "enforce_retention", once=f"enforce_retention:{user_id}", priority=LAST, user_id=user_id)

    async def reconcile_session(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> None:
        """Have exactly the shown branch of a session remembered, after a switch, an edit or a new answer."""
        await self.defer(
            tx,
            "reconcile_session",
            once=f"reconcile_session:{session_id}",
            user_id=user_id,
            session_id=session_id,
        )

    async def defer(
        self,
        tx: AsyncSession,
        task: str,
        *,
        once: str | None = None,
        lock: str | None = None,
        priority: int = 0,
        **ids: Any,
    ) -> None:
        """Store a job with the transaction. With `once`, one that waits under that name serves for both; of those of
        one `lock` each waits until the one before has ended."""
        arguments = {name: jsonable(value) for name, value in ids.items()}
        while True:
            if once is not None and await self._waits(tx, once):
                return
            try:
                # Only a name can be taken; without one nothing is to be gone back to.
                async with tx.begin_nested() if once is not None else nullcontext():
                    # Asked for in here: it is this that has the savepoint made, not the line above.
                    connection = await driver_connection(tx)
                    await self.app.configure_task(
                        task, lock=lock, queueing_lock=once, priority=priority, connection=connection
                    ).defer_async(**arguments)
            except AlreadyEnqueued:
                continue
            except ConnectorException as error:
                if isinstance(error.__cause__, psycopg.OperationalError):
                    raise away(error.__cause__) from error
                raise
            return

    async def _waits(self, tx: AsyncSession, once: str) -> bool:
        # The waiting job is held until this transaction ends: workers skip rows that are held, so it cannot run
        # before what this transaction stores is there to be seen.
        waiting = await tx.execute(
            text("SELECT id FROM procrastinate_jobs WHERE queueing_lock = :once AND status = 'todo' FOR UPDATE"),
            {"once": once},
        )
        return waiting.first() is not None


async def _each_by_itself(connection: AsyncConnection[Any]) -> None:
    """Whatever the worker asks is one statement: in a transaction of its own, and with the connection asked after
    before, a look for jobs was four ways to the server in place of one (0.5 ms of processor time, now 0.2). Not among
    the pool's `kwargs`: of those the listener's connection is made, which is given this as well."""
    await connection.set_autocommit(True)


def batches(ids: list[UUID]) -> list[list[UUID]]:
    """The ids in parts of at most `BATCH`."""
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


def jsonable(value: Any) -> Any:
    """Ids as the job table keeps them."""
    if isinstance(value, UUID):
        return str(value)
    return [jsonable(item) for item in value] if isinstance(value, list) else value
