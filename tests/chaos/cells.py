"""The matrix: what can go wrong with what, in which phase of a turn."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Target = Literal["postgres", "milvus", "model", "worker", "service", "all", "redis", "disk"]
"""`all`: `memocha up` with everything that it started. `disk`: every file system that holds data."""
Kind = Literal["kill", "pause", "stuck", "asleep", "slow", "cut", "full"]
"""kill: kill -9. pause: SIGSTOP, and SIGCONT seconds later. stuck: SIGSTOP until every turn has ended without it.
asleep: SIGSTOP of the service for longer than its lease, beside another that takes its runs over. slow: latency and
little bandwidth on the wire. cut: connections break in the middle and are refused for a while. full: no space left."""
Phase = Literal["before", "stored", "first", "mid", "done", "idle"]
"""before: as the message is sent. stored: after it was acknowledged, in recall. first: after recall, before the first
token. mid: between two tokens. done: after the answer, while it is indexed. idle: between turns."""

PHASES: tuple[Phase, ...] = get_args(Phase)
KINDS: tuple[Kind, ...] = get_args(Kind)
TARGETS: tuple[Target, ...] = get_args(Target)

MATRIX: dict[tuple[Target, Kind], tuple[Phase, ...]] = {
    **{(target, kind): PHASES for target in ("postgres", "milvus", "model") for kind in ("kill", "pause", "slow", "cut")},
    **{(target, kind): PHASES for target in ("worker", "service", "redis") for kind in ("kill", "pause")},
    # Each of these waits for deadlines to run out, so not in every phase.
    ("postgres", "stuck"): ("before", "mid", "idle"),
    ("milvus", "stuck"): ("before", "stored", "done"),
    ("model", "stuck"): ("before", "first", "mid"),
    ("redis", "stuck"): ("before", "mid"),
    ("service", "asleep"): ("stored", "mid"),
    ("all", "kill"): ("stored", "mid", "done"),
    ("postgres", "full"): ("before", "mid", "idle"),
    ("milvus", "full"): ("before", "done", "idle"),
    ("disk", "full"): PHASES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault in one phase."""

    target: Target
    kind: Kind
    phase: Phase

    @property
    def fault(self) -> str:
        return f"{self.target}:{self.kind}"

    @property
    def name(self) -> str:
        return f"{self.fault}:{self.phase}"

    @property
    def answers(self) -> bool:
        """Whether a turn in the middle of it must be answered all the same."""
        return self.target in ("milvus", "worker", "redis") or self.kind == "slow"

    def dice(self, seed: int, lap: int) -> random.Random:
        """The same chance for the same cell, whatever ran before it."""
        return random.Random(f"{seed} {lap} {self.name}")


def cells(only: str = "") -> Iterator[Cell]:
    """All of them, or those whose name begins as `only` says or has a part of that name."""
    for phase in PHASES:
        for kind in KINDS:
            for target in TARGETS:
                cell = Cell(target, kind, phase)
                if phase not in MATRIX.get((target, kind), ()):
                    continue
                wanted = [each for each in only.split(",") if each]
                if not wanted or any(cell.name.startswith(each) or each in cell.name.split(":") for each in wanted):
                    yield cell
