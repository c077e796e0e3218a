"""The jobs: what is done after an answer, at any time, any number of times, by any worker.

index_messages     messages -> episodes: rows first, then the index
index_memories     memories whose rows were made, changed or deleted -> the index
reconcile_session  exactly the shown branch has episodes
forget_session     a session that was deleted or emptied -> out of the index
forget_user        all memory of a user that was cleared -> out of the index
index_pending      what the index is missing for some time, whatever the reason
expire_temporary   temporary sessions that nobody closed
remove_old_jobs    jobs that are done
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from procrastinate import App
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.checkpoints import forget_checkpoints
from app.db.convert import to_source_message
from app.db.digests import Digests
from app.db.engine import Database
from app.db.facts import Facts
from app.db.ids import among
from app.db.indexing import Indexing
from app.db.memories import Memories
from app.db.messages import Messages
from app.db.models import Message
from app.db.sessions import Sessions
from app.db.sweeping import Sweeping
from app.errors import SessionNotFound
from app.jobs.queue import JobQueue, batches
from app.jobs.retry import Backoff
from app.jobs.settle import Settler
from graphs.errors import IndexUnavailable
from graphs.memory.digests.daily import day_of
from graphs.memory.episodes import episodes

PENDING_AFTER = timedelta(seconds=30)
"""What the index is missing for so long is looked after, beside the job that should have done it."""
PENDING_AT_ONCE = 1000
TEMPORARY_FOR = timedelta(hours=24)
KEEP_DONE_HOURS = 1
KEEP_FAILED_HOURS = 7 * 24

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tasks:
    """The jobs with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    settler: Settler

    def register(self) -> None:
        """Have workers of the queue do these jobs. Once a queue."""
        app, retry = self.queue.app, Backoff()
        for task in (
            self.index_messages,
            self.index_memories,
            self.reconcile_session,
            self.forget_session,
            self.forget_user,
        ):
            app.task(name=task.__name__, retry=retry)(task)
        every(app, "* * * * * */30", self.index_pending)
        every(app, "*/10 * * * *", self.expire_temporary)
        every(app, "*/10 * * * *", self.remove_old_jobs)

    async def index_messages(self, user_id: str, session_id: str, message_ids: list[str]) -> None:
        """Make the episodes of messages, as rows, then have the index take them.

        The rows are there even while the index is away: words find them. All that could ever have been made of the
        messages is settled, since an earlier try may have been killed with the index written and the rows deleted
        since; of messages that are gone nothing can be derived, so their session is settled whole.
        """
        user, session, ids = UUID(user_id), UUID(session_id), uuids(message_ids)
        async with self.database.transaction() as tx:
            there = await remember(tx, user, session, ids)
        if len(there) < len(ids):
            await self.settler.forget_session(user, session)
        await self.settler.settle_all(user, [episode for made in there.values() for episode in made])

    async def index_memories(self, user_id: str, memory_ids: list[str]) -> None:
        """Have the index agree with these rows, whether they are there, changed or gone."""
        await self.settler.settle(UUID(user_id), uuids(memory_ids))

    async def reconcile_session(self, user_id: str, session_id: str) -> None:
        """Have exactly the messages of the shown branch, less the forgotten ones, as episodes.

        Rows here; the index in jobs of their own, stored with the rows, which name what is to be settled.
        """
        user, session = UUID(user_id), UUID(session_id)
        async with self.database.transaction() as tx:
            try:
                # Held, so that of two that run at once the later sees the later branch.
                await Sessions(tx).lock(user, session)
            except SessionNotFound:
                return
            shown = await Messages(tx).shown_ids(user, session)
            remembered = await Indexing(tx).remembered_messages(user, session)
            changed: list[UUID] = []
            for batch in batches(sorted(remembered - shown)):
                changed += await Indexing(tx).drop_episodes(user, batch)
                changed += await Digests(tx).leave(user, among(Message.id, batch))
                changed += await Facts(tx).leave(user, among(Message.id, batch))
            for batch in batches(sorted(shown - remembered)):
                await Facts(tx).read_again(user, batch)
                for made in (await remember(tx, user, session, batch)).values():
                    changed += made
            await self.queue.index_memories(tx, user, changed)

    async def forget_session(self, user_id: str, session_id: str) -> None:
        """Take out of the index what the rows no longer hold of a session, and its checkpoints once it is gone.

        Memories that were kept when their session was deleted are put in again as what they are now.
        """
        user, session = UUID(user_id), UUID(session_id)
        await self.settler.forget_session(user, session)
        async with self.database.transaction() as tx:
            kept = await Indexing(tx).pending_of(user)
            try:
                await Sessions(tx).get(user, session)
            except SessionNotFound:
                # A run that was ending when the session went may have written one more.
                await forget_checkpoints(tx, session)
        await self.settler.settle_all(user, kept)

    async def forget_user(self, user_id: str) -> None:
        """Take out of the index what the rows no longer hold of a user."""
        await self.settler.forget_user(UUID(user_id))

    async def index_pending(self, timestamp: int) -> None:
        """Have the index take what it has been missing for some time, whatever the reason."""
        del timestamp
        while True:
            async with self.database.transaction() as tx:
                pending = await Indexing(tx).pending(PENDING_AFTER, PENDING_AT_ONCE)
            try:
                for user_id, ids in pending.items():
                    await self.settler.settle_all(user_id, ids)
            except IndexUnavailable as error:
                log.warning("the index is away; memories wait for it", error=str(error))
                return
            if sum(map(len, pending.values())) < PENDING_AT_ONCE:
                return

    async def expire_temporary(self, timestamp: int) -> None:
        """Delete temporary sessions that nobody closed."""
        del timestamp
        async with self.database.transaction() as tx:
            expired = await Sessions(tx).expired_temporary(datetime.now(UTC) - TEMPORARY_FOR)
        for user_id, session_id in expired:
            async with self.database.transaction() as tx:
                with suppress(SessionNotFound):
                    await Sessions(tx).delete(user_id, session_id)
                    await Sweeping(tx).want()

    async def remove_old_jobs(self, timestamp: int) -> None:
        """Delete jobs that are done, and after a longer time those that failed."""
        del timestamp
        manager = self.queue.app.job_manager
        await manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS)
        await manager.delete_old_jobs(
            nb_hours=KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


async def remember(
    tx: AsyncSession, user_id: UUID, session_id: UUID, message_ids: Sequence[UUID]
) -> dict[UUID, list[UUID]]:
    """Make rows of the episodes of those messages that are to be remembered: shown, not forgotten, memory on.

    By message that there is, the ids of all its episodes, whether it is remembered or not.
    """
    messages = Messages(tx)
    try:
        # Held, so that the branch is not switched between the look at it and the rows made of it.
        await Sessions(tx).lock(user_id, session_id)
    except SessionNotFound:
        return {}
    shown = await messages.on_branch(user_id, session_id, message_ids)
    wanted = {message.id for message in await messages.to_remember(user_id, message_ids)} & shown
    there = [to_source_message(message) for message in await messages.get_many(user_id, session_id, message_ids)]
    # Cutting takes 0.1 s for 100,000 characters: the event loop goes on meanwhile.
    made = await asyncio.to_thread(lambda: {message.id: episodes(message) for message in there})
    memories = [memory for message_id in wanted for memory in made[message_id]]
    new = set(await Memories(tx).add_many(user_id, memories))
    await Digests(tx).touch(user_id, {day_of(memory.created_at) for memory in memories if memory.id in new})
    return {message_id: [memory.id for memory in memories] for message_id, memories in made.items()}


def every(app: App, cron: str, task: Callable[[int], Awaitable[None]]) -> None:
    """Have a job done at these times, by one worker, and never two of it waiting."""
    name = task.__name__
    app.periodic(cron=cron)(app.task(name=name, queueing_lock=name)(task))


def uuids(ids: Sequence[str]) -> list[UUID]:
    """Ids as the job table keeps them, as ids."""
    return [UUID(each) for each in ids]
