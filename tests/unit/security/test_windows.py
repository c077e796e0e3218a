"""What is counted in one process: exactly, of each name by itself, and in bounded room."""

import pytest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from app.security import windows
from app.security.windows import InProcess, Left, Windows
from tests.support.clock import Clock

FIVE = RateLimitItemPerMinute(5, namespace="five")


async def test_so_many_a_minute_whenever_it_begins(clock: Clock) -> None:
    made = Windows()
    assert await made.left(FIVE, "ada") == Left(limit=5, left=5, window=60, more_in=0.0)
    for _ in range(5):
        assert await made.hit(FIVE, "ada")
        clock.now += 10
    assert await made.left(FIVE, "ada") == Left(limit=5, left=0, window=60, more_in=10.0)
    assert not await made.hit(FIVE, "ada")
    assert await made.hit(FIVE, "bob"), "each by itself"
    clock.now += 10.1
    assert await made.hit(FIVE, "ada"), "the oldest counts no more, and what was refused never did"
    assert not await made.hit(FIVE, "ada")


async def test_several_at_once_are_taken_all_or_none(clock: Clock) -> None:
    made = Windows()
    assert await made.hit(FIVE, "ada", cost=3)
    assert not await made.hit(FIVE, "ada", cost=3)
    assert (await made.left(FIVE, "ada")).left == 2
    assert await made.hit(FIVE, "ada", cost=2)


async def test_what_counts_no_more_is_dropped(clock: Clock) -> None:
    kept = InProcess()
    for number in range(2_000):
        clock.now += 1
        await kept.acquire_entry(f"name {number}", 5, FIVE.get_expiry())
        await kept.acquire_entry(f"name {number}", 5, RateLimitItemPerHour(5).get_expiry() // 4)
    assert len(kept) <= 60 + 900 + 4


async def test_there_is_an_end_to_names(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "NAMES_AT_MOST", 50)
    kept = InProcess()
    for number in range(500):
        await kept.acquire_entry(f"name {number}", 1, 60)
    assert len(kept) <= 50
    assert not await kept.acquire_entry("name 499", 1, 60), "of those that came last"
