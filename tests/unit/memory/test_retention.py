"""What leaves a memory that is over its limits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from graphs.memory.records import MemoryKind
from graphs.memory.retention import Held, Policy, Reason, leaving, usefulness

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def held(kind: MemoryKind = MemoryKind.EPISODE, *, days: float = 10, parts: int = 1, **more: object) -> Held:
    made = Held(tuple(uuid4() for _ in range(parts)), kind, NOW - timedelta(days=days), bytes=100 * parts)
    return replace(made, **more)  # type: ignore[arg-type]


def gone(memories: list[Held], policy: Policy) -> dict[UUID, Reason]:
    return {each.held.ids[0]: each.reason for each in leaving(memories, policy, NOW)}


def test_without_limits_nothing_leaves() -> None:
    assert not Policy()
    assert gone([held(days=9_000) for _ in range(50)], Policy()) == {}


@pytest.mark.parametrize(
    ("more", "less", "why"),
    [
        (held(days=1), held(days=400), "newer"),
        (held(recalled=7), held(), "recalled more often"),
        (held(days=300, recalled=1, last_recalled_at=NOW), held(days=299, recalled=1), "recalled lately"),
        (held(MemoryKind.FACT, confirmed=3), held(MemoryKind.FACT), "said several times"),
        (held(MemoryKind.FACT), held(), "a fact beside an episode"),
        (held(MemoryKind.DIGEST), held(), "a digest beside an episode"),
        (held(MemoryKind.FACT, days=200), held(days=10), "an old fact beside a newer episode"),
        (held(days=4_000), held(MemoryKind.FACT, days=1, superseded_by=uuid4()), "anything beside what is superseded"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_less_useful_leaves_first(more: Held, less: Held, why: str) -> None:
    assert usefulness(more, NOW) > usefulness(less, NOW), why
    assert gone([more, less], Policy(memories=1)) == {less.ids[0]: Reason.COUNT}, why


def test_no_more_leave_than_have_to() -> None:
    memories = [held(days=day) for day in range(1, 31)]
    assert set(gone(memories, Policy(memories=20))) == {each.ids[0] for each in memories[20:]}
    assert len(gone(memories, Policy(bytes=2_550))) == 5
    assert set(gone(memories, Policy(bytes=2_550)).values()) == {Reason.SIZE}


def test_parts_of_a_message_leave_together() -> None:
    long, short = held(days=20, parts=3), held(days=10)
    (left,) = leaving([long, short], Policy(memories=2), NOW)
    assert left.held == long


def test_by_age_digests_and_facts_stay_longer() -> None:
    memories = [held(kind, days=days) for days in (31, 61, 121) for kind in MemoryKind]
    left = gone(memories, Policy(days=30))
    assert set(left.values()) == {Reason.AGE}
    assert [(each.kind.value, (NOW - each.created_at).days) for each in memories if each.ids[0] in left] == [
        ("episode", 31),
        ("episode", 61),
        ("digest", 61),
        ("episode", 121),
        ("fact", 121),
        ("digest", 121),
    ]


def test_what_is_pinned_stays_whatever_the_limits_are() -> None:
    pinned = [held(days=5_000, pinned=True) for _ in range(5)]
    assert gone([*pinned, other := held()], Policy(memories=2, days=30, bytes=1)) == {other.ids[0]: Reason.COUNT}


def test_what_superseded_a_pinned_one_stays_with_it() -> None:
    newest = held(MemoryKind.FACT, days=900)
    middle = held(MemoryKind.FACT, days=950, superseded_by=newest.ids[0])
    oldest = held(MemoryKind.FACT, days=1_000, superseded_by=middle.ids[0], pinned=True)
    assert gone([oldest, middle, newest], Policy(days=10, memories=1)) == {}


def test_a_fact_leaves_no_earlier_than_what_it_has_superseded() -> None:
    newer = held(MemoryKind.FACT, days=500)
    older = held(MemoryKind.FACT, days=30, superseded_by=newer.ids[0])  # imported later, said earlier in the day
    assert gone([older, newer], Policy(days=50)) == {}, "the older one would hold again"
    assert set(gone([older, newer], Policy(days=5))) == {older.ids[0], newer.ids[0]}
