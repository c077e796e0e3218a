"""Memocha with single steps of its ranking switched off, to see what each one brings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphs.memory.ranking.weights import Ranking


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ranking."""

    name: str
    """What tables call it: the step that is missing."""
    off: Mapping[str, Any]
    """Fields of `Ranking` with the values at which the step does nothing."""

    def without(self, ranking: Ranking) -> Ranking:
        """The ranking without this step."""
        return replace(ranking, **self.off)


STEPS = (
    Step("less for the assistant", {"assistant": 1.0}),
    Step("less for questions", {"question": 1.0, "same_question": 1.0}),
    Step("near-duplicates dropped", {"near_duplicate": 2.0}),
)
"""A new step of the ranking goes in here, with the value at which it does nothing."""
