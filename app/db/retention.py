"""Retention as rows: what a user's memory holds, what leaves, and what has left.

What leaves is not forgotten. Its messages are marked as retired, so that no job makes their episodes again; they stay
in their conversations, and facts and digests that came from them stay too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import utc
from app.db.digests import Digests
from app.db.ids import among
from app.db.models import Departure, MemoryRow, MemorySource, Message, Run, User
from graphs.memory.records import MemoryKind, MemoryState
from graphs.memory.retention import Held, Leaving, Policy

TOLD = timedelta(days=90)
"""For so long it is told what left."""
ITEMS = 200
"""Of one run that are told one by one."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a user's memory holds."""

    memories: int
    bytes: int
    """Of the texts, in UTF-8."""
    oldest: datetime | None
    """When the oldest was said."""
    pinned: int = 0
    paused: int = 0
    kinds: dict[MemoryKind, int] = field(default_factory=dict)


@dataclass(slots=True)
class Departed:
    """What left in one run."""

    at: datetime
    count: int = 0
    bytes: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    items: list[Departure] = field(default_factory=list)
    """The first so many, oldest first."""


class Retention:
    """Limits of a user's memory. Whoever calls has to tell the index of what left, in the same transaction."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def usage(self, user_id: UUID) -> Usage:
        """What the user's memory holds now."""
        size = func.coalesce(func.sum(func.octet_length(MemoryRow.text)), 0)
        pinned = func.count().filter(MemoryRow.pinned)
        paused = func.count().filter(MemoryRow.state == MemoryState.PAUSED)
        of_kind = [func.count().filter(MemoryRow.kind == kind) for kind in MemoryKind]
        count, held, oldest, *counts = (
            await self._tx.execute(
                select(func.count(), size, func.min(MemoryRow.created_at), pinned, paused, *of_kind).where(
                    MemoryRow.user_id == user_id
                )
            )
        ).one()
        kinds = dict(zip(MemoryKind, counts[2:], strict=True))
        return Usage(count, int(held), oldest and utc(oldest), counts[0], counts[1], kinds)

    async def over(self, user_ids: Sequence[UUID], policy: Policy, now: datetime) -> list[UUID]:
        """Those of the users whose memory may be over a limit; what is pinned is looked at later."""
        size = func.sum(func.octet_length(MemoryRow.text))
        limits = []
        if policy.memories:
            limits.append(func.count() > policy.memories)
        if policy.bytes:
            limits.append(size > policy.bytes)
        for kind in MemoryKind:
            if (oldest := policy.oldest(kind, now)) is not None:
                old = func.count().filter(MemoryRow.kind == kind, MemoryRow.created_at < oldest, ~MemoryRow.pinned)
                limits.append(old > 0)
        any_limit = limits[0]
        for limit in limits[1:]:
            any_limit = any_limit | limit
        rows = await self._tx.scalars(
            select(MemoryRow.user_id)
            .where(among(MemoryRow.user_id, user_ids))
            .group_by(MemoryRow.user_id)
            .having(any_limit)
        )
        return list(rows)

    async def held(self, user_id: UUID) -> list[Held]:
        """All of the user's memories as the policy sees them: parts of one message as one."""
        rows = await self._tx.execute(
            select(
                MemoryRow.id,
                MemoryRow.kind,
                MemoryRow.created_at,
                func.octet_length(MemoryRow.text).label("bytes"),
                MemoryRow.recalled_count,
                MemoryRow.last_recalled_at,
                MemoryRow.confirmed_count,
                MemoryRow.superseded_by,
                MemoryRow.pinned,
                MemoryRow.session_id,
                MemoryRow.seq,
            )
            .where(MemoryRow.user_id == user_id)
            .order_by(MemoryRow.created_at, MemoryRow.id)
        )
        parts: dict[object, list[Held]] = {}
        for row in rows:
            whole = row.kind == MemoryKind.EPISODE and row.session_id is not None
            held = Held(
                (row.id,),
                MemoryKind(row.kind),
                utc(row.created_at),
                row.bytes,
                row.recalled_count,
                row.last_recalled_at and utc(row.last_recalled_at),
                row.confirmed_count,
                row.superseded_by,
                row.pinned,
            )
            parts.setdefault((row.session_id, row.seq) if whole else row.id, []).append(held)
        return [_joined(some) for some in parts.values()]

    async def hold_still(self, user_id: UUID) -> bool:
        """Whether nobody is being answered; no turn of the user's begins until the transaction ends, since a run's row
        refers to the user's. So nothing leaves that a running turn was given."""
        held = await self._tx.scalar(select(User.id).where(User.id == user_id).with_for_update())
        live = select(Run.id).where(Run.user_id == user_id, Run.state == "running")
        return held is not None and not await self._tx.scalar(select(live.exists()))

    async def take(self, user_id: UUID, some: Sequence[Leaving], at: datetime) -> list[UUID]:
        """Delete these, less what somebody holds or has pinned meanwhile; the ones deleted. `at`: of the run."""
        by_id = {memory_id: each for each in some for memory_id in each.held.ids}
        rows = (
            await self._tx.execute(
                # Passed over where held: two who wait for each other's rows would both lose.
                select(MemoryRow.id, MemoryRow.kind, MemoryRow.session_id, MemoryRow.created_at,
                       func.octet_length(MemoryRow.text).label("bytes"))
                .where(among(MemoryRow.id, by_id), MemoryRow.user_id == user_id, ~MemoryRow.pinned)
                .order_by(MemoryRow.id)
                .with_for_update(skip_locked=True)
            )
        ).all()  # fmt: skip
        free = {row.id for row in rows}
        whole = [row for row in rows if free.issuperset(by_id[row.id].held.ids)]
        messages = await self._messages([row.id for row in whole if row.kind == MemoryKind.EPISODE])
        going = [row for row in whole if row.kind != MemoryKind.EPISODE or messages.get(row.id, True)]
        needed = await self._needed([row.id for row in going])
        going = [row for row in going if row.id not in needed]
        ids = [row.id for row in going]
        if not ids:
            return []
        await self._retire(ids)
        await Digests(self._tx).end(user_id, ids)
        await self._tx.execute(
            insert(Departure),
            [
                {
                    "user_id": user_id,
                    "at": at,
                    "memory_id": row.id,
                    "reason": by_id[row.id].reason,
                    "kind": row.kind,
                    "session_id": row.session_id,
                    "created_at": row.created_at,
                    "bytes": row.bytes,
                }
                for row in going
            ],
        )
        await self._tx.execute(
            delete(MemoryRow).where(among(MemoryRow.id, ids)).execution_options(synchronize_session=False)
        )
        return ids

    async def _needed(self, ids: Sequence[UUID]) -> set[UUID]:
        """Those that have superseded something that does not go: it would hold again."""
        needed: set[UUID] = set()
        while True:
            going = [memory_id for memory_id in ids if memory_id not in needed]
            stays = select(MemoryRow.superseded_by).where(
                among(MemoryRow.superseded_by, going), ~among(MemoryRow.id, going)
            )
            more = {memory_id for memory_id in await self._tx.scalars(stays) if memory_id is not None}
            if not more:
                return needed
            needed |= more

    async def _messages(self, episodes: Sequence[UUID]) -> dict[UUID, bool]:
        """By episode, whether its message could be held; those without one are missing."""
        sources = (
            await self._tx.execute(
                select(MemorySource.memory_id, MemorySource.message_id).where(among(MemorySource.memory_id, episodes))
            )
        ).all()
        held = set(
            await self._tx.scalars(
                select(Message.id)
                .where(among(Message.id, {row.message_id for row in sources}))
                .order_by(Message.id)
                .with_for_update(key_share=True, skip_locked=True)
            )
        )
        return {row.memory_id: row.message_id in held for row in sources}

    async def _retire(self, memory_ids: Sequence[UUID]) -> None:
        sources = (
            select(MemorySource.message_id)
            .join(MemoryRow, MemoryRow.id == MemorySource.memory_id)
            .where(among(MemoryRow.id, memory_ids), MemoryRow.kind == MemoryKind.EPISODE)
        )
        await self._tx.execute(
            update(Message)
            .where(Message.id.in_(sources.scalar_subquery()))
            .values(retired_at=func.now())
            .execution_options(synchronize_session=False)
        )

    # --- what left

    async def departed(self, user_id: UUID, runs: int) -> list[Departed]:
        """The last runs in which something left, the newest first."""
        last = (
            await self._tx.scalars(
                select(Departure.at)
                .where(Departure.user_id == user_id)
                .group_by(Departure.at)
                .order_by(Departure.at.desc())
                .limit(runs)
            )
        ).all()
        told = []
        for at in last:
            of_run = (Departure.user_id == user_id, Departure.at == at)
            run = Departed(utc(at))
            counts = await self._tx.execute(
                select(Departure.kind, Departure.reason, func.count().label("count"), func.sum(Departure.bytes))
                .where(*of_run)
                .group_by(Departure.kind, Departure.reason)
            )
            for kind, reason, count, size in counts:
                run.count, run.bytes = run.count + count, run.bytes + int(size)
                run.kinds[kind] += count
                run.reasons[reason] += count
            items = select(Departure).where(*of_run).order_by(Departure.created_at, Departure.memory_id).limit(ITEMS)
            run.items = list(await self._tx.scalars(items))
            told.append(run)
        return told

    async def forget_departed(self, before: datetime) -> None:
        """Of all users."""
        await self._tx.execute(delete(Departure).where(Departure.at < before))


def _joined(parts: Sequence[Held]) -> Held:
    """The parts of one message as one, as useful as its best part."""
    if len(parts) == 1:
        return parts[0]
    recalled = [part.last_recalled_at for part in parts if part.last_recalled_at is not None]
    return Held(
        ids=tuple(part_id for part in parts for part_id in part.ids),
        kind=parts[0].kind,
        created_at=parts[0].created_at,
        bytes=sum(part.bytes for part in parts),
        recalled=max(part.recalled for part in parts),
        last_recalled_at=max(recalled, default=None),
        confirmed=max(part.confirmed for part in parts),
        pinned=any(part.pinned for part in parts),
    )
