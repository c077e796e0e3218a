"""Passwords: hashed so that they are slow to guess, checked as slowly for nobody, in bounded numbers."""

import asyncio
import time
import unicodedata

import pytest
from argon2 import PasswordHasher

from app.errors import InvalidRequest, TooManyAttempts
from app.security import passwords as module
from app.security.passwords import LONGEST, SHORTEST, Passwords, Verdict, require_good

WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GOOD = "correct horse battery"


async def test_what_is_kept_is_argon2_and_says_nothing() -> None:
    made = Passwords()
    kept = await made.hash(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert kept != await made.hash(GOOD)
    assert (await made.check(GOOD, kept)) == Verdict(True)
    assert not (await made.check(f"{GOOD}!", kept)).right


async def test_nobody_has_no_password() -> None:
    made = Passwords(WEAK)
    for tried in (GOOD, "", "\x00", "x" * 1_000):
        assert not (await made.check(tried, None)).right
        assert not (await made.check(tried, "no hash at all")).right


async def test_nobody_takes_as_long_as_somebody() -> None:
    """As long as the slow part is gone through in both: 50 times what anything else here takes."""
    made = Passwords()
    kept = await made.hash(GOOD)
    took = []
    for each in (kept, None):
        began = time.process_time()
        for _ in range(5):
            await made.check("not the one", each)
        took.append(time.process_time() - began)
    assert 0.4 < took[1] / took[0] < 2.5


async def test_a_hash_that_is_out_of_date_is_made_anew() -> None:
    old = WEAK.hash(GOOD)
    verdict = await Passwords().check(GOOD, old)
    assert verdict.right
    assert verdict.anew is not None
    assert verdict.anew.startswith("$argon2id$v=19$m=65536")
    assert (await Passwords().check("wrong", old)).anew is None


async def test_a_password_is_the_same_however_a_keyboard_writes_it() -> None:
    made = Passwords(WEAK)
    kept = await made.hash(unicodedata.normalize("NFC", "Übergröße im Café"))
    assert (await made.check(unicodedata.normalize("NFD", "Übergröße im Café"), kept)).right


async def test_few_at_once_and_the_loop_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAITING", 4)
    made = Passwords()
    longest, last = 0.0, time.perf_counter()

    async def tick() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    ticking = asyncio.create_task(tick())
    done = await asyncio.gather(*(made.hash(GOOD) for _ in range(6)), return_exceptions=True)
    ticking.cancel()
    assert [type(each) for each in done].count(TooManyAttempts) == 2
    assert longest < 0.5
    assert (await made.check(GOOD, await made.hash(GOOD))).right, "there is room again"


@pytest.mark.parametrize(
    "password",
    ["x" * (SHORTEST - 1), "xy" * LONGEST, "aaaaaaaaaaaa", "ababababab", "roberta123", "ROBERTA12345678"],
)
def test_what_is_not_to_be_chosen(password: str) -> None:
    with pytest.raises(InvalidRequest):
        require_good(password, "roberta")


@pytest.mark.parametrize(
    "password", ["ten chars!", "correct horse battery staple", "パスワードは長いほど", "roberta likes tea and rain"]
)
def test_length_is_enough(password: str) -> None:
    require_good(password, "roberta")
