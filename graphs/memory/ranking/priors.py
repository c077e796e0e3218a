"""What speaks for a memory beside how near it is: who said it, when, in what form, and how it has served."""

import math
from dataclasses import dataclass
from datetime import datetime

from graphs.memory.chunking import estimate_tokens
from graphs.memory.ranking.asking import ends_asking, only_asks, same_question
from graphs.memory.ranking.question import Question
from graphs.memory.ranking.weights import FULL_LENGTH, MOST_RECALLED, Ranking
from graphs.memory.records import Memory, MemoryKind
from graphs.memory.times import meet, times

FULL_CHARACTERS = 8 * FULL_LENGTH
"""From here on a text is not counted word by word: it has more than enough of them."""


@dataclass(frozen=True, slots=True)
class Priors:
    """What is added to the scores of the candidates, in shares. `oldest`, `newest`: of them."""

    question: Question
    ranking: Ranking
    oldest: datetime
    newest: datetime

    def of(self, memory: Memory) -> float:
        """What is added to this one's."""
        return self._sum(memory, _when(memory, self.question, self.ranking), _form(memory, self.question, self.ranking))

    def at_most(self, memory: Memory) -> float:
        """What that is certainly not above. Its text is not read, which is most of the work."""
        # Summed up in the same order, so that rounding cannot put it below. What is taken for its form takes at least
        # nothing.
        return self._sum(memory, max(self.ranking.period, 0.0) if self.question.when else 0.0, 0.0)

    def _sum(self, memory: Memory, when: float, form: float) -> float:
        return (
            _who(memory, self.question, self.ranking)
            + when
            + form
            + _use(memory, self.ranking)
            + _recency(memory, self.ranking, self.oldest, self.newest)
        )


def _who(memory: Memory, question: Question, ranking: Ranking) -> float:
    if memory.kind is not MemoryKind.EPISODE:
        # Facts and digests are about the user.
        return ranking.user + (ranking.fact if memory.kind is MemoryKind.FACT else ranking.digest)
    if memory.speaker:
        # A question that names both asks for neither in particular.
        return ranking.person if question.people == {memory.speaker} else 0.0
    if memory.role == question.about:
        return ranking.user if question.about == "user" else ranking.assistant
    return 0.0


def _when(memory: Memory, question: Question, ranking: Ranking) -> float:
    if not question.when or not ranking.period:
        return 0.0
    day = memory.created_at.date()
    if any(when.holds(day) for when in question.when):
        return ranking.period
    spoken_of = times(memory.text, day)
    return ranking.period if any(meet(one, other) for one in question.when for other in spoken_of) else 0.0


def _form(memory: Memory, question: Question, ranking: Ranking) -> float:
    if memory.kind is not MemoryKind.EPISODE:
        return 0.0
    length = estimate_tokens(memory.text) if len(memory.text) < FULL_CHARACTERS else FULL_LENGTH
    score = -ranking.filler * math.log2(FULL_LENGTH / max(length, 1)) if length < FULL_LENGTH else 0.0
    # Between people a question is answered by the other one; to an assistant people ask in one breath with what they
    # tell ("I eat no nuts, what can I bake?").
    if (memory.speaker and ends_asking(memory.text)) or only_asks(memory.text):
        score -= ranking.same_question if same_question(question.text, memory.text) else ranking.asks
    return score


def _use(memory: Memory, ranking: Ranking) -> float:
    times_recalled = min(memory.recalled, MOST_RECALLED)
    return (ranking.pinned if memory.pinned else 0.0) + ranking.recalled * math.log2(1 + times_recalled)


def _recency(memory: Memory, ranking: Ranking, oldest: datetime, newest: datetime) -> float:
    """What is true of the user changes, and the later word holds; what two people told each other is told."""
    if memory.speaker:
        return 0.0
    span = (newest - oldest).total_seconds()
    return ranking.newer * (memory.created_at - oldest).total_seconds() / span if span > 0 else 0.0
