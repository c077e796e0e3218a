"""What would leave a memory, told before it does."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from app.api.me import DaysLimit, MemoriesLimit
from app.api.memories import RetentionPolicy
from app.api.parts import PartsOf
from app.db.limits_in_force import LimitsInForce
from app.db.memories import Memories
from app.db.retention import Retention
from app.db.users import Users
from app.jobs.retention import EVERY_MINUTES, notice, policy
from app.security.identity import UserId, needs
from graphs.memory.records import MemoryKind
from graphs.memory.retention import Held, Policy, Reason, leaving, next_to_age

router = APIRouter(prefix="/api/memories/retention", tags=["memories"], dependencies=[needs("memories:read")])

SHOWN = 20
INSTEAD = "In place of what you have set; with `try=true` null is none."


class WouldLeave(BaseModel):
    """A memory that would leave."""

    id: UUID
    kind: MemoryKind
    reason: Reason
    text: str
    created_at: datetime


class RetentionPreview(BaseModel):
    """What would leave under these limits, and when. Nothing has left for it to be told."""

    policy: RetentionPolicy
    """What would hold: of everyone's limits and those asked for the stricter."""
    memories: int
    bytes: int
    kinds: dict[MemoryKind, int]
    reasons: dict[Reason, int]
    at: datetime | None
    """When the first of them would leave: with the next look, or at the age at which the next one leaves; null where
    none does."""
    items: list[WouldLeave]
    """The first 20 to leave, the least useful first; where none leaves now, the next one to grow too old."""


@router.get("/preview")
async def preview_retention(
    user_id: UserId,
    parts: PartsOf,
    memories: Annotated[MemoriesLimit | None, Query(description=INSTEAD)] = None,
    days: Annotated[DaysLimit | None, Query(description=INSTEAD)] = None,
    trying: Annotated[bool, Query(alias="try", description="With the limits given here, not those set.")] = False,
) -> RetentionPreview:
    """What would leave of your memory: under the limits that hold, or with `try=true` under others of your own. Pinned
    memories stay whatever they are, and nothing leaves while you are being answered."""
    now = datetime.now(UTC)
    async with parts.database.transaction() as tx:
        own = (await Users(tx).limits(user_id))[user_id]
        wanted = (memories, days) if trying else (own.memories, own.days)
        set_here = policy(parts.settings)
        in_force = await LimitsInForce(tx).at(now, set_here, notice(parts.settings))
        kept = set_here.stricter(*wanted)
        held = await Retention(tx).held(user_id) if kept else []
    told = await asyncio.to_thread(_told, held, in_force.policy.stricter(*wanted), now)
    if not told.memories and in_force.coming is not None:
        told = await asyncio.to_thread(_told, held, kept, now)
        told.at = max(told.at, in_force.coming) if told.at is not None else None
    shown = [memory_id for memory_id, _ in told.first]
    async with parts.database.transaction() as tx:
        there = {memory.id: memory for memory in await Memories(tx).get_many(user_id, shown)}
    return RetentionPreview(
        policy=RetentionPolicy.of(kept),
        memories=told.memories,
        bytes=told.bytes,
        kinds=told.kinds,
        reasons=told.reasons,
        at=told.at,
        items=[
            WouldLeave(
                id=memory_id,
                kind=there[memory_id].kind,
                reason=reason,
                text=there[memory_id].text,
                created_at=there[memory_id].created_at,
            )
            for memory_id, reason in told.first
            if memory_id in there
        ],
    )


@dataclass(slots=True)
class _Told:
    memories: int = 0
    bytes: int = 0
    kinds: dict[MemoryKind, int] = field(default_factory=dict)
    reasons: dict[Reason, int] = field(default_factory=dict)
    at: datetime | None = None
    first: list[tuple[UUID, Reason]] = field(default_factory=list)


def _told(held: list[Held], kept: Policy, now: datetime) -> _Told:
    told = _Told()
    for each in leaving(held, kept, now):
        number = len(each.held.ids)
        told.memories += number
        told.bytes += each.held.bytes
        told.kinds[each.held.kind] = told.kinds.get(each.held.kind, 0) + number
        told.reasons[each.reason] = told.reasons.get(each.reason, 0) + number
        if len(told.first) < SHOWN:
            told.first.append((each.held.ids[0], each.reason))
    if told.memories:
        told.at = _next_look(now)
    elif (following := next_to_age(held, kept, now)) is not None:
        oldest, told.at = following
        told.first = [(oldest.ids[0], Reason.AGE)]
    return told


def _next_look(now: datetime) -> datetime:
    """When the job comes by that has memories leave."""
    whole = now.replace(minute=now.minute - now.minute % EVERY_MINUTES, second=0, microsecond=0)
    return whole + timedelta(minutes=EVERY_MINUTES)
