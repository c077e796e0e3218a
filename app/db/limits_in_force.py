"""Which limits of the deployment hold: narrower ones only some days after they were first seen, so that whoever they
take memories from is told before, and can pin them, save them, or ask for other limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import utc
from app.db.models import LimitsRow
from graphs.memory.retention import Policy


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds at a moment."""

    policy: Policy
    coming: datetime | None = None
    """When the narrower ones hold that are set; None: they do."""


class LimitsInForce:
    """What was set when it was last looked at, in the one row there is."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def at(self, now: datetime, wanted: Policy, notice: timedelta) -> InForce:
        """What holds, where `wanted` is set. Limits that nobody noted yet were just set; the first ones of an
        installation hold at once."""
        row = await self._tx.scalar(select(LimitsRow))
        if row is None:
            return InForce(wanted)
        before, since = Policy(row.memories_before, row.days_before, row.bytes_before), utc(row.since)
        if Policy(row.memories, row.days, row.bytes) != wanted:
            noted = Policy(row.memories, row.days, row.bytes)
            before, since = (before.looser(noted) if now < since + notice else noted), now
        held = wanted.looser(before)
        return InForce(held, since + notice) if held != wanted and now < since + notice else InForce(wanted)

    async def note(self, now: datetime, wanted: Policy, notice: timedelta) -> InForce | None:
        """Keep in mind what is set; what holds for now, where that has changed."""
        row = await self._tx.scalar(select(LimitsRow).with_for_update())
        if row is not None and Policy(row.memories, row.days, row.bytes) == wanted:
            return None
        held = await self.at(now, wanted, notice)
        values = {
            "since": now,
            "memories": wanted.memories,
            "days": wanted.days,
            "bytes": wanted.bytes,
            "memories_before": held.policy.memories,
            "days_before": held.policy.days,
            "bytes_before": held.policy.bytes,
        }
        noting = insert(LimitsRow).values(id=1, **values)
        await self._tx.execute(noting.on_conflict_do_update(index_elements=[LimitsRow.id], set_=values))
        return held
