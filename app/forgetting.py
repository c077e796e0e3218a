"""Forgetting everywhere: rows, index, checkpoints, and the event logs of runs that are over."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.runs import Runs
from app.checkpoints import PooledSaver
from app.db.checkpoints import count_checkpoints
from app.db.digests import Digests
from app.db.engine import Database
from app.db.erasing import Erasing
from app.db.facts import Facts
from app.db.forgetting import Forgetting
from app.db.ids import among
from app.db.messages import Messages
from app.db.models import MemoryRow, MemorySource, Message, RecallRow, Run, Session
from app.db.notices import Notices
from app.db.sessions import Sessions
from app.db.sweeping import Sweeping
from app.db.tally import Tally, Went, how_many
from app.indexed import until_gone
from app.jobs.queue import JobQueue
from app.schemas import ErasureReceipt, Receipt
from app.transfer.storing import hold_imports
from graphs.memory.index import MemoryIndex

R = TypeVar("R", bound=Receipt)

ERASED = (
    "Nothing of you is kept here any more. Backups, files that were exported before, and what the provider of a model "
    "keeps that is not local are beyond the service."
)


class Forgetter:
    """Each method commits the rows and the job for the index together, then drops the copies that runs left. Receipts
    count what the transaction deleted, and wait a moment for the index to have none of it."""

    def __init__(
        self, *, database: Database, queue: JobQueue, runs: Runs, saver: PooledSaver, index: MemoryIndex
    ) -> None:
        self._database = database
        self._queue = queue
        self._runs = runs
        self._saver = saver
        self._index = index

    async def memories(
        self, user_id: UUID, ids: Sequence[UUID], messages: Sequence[UUID] = (), *, asked_in: UUID | None = None
    ) -> int:
        """Forget these memories and what else came from the same messages, and what came from `messages`; how many
        went, or, where nothing had been made of `messages` yet, how many of those. `asked_in`: the message that asked
        for it, where that is to be noted. Waits for nothing: it is done in the middle of a turn."""
        receipt, _ = await self._forget(user_id, ids, messages, asked_in)
        return receipt.memories or len(messages)

    async def some(self, user_id: UUID, ids: Sequence[UUID], note: str) -> Receipt:
        """Forget these memories and what else came from the same messages."""
        receipt, gone = await self._forget(user_id, ids)
        return await self._verified(receipt.model_copy(update={"note": note}), user_id, gone)

    async def _forget(
        self, user_id: UUID, ids: Sequence[UUID], messages: Sequence[UUID] = (), asked_in: UUID | None = None
    ) -> tuple[Receipt, Sequence[UUID]]:
        async with self._database.transaction() as tx:
            sessions, tally = await _sessions_that_saw(tx, user_id, ids), Tally(tx, user_id)
            sources = select(MemorySource.message_id).where(among(MemorySource.memory_id, ids)).scalar_subquery()
            await tally.of_messages(or_(Message.id.in_(sources), among(Message.id, messages)), among(MemoryRow.id, ids))
            gone = await Forgetting(tx).memories(user_id, ids, messages)
            receipt = _receipt(await tally.went(), {"memories": len(gone)})
            await self._queue.forget(tx, user_id, gone)
            if gone:
                await Notices(tx).forgotten(user_id, gone)
                await Sweeping(tx).want()
            count = len(gone) or len(messages)
            if asked_in is not None and count:
                await Messages(tx).count_forgotten(user_id, asked_in, count)
        return receipt.model_copy(update={"checkpoints": await self._drop_copies(user_id, sessions)}), gone

    async def everything(self, user_id: UUID, note: str) -> Receipt:
        """Forget all memories of the user."""
        async with self._database.transaction() as tx:
            sessions = list(await tx.scalars(select(Session.id).where(Session.user_id == user_id)))
            tally = Tally(tx, user_id)
            await tally.of(MemoryRow.user_id == user_id)
            gone = await Forgetting(tx).everything(user_id)
            receipt = _receipt(await tally.went(), {"memories": gone}, note)
            await Sweeping(tx).want()
            await self._queue.forget_user(tx, user_id)
            await Notices(tx).forgotten(user_id, everything=True)
        receipt = receipt.model_copy(update={"checkpoints": await self._drop_copies(user_id, sessions)})
        return await self._verified(receipt, user_id)

    async def session(self, user_id: UUID, session_id: UUID, *, keep_memories: bool = False) -> Receipt:
        """Delete a session, with what came from it unless that is to be kept. Raises `SessionNotFound`."""
        await self._runs.stop_session(user_id, session_id)
        async with self._database.transaction() as tx:
            counted, tally = await self._contents(tx, user_id, session_id)
            if keep_memories:
                await Digests(tx).keep(user_id, session_id)
            else:
                await self._forget_derived(tx, user_id, session_id)
            await Sessions(tx).delete(user_id, session_id, keep_memories=keep_memories)
            went = await tally.went()
            await Sweeping(tx).want()
            await self._queue.forget_session(tx, user_id, session_id)
        await self._drop_copies(user_id, [session_id])
        note = "Its memories were kept." if keep_memories else None
        return await self._verified(_receipt(went, {"sessions": 1, **counted}, note), user_id, went.ids)

    async def conversation(self, user_id: UUID, session_id: UUID) -> Receipt:
        """Empty a session and forget what came from it; the session stays. Raises `SessionNotFound`."""
        await self._runs.stop_session(user_id, session_id)
        async with self._database.transaction() as tx:
            counted, tally = await self._contents(tx, user_id, session_id)
            await self._forget_derived(tx, user_id, session_id)
            await Sessions(tx).reset(user_id, session_id)
            went = await tally.went()
            await Sweeping(tx).want()
            await self._queue.forget_session(tx, user_id, session_id)
        await self._drop_copies(user_id, [session_id])
        return await self._verified(_receipt(went, counted), user_id, went.ids)

    async def person(self, user_id: UUID) -> ErasureReceipt:
        """Delete all that is kept of the user; the user stays, as somebody new."""
        await self._runs.stop_user(user_id)
        async with self._database.transaction() as tx:
            await hold_imports(tx, user_id)
            sessions = list(await tx.scalars(select(Session.id).where(Session.user_id == user_id)))
            erased = await Erasing(tx).everything(user_id)
            await Sweeping(tx).want()
            await self._queue.forget_user(tx, user_id)
            await Notices(tx).forgotten(user_id, everything=True)
        # A turn that began in between has lost its rows, and ends by finding that.
        await self._runs.stop_user(user_id)
        await self._drop_copies(user_id, sessions)
        rows = erased.rows
        receipt = ErasureReceipt(
            sessions=rows["sessions"],
            messages=rows["messages"],
            memories=rows["memories"],
            facts=erased.facts,
            digests=erased.digests,
            vectors=erased.vectors,
            runs=rows["runs"],
            checkpoints=erased.checkpoints,
            jobs=rows["jobs"] + erased.waiting,
            usage=rows["usage"],
            note=ERASED,
        )
        return await self._verified(receipt, user_id)

    async def _contents(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> tuple[dict[str, int], Tally]:
        """What a session holds by store, held until the transaction ends, and what is remembered of it. Raises
        `SessionNotFound`."""
        await Sessions(tx).lock(user_id, session_id)
        said, tally = Message.session_id == session_id, Tally(tx, user_id)
        await tally.of_messages(said, MemoryRow.session_id == session_id)
        counted = {
            "messages": await how_many(tx, said),
            "runs": await how_many(tx, Run.session_id == session_id),
            "checkpoints": await count_checkpoints(tx, [session_id]),
        }
        return counted, tally

    async def _verified(self, receipt: R, user_id: UUID, ids: Sequence[UUID] | None = None) -> R:
        """The receipt, saying whether the index has none of these memories any more, or none of the user's."""
        return receipt.model_copy(update={"verified": await until_gone(self._index, user_id, ids)})

    async def _forget_derived(self, tx: AsyncSession, user_id: UUID, session_id: UUID) -> None:
        """Facts and digests that the session's messages are a source of, those of other sessions too: what else said
        the facts is read again, and the days are written again without it."""
        session = await Sessions(tx).lock(user_id, session_id)
        said = Message.session_id == session_id
        gone = [*await Digests(tx).leave(user_id, said), *await Facts(tx).leave(user_id, said)]
        await self._queue.forget(tx, user_id, gone)
        if not session.temporary:
            await Notices(tx).forgotten(user_id, gone, session_id=session_id)

    async def _drop_copies(self, user_id: UUID, sessions: Sequence[UUID]) -> int:
        """How many checkpoints went."""
        for session_id in sessions:
            self._runs.drop_logs(user_id, session_id)
        if not sessions:
            return 0
        async with self._database.reading() as rows:
            count = await count_checkpoints(rows, sessions)
        await self._saver.aprune([str(session_id) for session_id in sessions], strategy="delete")
        return count


def _receipt(went: Went, counted: Mapping[str, int], note: str | None = None) -> Receipt:
    """`counted`: by store, what is not remembered."""
    remembered = {"memories": len(went.ids), "facts": went.facts, "digests": went.digests, "vectors": went.vectors}
    return Receipt(note=note, **{**remembered, **counted})


async def _sessions_that_saw(tx: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """The sessions that the memories came from, and those that were given one of them."""
    said = (
        select(Message.session_id)
        .join(MemorySource, MemorySource.message_id == Message.id)
        .where(MemorySource.memory_id.in_(ids), Message.user_id == user_id)
    )
    given = (
        select(Message.session_id)
        .join(RecallRow, RecallRow.message_id == Message.id)
        .where(RecallRow.memory_id.in_(ids), Message.user_id == user_id)
    )
    return list(await tx.scalars(union(said, given)))
