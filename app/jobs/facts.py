"""The jobs that take facts from what people said, after a pause or some turns.

extract_facts  what is unread of a session -> facts
find_unread    sessions that paused, or have enough that is unread -> a job for each

Nothing is lost when a process dies at any point: a message is marked as read in the transaction that stores what was
taken from it, and whatever is not marked is found again.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from prometheus_client import Counter

from app.db.engine import Database
from app.db.facts import Facts, Unread
from app.db.notices import Notices
from app.errors import SessionNotFound
from app.jobs.queue import JobQueue
from app.jobs.reader import Pace, Reader, Talking, new_hands, tomorrow
from app.jobs.tasks import every
from app.known_facts import KnownFacts
from graphs.errors import MemochaError, ModelOverloaded, ModelRejected, ModelUnavailable, Permanent
from graphs.memory.facts.asking import Asker
from graphs.memory.facts.compare import compare
from graphs.memory.facts.extract import Extracted, batches, extract
from graphs.memory.facts.records import Decision, Fact, Said

log = structlog.get_logger(__name__)

MESSAGES_AT_ONCE = 8
CHARACTERS_AT_ONCE = 6_000
SESSIONS_AT_ONCE = 50
ROUNDS = 3
"""Times that what is known may change under a comparison."""
UNREADABLE_AFTER = 3
"""Tries after which messages count as read though the model's answers to them were of no use."""

_stored = Counter("memocha_facts_stored_total", "Facts stored, by what they were to those known.", ["relation"])
_dropped = Counter("memocha_facts_dropped_total", "What a model gave as a fact and was none, by why.", ["reason"])
_failed = Counter("memocha_facts_failed_total", "Readings that were put off, by why.", ["reason"])


class Unreadable(Permanent):
    """The model's answer is of no use."""

    code = "unreadable"


@dataclass(frozen=True, slots=True)
class FactTasks:
    """The jobs with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    known: KnownFacts
    asker: Asker | None
    """None: facts are off. Jobs that wait from before then end without doing anything."""
    pace: Pace = field(default_factory=Pace)
    hands: asyncio.Semaphore = field(default_factory=new_hands)

    def register(self) -> None:
        """Have workers of the queue do these jobs. Once a queue."""
        app = self.queue.app
        # Not tried again by the queue: what is unread is found again, and no sooner than its session was put off to.
        app.task(name="extract_facts")(self.extract_facts)
        if self.asker is not None:
            every(app, "* * * * * */15", self.find_unread)

    @property
    def _reader(self) -> Reader:
        return Reader(self.database, self.pace)

    async def find_unread(self, timestamp: int) -> None:
        """Have sessions read that paused, or have enough that is unread."""
        del timestamp
        async with self.database.transaction() as tx:
            waiting = await Facts(tx).waiting(pause=self.pace.pause, every=self.pace.every, limit=SESSIONS_AT_ONCE)
            for user_id, session_id in waiting:
                await self.queue.extract_facts(tx, user_id, session_id)

    async def extract_facts(self, user_id: str, session_id: str) -> None:
        """Take facts from all that is unread of a session, some messages at a time."""
        user, session = UUID(user_id), UUID(session_id)
        if self.asker is None or self.hands.locked():
            return  # what is left unread is found again
        async with self.hands:
            await self._read_all(self.asker, user, session)

    async def _read_all(self, asker: Asker, user: UUID, session: UUID) -> None:
        try:
            while (unread := await self._unread(user, session)) is not None:
                for batch in batches(unread.messages, most=MESSAGES_AT_ONCE, characters=CHARACTERS_AT_ONCE):
                    if not await self._affordable(user, session):
                        return
                    await self._read(asker, user, session, batch, unread)
        except Talking:
            log.debug("reading waits for a quiet moment", session_id=str(session))
        except SessionNotFound:
            log.debug("the session is gone", session_id=str(session))
        except (ModelUnavailable, ModelOverloaded, ModelRejected, Unreadable) as error:
            await self._put_off(user, session, error)
        except MemochaError:
            raise
        except Exception:
            # A fault of ours must not come back every few seconds: it waits like any other, and the worker logs it.
            async with self.database.transaction() as tx:
                await Facts(tx).put_off(user, session)
            _failed.labels("fault").inc()
            raise

    async def _unread(self, user_id: UUID, session_id: UUID) -> Unread | None:
        async with self.database.transaction() as tx:
            unread = await Facts(tx).unread(user_id, session_id)
            if unread is not None and unread.skipped:
                await Facts(tx).mark_read(user_id, unread.skipped)
        return unread

    async def _affordable(self, user_id: UUID, session_id: UUID) -> bool:
        """Whether the user's budget of the day has something left; where not, the session waits for tomorrow."""
        if await self._reader.affordable(user_id):
            return True
        async with self.database.transaction() as tx:
            await Facts(tx).put_off(user_id, session_id, tomorrow())
        _failed.labels("budget").inc()
        return False

    async def _read(self, asker: Asker, user_id: UUID, session_id: UUID, batch: Sequence[Said], unread: Unread) -> None:
        """Facts of one batch, to the rows."""
        found = await self._reader.quietly(lambda: extract(asker, batch))
        read = [said.id for said in batch if said.unread and said.role == "user"]
        if not found.readable and unread.tries + 1 < UNREADABLE_AFTER:
            await self._reader.spend(user_id, found.tokens)
            raise Unreadable("the model's answer is not of the form that was asked for")
        await self._reader.spend(user_id, found.tokens)
        for _ in range(ROUNDS):
            decisions = await self._compare(asker, user_id, found.facts)
            if await self._store(user_id, session_id, decisions, read):
                self._count(found)
                return
        raise Unreadable("what is known kept changing while it was compared with")

    async def _compare(self, asker: Asker, user_id: UUID, facts: Sequence[Fact]) -> list[Decision]:
        known = await self.known.near(user_id, facts)
        compared = await self._reader.quietly(lambda: compare(asker, facts, known))
        await self._reader.spend(user_id, compared.tokens)
        return compared.decisions

    async def _store(
        self, user_id: UUID, session_id: UUID, decisions: Sequence[Decision], read: Sequence[UUID]
    ) -> bool:
        """Rows and the index's job in one transaction; False where the comparison is out of date."""
        async with self.database.transaction() as tx:
            stored = await Facts(tx).store(user_id, session_id, decisions, read)
            if stored is None:
                return False
            await self.queue.index_memories(tx, user_id, stored.changed)
            for message_id, ids in by_message(decisions, set(stored.changed)).items():
                await Notices(tx).remembered(user_id, session_id, message_id, ids)
        for relation, count in stored.relations.items():
            _stored.labels(relation.value).inc(count)
        return True

    async def _put_off(self, user_id: UUID, session_id: UUID, error: MemochaError) -> None:
        """The session waits, twice as long after each failure."""
        log.warning("facts could not be taken", session_id=str(session_id), code=error.code, error=str(error))
        _failed.labels(error.code).inc()
        async with self.database.transaction() as tx:
            await Facts(tx).put_off(user_id, session_id)

    def _count(self, found: Extracted) -> None:
        for reason, count in found.dropped.items():
            _dropped.labels(reason.value).inc(count)


def by_message(decisions: Sequence[Decision], new: set[UUID]) -> dict[UUID, list[UUID]]:
    """By message, which new facts came from it."""
    learned: dict[UUID, list[UUID]] = {}
    for fact in (decision.fact for decision in decisions):
        if fact.id in new:
            learned.setdefault(fact.message_id, []).append(fact.id)
    return learned
