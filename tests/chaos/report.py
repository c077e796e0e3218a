"""What a run of the matrix has shown: lines as it goes, a table at the end, and all of it as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from tests.chaos.cells import Cell
from tests.chaos.drill import Outcome

VERDICTS = ("lost", "doubled", "wrong", "hung", "unanswered", "unhealed")
MARKS = ("ready", "first answer", "all answered", "index whole")


@dataclass
class Report:
    """Grows by a cell at a time, and is written after each, so that a run that is stopped has told what it saw."""

    seed: int
    sessions: int
    path: Path | None
    left_out: dict[str, str] = field(default_factory=dict)
    """By cell, why it was not run."""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def turns(self) -> int:
        return sum(outcome.turns for outcome in self.outcomes)

    @property
    def failures(self) -> Counter[str]:
        return Counter(verdict for outcome in self.outcomes for verdict, _ in outcome.failures)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        marks = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.marks.items())
        ended = ", ".join(f"{times} {how}" for how, times in outcome.ended.most_common())
        print(
            f"{'FAILED' if outcome.failures else 'ok    '} {outcome.cell:<22} {outcome.took:5.1f} s  {ended}; {marks}"
        )
        for verdict, what in outcome.failures:
            print(f"       {verdict}: {what}")
        self.write()

    def write(self) -> None:
        if self.path is not None:
            self.path.write_text(json.dumps(self.told(), indent=1, default=list) + "\n")

    def told(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "sessions": self.sessions,
            "cells": len(self.outcomes),
            "turns": self.turns,
            "failures": {verdict: self.failures[verdict] for verdict in VERDICTS},
            "faults": {fault: self._of(fault) for fault in self._faults()},
            "left_out": self.left_out,
            "outcomes": [outcome.told() for outcome in self.outcomes],
        }

    def table(self) -> Iterator[str]:
        """For people, a line a fault."""
        heads = "".join(f"{f'{mark} p50/max':>24}" for mark in MARKS)
        yield f"{'fault':<16} cells turns {heads}  slowest turn  failures"
        for fault in self._faults():
            told = self._of(fault)
            marks = "".join(f"{told[mark]['p50']:14.1f} / {told[mark]['max']:5.1f} s" for mark in MARKS)
            failures = ", ".join(f"{times} {what}" for what, times in told["failures"].items()) or "0"
            yield (
                f"{fault:<16} {told['cells']:5} {told['turns']:5} {marks}  {told['slowest_turn']:10.1f} s  {failures}"
            )
        for cell, why in self.left_out.items():
            yield f"{cell:<22} was left out: {why}"
        failed = sum(bool(outcome.failures) for outcome in self.outcomes)
        counts = ", ".join(f"{self.failures[verdict]} {verdict}" for verdict in VERDICTS)
        yield f"{len(self.outcomes) - failed} cells passed, {failed} failed, {len(self.left_out)} left out"
        yield f"{self.turns:,} turns (seed {self.seed}): {counts}"

    def _faults(self) -> Sequence[str]:
        return list(dict.fromkeys(fault_of(outcome) for outcome in self.outcomes))

    def _of(self, fault: str) -> dict[str, Any]:
        those = [outcome for outcome in self.outcomes if fault_of(outcome) == fault]
        told: dict[str, Any] = {
            "cells": len(those),
            "turns": sum(outcome.turns for outcome in those),
            "failures": Counter(verdict for outcome in those for verdict, _ in outcome.failures),
            "slowest_turn": max(outcome.slowest for outcome in those),
        }
        for mark in MARKS:
            seconds = [outcome.marks[mark] for outcome in those if mark in outcome.marks] or [0.0]
            told[mark] = {"p50": round(median(seconds), 1), "max": max(seconds)}
        return told


def fault_of(outcome: Outcome) -> str:
    target, kind, _ = outcome.cell.split(":")
    return f"{target}:{kind}"


def why_not(cell: Cell, *, disks: bool, redis: bool) -> str | None:
    """Why this machine cannot run the cell; None where it can."""
    if cell.kind == "full" and not disks:
        return "no file system may be mounted here (it takes root on Linux)"
    if cell.target == "redis" and not redis:
        return "there is no redis-server here"
    return None
