"""The jobs that have the least useful memories leave where a user's memory is over its limits.

enforce_retention  what is over the limits of a user's memory -> out of the rows, then out of the index
find_over_limits   users whose memory is over a limit -> a job for each
"""

import asyncio
from collections import Counter as Counts
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter

from app.db.engine import Database
from app.db.limits_in_force import LimitsInForce
from app.db.notices import Notices
from app.db.retention import TOLD, Retention
from app.db.users import Limits, Users
from app.jobs.queue import JobQueue
from app.jobs.retry import Backoff
from app.jobs.tasks import every
from app.settings import Settings
from graphs.memory.retention import Leaving, Policy, leaving

BATCH = 200
"""What leaves in one transaction, in which the user's turns wait."""
USERS_AT_ONCE = 200
EVERY_MINUTES = 10
"""Between two looks for users who are over a limit. A divisor of 60."""

log = structlog.get_logger(__name__)

_left = Counter("memocha_retention_left_total", "Memories that left by retention, by kind and why.", ["kind", "reason"])
_waited = Counter("memocha_retention_waited_total", "Times that retention waited for a turn to end.")


@dataclass(frozen=True, slots=True)
class RetentionTasks:
    """The jobs with all they need; `register` makes them known to a worker's queue."""

    database: Database
    queue: JobQueue
    policy: Policy
    """Of the deployment; a user's own limits may be narrower."""
    notice: timedelta = timedelta(0)
    """For which narrower limits of the deployment are told before they hold."""

    def register(self) -> None:
        """Have workers of the queue do these jobs. Once a queue."""
        self.queue.app.task(name="enforce_retention", retry=Backoff())(self.enforce_retention)
        every(self.queue.app, f"*/{EVERY_MINUTES} * * * *", self.find_over_limits)

    async def find_over_limits(self, timestamp: int) -> None:
        """Have what is over the limits leave, of all users; and no longer tell what left long ago."""
        del timestamp
        now = datetime.now(UTC)
        async with self.database.transaction() as tx:
            await Retention(tx).forget_departed(now - TOLD)
            changed = await LimitsInForce(tx).note(now, self.policy, self.notice)
            if changed is not None and changed.coming is not None:
                log.warning("narrower limits of memory are told to everyone before they hold", hold=str(changed.coming))
            in_force = await LimitsInForce(tx).at(now, self.policy, self.notice)
            by_policy: dict[Policy, list[UUID]] = {}
            for user_id, limits in (await Users(tx).limits()).items():
                if kept := in_force.policy.stricter(limits.memories, limits.days):
                    by_policy.setdefault(kept, []).append(user_id)
        for kept, users in by_policy.items():
            for start in range(0, len(users), USERS_AT_ONCE):
                async with self.database.transaction() as tx:
                    for user_id in await Retention(tx).over(users[start : start + USERS_AT_ONCE], kept, now):
                        await self.queue.enforce_retention(tx, user_id)

    async def enforce_retention(self, user_id: str) -> None:
        """Have the least useful of a user's memories leave until the limits hold; not while the user is answered: the
        rest leaves the next time."""
        user, now = UUID(user_id), datetime.now(UTC)
        async with self.database.transaction() as tx:
            limits = (await Users(tx).limits(user)).get(user, Limits())
            in_force = await LimitsInForce(tx).at(now, self.policy, self.notice)
            kept = in_force.policy.stricter(limits.memories, limits.days)
            held = await Retention(tx).held(user) if kept else []
        going = await asyncio.to_thread(leaving, held, kept, now)
        left: Counts[tuple[str, str]] = Counts()
        for start in range(0, len(going), BATCH):
            if not await self._take(user, going[start : start + BATCH], now, left):
                _waited.inc()
                break
        for (kind, reason), count in left.items():
            _left.labels(kind, reason).inc(count)
        if left:
            log.info("memories left by retention", user_id=user_id, count=left.total())

    async def _take(self, user_id: UUID, batch: list[Leaving], at: datetime, left: Counts[tuple[str, str]]) -> bool:
        """Rows and the index's job in one transaction; False where a turn goes on."""
        async with self.database.transaction() as tx:
            retention = Retention(tx)
            if not await retention.hold_still(user_id):
                return False
            gone = set(await retention.take(user_id, batch, at))
            await self.queue.forget(tx, user_id, sorted(gone))
            await Notices(tx).memories(user_id)
        for each in batch:
            left[each.held.kind.value, each.reason.value] += len(gone.intersection(each.held.ids))
        return True


def notice(settings: Settings) -> timedelta:
    """For how long narrower limits are told before they hold."""
    return timedelta(days=settings.retention_notice)


def policy(settings: Settings) -> Policy:
    """The limits as the settings have them."""
    return Policy(settings.retention_memories, settings.retention_days, settings.retention_bytes)
