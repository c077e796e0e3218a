"""When a breaker opens, whom it lets through, and what closes it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from graphs.errors import (
    EmbedderRefused,
    EmbedderUnavailable,
    IndexGone,
    IndexIncomplete,
    IndexMismatch,
    IndexUnavailable,
    MemochaError,
    ModelCredential,
    ModelOverloaded,
    ModelUnavailable,
    ModelUnknown,
    PromptTooLong,
    RerankerRefused,
    RerankerUnavailable,
)
from graphs.policies import verdicts
from graphs.policies.breaker import Breaker, Judge, State, Trip, Verdict


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Refused(MemochaError):
    def __init__(self, again_in: float) -> None:
        super().__init__("refused")
        self.again_in = again_in


class Unused(Exception):
    """Nobody raises it."""


class World:
    def __init__(self, judge: Judge = verdicts.of_model) -> None:
        self.clock = Clock()
        self.breaker = Breaker("tried", judge=judge, refusal=Refused, trip=Trip(3, 5.0), clock=self.clock)
        self.told: list[State] = []
        self.breaker.told = self.told.append

    def call(self, error: BaseException | None = None) -> None:
        """A call that ends in that."""
        with suppress(type(error) if error is not None else Unused), self.breaker.calling():
            if error is not None:
                raise error

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            self.call(ModelUnavailable("away"))

    @property
    def refuses(self) -> float:
        """Seconds that it says."""
        with pytest.raises(Refused) as refused, self.breaker.calling():
            raise AssertionError("let through")
        return refused.value.again_in


def metric(name: str) -> float:
    return REGISTRY.get_sample_value(name, {"name": "tried"}) or 0.0


def test_it_opens_after_so_many_faults_in_a_row_and_not_before() -> None:
    world = World()
    world.fail(2)
    world.call()
    world.fail(2)
    assert world.breaker.state == "closed"
    before, refused = metric("memocha_breaker_openings_total"), metric("memocha_breaker_refusals_total")
    with capture_logs() as logs:
        world.fail()
        world.clock.now += 1
        assert world.refuses == pytest.approx(4.0)
    assert world.breaker.state == "open"
    assert [log["event"] for log in logs] == ["breaker_opened"]
    assert metric("memocha_breaker_openings_total") == before + 1
    assert metric("memocha_breaker_refusals_total") == refused + 1
    assert metric("memocha_breaker_state") == 2
    assert world.told == ["open"]


def test_one_trial_that_does_well_closes_it() -> None:
    world = World()
    world.fail(3)
    world.clock.now += 5
    assert world.breaker.state == "half-open"
    with capture_logs() as logs:
        with world.breaker.calling():
            assert metric("memocha_breaker_state") == 1
            assert world.refuses == 1.0, "while it goes on nobody else is let through"
        world.call()
    assert (world.breaker.state, world.breaker.again_in) == ("closed", 0.0)
    assert metric("memocha_breaker_state") == 0
    assert [log["event"] for log in logs] == ["breaker_closed"]
    assert world.told == ["open", "closed"]
    world.fail(2)
    assert world.breaker.state == "closed", "it counts anew"


def test_a_trial_that_fails_opens_it_again_for_as_long() -> None:
    world = World()
    world.fail(3)
    world.clock.now += 60
    before = metric("memocha_breaker_openings_total")
    with capture_logs() as logs:
        world.fail()
    assert world.refuses == pytest.approx(5.0)
    assert world.told == ["open", "open"], "others wait for longer, too"
    assert logs == [], "it is said once that it is away"
    assert metric("memocha_breaker_openings_total") == before


@pytest.mark.parametrize("end", [asyncio.CancelledError(), GeneratorExit(), KeyError("ours")], ids=repr)
def test_what_is_given_up_tells_nothing(end: BaseException) -> None:
    world = World()
    world.fail(2)
    world.call(end)
    world.fail()
    assert world.breaker.state == "open", "it was no success that would count anew"
    world.clock.now += 5
    world.call(end)
    assert world.breaker.state == "half-open"
    world.call()
    assert world.breaker.state == "closed", "the next one was the trial"


def test_what_began_before_it_opened_changes_nothing_when_it_ends() -> None:
    world = World()
    with suppress(ModelUnavailable), world.breaker.calling():
        with world.breaker.calling():
            world.fail(3)
            world.clock.now += 4
        assert world.breaker.state == "open"
        raise ModelUnavailable("late")
    world.clock.now += 1
    assert world.breaker.state == "half-open", "and it does not stay open for longer"


def test_the_first_piece_of_a_trial_closes_it_and_a_break_off_counts_after_that() -> None:
    world = World()
    world.fail(3)
    world.clock.now += 5
    with suppress(ModelUnavailable), world.breaker.calling() as trial:
        trial.answered()
        assert world.breaker.state == "closed"
        raise ModelUnavailable("broke off")
    world.fail(2)
    assert world.breaker.state == "open"


def test_a_look_from_beside_closes_it_only_where_it_saw_it_away() -> None:
    world = World()
    world.breaker.looked(well=False)
    world.fail(3)
    world.breaker.looked(well=True)
    assert world.breaker.state == "open", "what it was before counts for nothing, and calls failed where looks did not"
    world.breaker.looked(well=False)
    assert world.breaker.state == "open"
    world.breaker.looked(well=True)
    assert world.breaker.state == "closed"
    assert world.told == ["open", "closed"]


def test_it_does_what_others_found_out_and_does_not_tell_them() -> None:
    world = World()
    world.breaker.follow("open", 3.0)
    assert world.refuses == pytest.approx(3.0)
    world.breaker.follow("closed", 0.0)
    world.call()
    assert world.told == []
    world.fail(3)
    world.clock.now += 5
    with world.breaker.calling():
        world.breaker.follow("open", 5.0)
        assert world.breaker.state == "half-open", "its own trial goes on"
    assert world.breaker.state == "closed"


async def test_of_many_at_once_one_is_the_trial() -> None:
    world = World()
    world.fail(3)
    world.clock.now += 5
    go_on, taken, refused = asyncio.Event(), 0, 0

    async def ask() -> None:
        nonlocal taken, refused
        try:
            with world.breaker.calling():
                taken += 1
                await go_on.wait()
        except Refused:
            refused += 1

    asked = [asyncio.create_task(ask()) for _ in range(20)]
    await asyncio.sleep(0)
    assert (taken, refused) == (1, 19)
    # Its user leaves: no trial is left hanging.
    next(task for task in asked if not task.done()).cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    go_on.set()
    await ask()
    assert world.breaker.state == "closed"


FAULT, ANSWER, NOTHING = Verdict.FAULT, Verdict.ANSWER, Verdict.NOTHING
JUDGED: list[tuple[Callable[[BaseException], Verdict], BaseException, Verdict]] = [
    (verdicts.of_model, ModelUnavailable("away"), FAULT),
    (verdicts.of_model, ModelOverloaded("busy"), FAULT),
    (verdicts.of_model, TimeoutError(), FAULT),
    (verdicts.of_model, ModelCredential("a wrong key"), ANSWER),
    (verdicts.of_model, ModelUnknown("no such model"), ANSWER),
    (verdicts.of_model, PromptTooLong("too long"), ANSWER),
    (verdicts.of_model, asyncio.CancelledError(), NOTHING),
    (verdicts.of_model, RuntimeError("ours"), NOTHING),
    (verdicts.of_index, IndexUnavailable("away"), FAULT),
    (verdicts.of_index, IndexGone("answers, and has none"), ANSWER),
    (verdicts.of_index, IndexMismatch("answers, and is another's"), ANSWER),
    (verdicts.of_index, IndexIncomplete("was not asked"), NOTHING),
    (verdicts.of_index, EmbedderUnavailable("was not asked either"), NOTHING),
    (verdicts.of_index, TimeoutError(), NOTHING),
    (verdicts.of_embedder, EmbedderUnavailable("away"), FAULT),
    (verdicts.of_embedder, EmbedderRefused("a wrong key"), ANSWER),
    (verdicts.of_embedder, IndexUnavailable("not of it"), NOTHING),
    (verdicts.of_reranker, RerankerUnavailable("away"), FAULT),
    (verdicts.of_reranker, RerankerRefused("a wrong key"), ANSWER),
    (verdicts.of_reranker, TimeoutError(), FAULT),
    (verdicts.of_reranker, asyncio.CancelledError(), NOTHING),
]


@pytest.mark.parametrize(
    ("judge", "error", "verdict"), JUDGED, ids=[f"{judge.__name__} {error!r}" for judge, error, _ in JUDGED]
)
def test_what_counts(judge: Judge, error: BaseException, verdict: Verdict) -> None:
    assert judge(error) is verdict
