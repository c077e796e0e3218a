"""What leaves a memory that is over its limits: the least useful first."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from graphs.memory.records import MemoryKind

HALF_LIFE = 90.0
"""Days without use in which a memory becomes half as useful. A choice, not a measurement."""
WORTH = {MemoryKind.EPISODE: 1.0, MemoryKind.DIGEST: 4.0, MemoryKind.FACT: 16.0}
"""What one of the kind is worth beside an episode of the same age and use: a fact is what many episodes come to."""
LONGER = {MemoryKind.EPISODE: 1, MemoryKind.DIGEST: 2, MemoryKind.FACT: 4}
"""How many times the days of the policy each kind may be old."""


class Reason(StrEnum):
    """Why a memory left."""

    AGE = "age"
    COUNT = "count"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class Policy:
    """How much is kept of each user; 0 for no limit."""

    memories: int = 0
    days: int = 0
    """Age at which an episode leaves; digests and facts stay longer (`LONGER`)."""
    bytes: int = 0
    """Of the memories' texts in UTF-8, together."""

    def __bool__(self) -> bool:
        return bool(self.memories or self.days or self.bytes)

    def stricter(self, memories: int | None, days: int | None) -> "Policy":
        """This one with a user's own limits (None: they have none), which can only be narrower."""
        return replace(self, memories=_narrower(self.memories, memories), days=_narrower(self.days, days))

    def looser(self, other: "Policy") -> "Policy":
        """Of each limit the one that keeps more."""
        pairs = ((self.memories, other.memories), (self.days, other.days), (self.bytes, other.bytes))
        return Policy(*(max(pair) if all(pair) else 0 for pair in pairs))

    def oldest(self, kind: MemoryKind, now: datetime) -> datetime | None:
        """When a memory of that kind must have been said at the earliest."""
        return now - timedelta(days=self.days * LONGER[kind]) if self.days else None


@dataclass(frozen=True, slots=True)
class Held:
    """What stays or leaves as one: a fact, a digest, or all parts of one message."""

    ids: tuple[UUID, ...]
    kind: MemoryKind
    created_at: datetime
    bytes: int
    recalled: int = 0
    """How many answers were given it."""
    last_recalled_at: datetime | None = None
    confirmed: int = 0
    """How many more messages said the same."""
    superseded_by: UUID | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Leaving:
    """One that leaves."""

    held: Held
    reason: Reason


def _narrower(limit: int, own: int | None) -> int:
    return min(limit or own, own) if own else limit


def usefulness(held: Held, now: datetime) -> float:
    """In doublings: each half-life without use takes one, each doubling of how often it was recalled or confirmed gives
    one. What has been superseded has none at all."""
    if held.superseded_by is not None:
        return -math.inf
    used_at = max(held.created_at, held.last_recalled_at or held.created_at)
    idle = max((now - used_at).total_seconds(), 0.0) / timedelta(days=1).total_seconds()
    return math.log2(WORTH[held.kind]) + math.log2(1 + held.recalled) + math.log2(1 + held.confirmed) - idle / HALF_LIFE


def leaving(memories: Sequence[Held], policy: Policy, now: datetime) -> list[Leaving]:
    """Those of one user's memories that leave, the least useful first. Pinned ones stay, and with them what has
    superseded them, or they would hold again. May leave more behind than the policy has room for, where that is
    pinned."""
    stays = _kept(memories)
    free = sorted(
        (held for held in memories if not stays.intersection(held.ids)),
        # Of equals the older first, and then by id: an order that no run changes.
        key=lambda held: (usefulness(held, now), held.created_at, held.ids[0].int),
    )
    chosen: dict[UUID, Leaving] = {}
    for held in free:
        oldest = policy.oldest(held.kind, now)
        if oldest is not None and held.created_at < oldest:
            chosen[held.ids[0]] = Leaving(held, Reason.AGE)
    count = sum(len(held.ids) for held in memories if held.ids[0] not in chosen)
    size = sum(held.bytes for held in memories if held.ids[0] not in chosen)
    for held in free:
        over_count = bool(policy.memories) and count > policy.memories
        over_size = bool(policy.bytes) and size > policy.bytes
        if not (over_count or over_size):
            break
        if held.ids[0] not in chosen:
            chosen[held.ids[0]] = Leaving(held, Reason.COUNT if over_count else Reason.SIZE)
            count, size = count - len(held.ids), size - held.bytes
    return _without_heirs(free, chosen)


def next_to_age(memories: Sequence[Held], policy: Policy, now: datetime) -> tuple[Held, datetime] | None:
    """Of those that may leave and are not too old yet the first that will be, and when; None where age is no limit, or
    nothing is left to leave."""
    stays = _kept(memories)
    ages = [
        (held, held.created_at + timedelta(days=policy.days * LONGER[held.kind]))
        for held in memories
        if policy.days and not stays.intersection(held.ids)
    ]
    return min((age for age in ages if age[1] > now), key=lambda age: (age[1], age[0].ids[0].int), default=None)


def _kept(memories: Iterable[Held]) -> set[UUID]:
    """The ids of what is pinned, and of what has superseded it, whatever came in between."""
    after = {memory_id: held.superseded_by for held in memories for memory_id in held.ids}
    kept: set[UUID] = set()
    for held in memories:
        at: UUID | None = held.ids[0] if held.pinned else None
        while at is not None and at not in kept:
            kept.add(at)
            at = after.get(at)
        kept.update(held.ids if held.pinned else ())
    return kept


def _without_heirs(free: Sequence[Held], chosen: dict[UUID, Leaving]) -> list[Leaving]:
    """What has superseded something leaves after it or not at all: the older one would hold again."""
    needed = [held.superseded_by for held in free if held.ids[0] not in chosen and held.superseded_by is not None]
    heirs = {leaving.held.ids[0]: leaving.held.superseded_by for leaving in chosen.values()}
    while needed:
        at: UUID | None = needed.pop()
        while at is not None and at in chosen:
            del chosen[at]
            at = heirs[at]
    return [chosen[held.ids[0]] for held in free if held.ids[0] in chosen]
