"""A circuit breaker: what has failed several times in a row is left alone for a while, and then tried by one alone.

    closed ── failures in a row ──> open ── `again_after` ──> half-open (one trial; whoever comes meanwhile is refused)
      ^                              ^ ^                          │ │ │
      │                              │ └────── it failed ─────────┘ │ └── it was given up: the next is the trial
      └──────────── it answered, or a look from beside saw it away and then back

PyBreaker counts and keeps the state. Its own way around an await, `with breaker.calling()`, lets everyone through
while a trial is on its way, and takes a cancelled call for a success; so who may call, and what an end tells, is here.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, NoReturn

import structlog
from pybreaker import (
    STATE_CLOSED,
    STATE_HALF_OPEN,
    STATE_OPEN,
    CircuitBreaker,
    CircuitMemoryStorage,
)

from graphs.errors import MemochaError
from graphs.policies.metrics import BREAKER_OPENINGS, BREAKER_REFUSALS, BREAKER_STATE

log = structlog.get_logger(__name__)

State = Literal["closed", "half-open", "open"]
NUMBERS: Final[dict[State, int]] = {"closed": 0, "half-open": 1, "open": 2}
SOON: Final = 1.0
"""Seconds after which to ask again where a trial is on its way."""


class Verdict(Enum):
    """What the end of a call tells of the dependency."""

    FAULT = "it was away"
    ANSWER = "it answered, if only to refuse"
    NOTHING = "given up from outside, or a fault of ours"


Judge = Callable[[BaseException], Verdict]
Refusal = Callable[[float], MemochaError]
"""The error for a call that is refused, by the seconds until the next is taken."""


@dataclass(frozen=True, slots=True)
class Trip:
    """When a breaker opens, and for how long."""

    failures: int = 3
    """In a row. One may be chance, and each costs somebody a wait."""
    again_after: float = 5.0
    """Seconds from its opening to a trial: what was away for longer is back in use within so long."""


class Breaker:
    """One dependency's breaker. Belongs to one event loop; costs some microseconds a call."""

    def __init__(
        self,
        name: str,
        *,
        judge: Judge,
        refusal: Refusal,
        trip: Trip = Trip(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock`: seconds."""
        self.name = name
        self.trip = trip
        self.told: Callable[[State], None] = _to_nobody
        """Called with `open` or `closed` where this process found out; for who shares it with others."""
        self._judge = judge
        self._refusal = refusal
        self._clock = clock
        self._storage = CircuitMemoryStorage(STATE_CLOSED)
        self._breaker = CircuitBreaker(
            fail_max=trip.failures,
            reset_timeout=trip.again_after,
            state_storage=self._storage,
            name=name,
            throw_new_error_on_trip=False,
        )
        self._due = 0.0
        self._trial: Call | None = None
        self._seen_away = False
        self._show()

    def __repr__(self) -> str:
        return f"Breaker({self.name!r}, {self.state}, {self.trip})"

    @property
    def state(self) -> State:
        """As it is told: `half-open` also where it is open and the next call would be the trial."""
        state = self._storage.state
        return "half-open" if state == STATE_OPEN and self._clock() >= self._due else _known(state)

    @property
    def again_in(self) -> float:
        """Seconds until a call is taken; 0: at once."""
        if self._storage.state == STATE_CLOSED:
            return 0.0
        return SOON if self._trial is not None else max(0.0, self._due - self._clock())

    @contextmanager
    def calling(self) -> "Iterator[Call]":
        """Around one call of the dependency. Raises the refusal, at once, where it is not to be made."""
        call = self._admit()
        try:
            yield call
        except BaseException as error:
            self._settle(call, self._judge(error))
            raise
        self._settle(call, Verdict.ANSWER)

    def looked(self, *, well: bool) -> None:
        """What a look from beside tells while the breaker is not closed. Being well closes it only after such a look
        saw it away: what answers looks may still fail at the real thing."""
        if self._storage.state == STATE_CLOSED:
            return
        if not well:
            self._seen_away = True
        elif self._seen_away:
            self._close()
            self.told("closed")

    def follow(self, state: State, again_in: float) -> None:
        """Do what another process found out; `again_in`: seconds until its trial, where it opened."""
        if state == "closed":
            self._close()
        elif state == "open" and self._trial is None:
            before = self._storage.state
            self._breaker.open()
            self._opened(before, "another process found it away", again_in)

    def answered(self, call: "Call") -> None:
        """See `Call.answered`."""
        if call is self._trial:
            self._settle(call, Verdict.ANSWER)

    def _admit(self) -> "Call":
        call = Call(self)
        if self._storage.state == STATE_CLOSED:
            return call
        if self._trial is not None or self._clock() < self._due:
            BREAKER_REFUSALS.labels(self.name).inc()
            raise self._refusal(self.again_in)
        self._trial = call
        self._breaker.half_open()
        self._show()
        return call

    def _settle(self, call: "Call", verdict: Verdict) -> None:
        was_trial, state = call is self._trial, self._storage.state
        if was_trial:
            self._trial = None
        if state == STATE_HALF_OPEN and was_trial and verdict is Verdict.NOTHING:
            self._storage.state = STATE_OPEN  # Due as it was: the next one is the trial.
            self._show()
        if verdict is Verdict.NOTHING or state == STATE_OPEN or (state == STATE_HALF_OPEN and not was_trial):
            return  # What began before it opened tells nothing new.
        if verdict is Verdict.ANSWER:
            self._breaker.call(_nothing)
        else:
            with suppress(_FaultError):
                self._breaker.call(_fail)
        self._note(state)

    def _note(self, before: str) -> None:
        after = self._storage.state
        if after == STATE_OPEN:
            self._opened(before, "it failed", self.trip.again_after)
            self.told("open")
        elif before != STATE_CLOSED:
            self._closed()
            self.told("closed")

    def _opened(self, before: str, reason: str, again_in: float) -> None:
        self._due = self._clock() + again_in
        if before == STATE_CLOSED:
            self._seen_away = False
            BREAKER_OPENINGS.labels(self.name).inc()
            log.warning("breaker_opened", breaker=self.name, reason=reason, again_in=again_in)
        self._show()

    def _close(self) -> None:
        if self._storage.state != STATE_CLOSED:
            self._breaker.close()
            self._closed()

    def _closed(self) -> None:
        self._trial = None
        log.info("breaker_closed", breaker=self.name)
        self._show()

    def _show(self) -> None:
        BREAKER_STATE.labels(self.name).set(NUMBERS[_known(self._storage.state)])


class Call:
    """One call that was let through."""

    __slots__ = ("_breaker",)

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def answered(self) -> None:
        """The first piece of a long answer is there: where this is the trial it has done well, and nobody waits for its
        end."""
        self._breaker.answered(self)


class _FaultError(Exception):
    """Has PyBreaker count."""


def _fail() -> NoReturn:
    raise _FaultError


def _nothing() -> None:
    """Has PyBreaker begin to count anew."""


def _to_nobody(state: State) -> None:
    """For a breaker that is not shared."""


def _known(state: str) -> State:
    match state:
        case "closed" | "half-open" | "open":
            return state
    raise ValueError(state)
