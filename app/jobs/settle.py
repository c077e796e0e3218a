"""Making the index agree with the rows: the one way in which anything gets into the index or out of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.indexing import Indexing
from app.jobs.queue import BATCH, batches
from graphs.errors import IndexGone, IndexUnavailable
from graphs.memory.index import MemoryIndex
from graphs.memory.writer import MemoryWriter

ROUNDS = 10
"""Times that rows may change under the writing before the job is put off; each round is some milliseconds."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where memories go at one moment."""

    writer: MemoryWriter
    beside: tuple[MemoryIndex, ...] = ()
    """Other generations: what is forgotten goes out of them too."""
    epoch: int = 0


class Targets(Protocol):
    """Knows where memories go, which changes when another generation of the index begins to serve."""

    async def now(self) -> Target:
        """Asked after the rows were read. Raises `IndexUnavailable`."""

    async def still(self, tx: AsyncSession, target: Target) -> bool:
        """Whether it is still that, and stays so until the transaction ends."""


class Only:
    """One writer, always."""

    def __init__(self, writer: MemoryWriter) -> None:
        self._target = Target(writer)

    async def now(self) -> Target:
        return self._target

    async def still(self, tx: AsyncSession, target: Target) -> bool:
        del tx, target
        return True


class Settler:
    """Writes to the index what rows say, and looks again afterwards, since the two cannot share a transaction.

    Two that settle the same memory at once, or a deletion in between, are found by the second look: whoever wrote
    something that is not what the rows say by then does it again. What a killed process left half done, the job that
    it was doing does again from the start.
    """

    def __init__(self, database: Database, to: MemoryWriter | Targets, *, mark: bool = True) -> None:
        """`mark`: note in the rows that the index has them; not for an index that does not serve yet."""
        self._database = database
        self._targets: Targets = Only(to) if isinstance(to, MemoryWriter) else to
        self._mark = mark

    async def settle(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """On return the index held what the rows said of these memories. Raises `IndexUnavailable`."""
        rest = list(dict.fromkeys(ids))
        for _ in range(ROUNDS):
            if not rest:
                return
            rest = await self._once(user_id, rest)
        raise IndexUnavailable(f"{len(rest)} memories kept changing while they were indexed")

    async def _once(self, user_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
        """One round; those that have changed meanwhile."""
        async with self._database.transaction() as tx:
            rows = await Indexing(tx).read(user_id, ids)
        written = {memory.id: revision for memory, revision in rows}
        gone = [memory_id for memory_id in ids if memory_id not in written]
        target = await self._targets.now()
        await target.writer.write([memory for memory, _ in rows])
        await target.writer.forget(user_id, gone)
        for index in target.beside if gone else ():
            with suppress(IndexGone):
                await index.delete(user_id, gone)
        async with self._database.transaction() as tx:
            if not await self._targets.still(tx, target):
                return list(ids)
            if self._mark:
                await Indexing(tx).mark(user_id, written)
            now = await Indexing(tx).revisions(user_id, ids)
        return [memory_id for memory_id in ids if now.get(memory_id) != written.get(memory_id)]

    async def forget_session(self, user_id: UUID, session_id: UUID) -> None:
        """Take a session out of the index, then put back what the rows hold of it. Raises `IndexUnavailable`."""
        target = await self._targets.now()
        await target.writer.forget_session(user_id, session_id)
        for index in target.beside:
            with suppress(IndexGone):
                await index.delete_session(user_id, session_id)
        async with self._database.transaction() as tx:
            there = await Indexing(tx).of_session(user_id, session_id)
        await self.settle_all(user_id, there)

    async def forget_user(self, user_id: UUID) -> None:
        """Take a user out of the index, then put back what the rows hold. Raises `IndexUnavailable`."""
        target = await self._targets.now()
        await target.writer.forget_user(user_id)
        for index in target.beside:
            with suppress(IndexGone):
                await index.delete_user(user_id)
        after: UUID | None = None
        while True:
            async with self._database.transaction() as tx:
                ids = await Indexing(tx).page_of_user(user_id, after, BATCH)
            if not ids:
                return
            await self.settle(user_id, ids)
            after = ids[-1]

    async def settle_all(self, user_id: UUID, ids: list[UUID]) -> None:
        """Settle any number of memories, some at a time. Raises `IndexUnavailable`."""
        for batch in batches(ids):
            await self.settle(user_id, batch)
