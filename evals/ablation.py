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
    Step("word search", {"words": 0.0}),
    Step("shares (RRF in place of them)", {"fusion": "rrf"}),
    Step("the second look", {"sentence": 0.0}),
    Step("neighbours", {"beside": 0.0, "beyond": 0.0, "chat_beside": 0.0, "chat_beyond": 0.0}),
    Step("neighbours read in", {"neighbours_of": 0}),
    Step("names out of what is embedded", {"names": False}),
    Step("the person asked about", {"person": 0.0}),
    Step("the user's own words", {"user": 0.0}),
    Step("the assistant's where asked for", {"assistant": 0.0}),
    Step("time words", {"period": 0.0}),
    Step("before and after an event", {"anchor": 0.0}),
    Step("less for filler", {"filler": 0.0}),
    Step("less for questions", {"asks": 0.0, "same_question": 0.0}),
    Step("newer first", {"newer": 0.0}),
    Step("words that are looked up", {"looked_up": 0.0}),
    Step("several sessions", {"crowd": 0.0}),
    Step("near-duplicates dropped", {"near_duplicate": 2.0}),
)
"""A new step of the ranking goes in here, with the value at which it does nothing."""
