"""A word that is looked up, as one types it into a search field: what holds it comes before what only resembles it."""

from collections.abc import Mapping
from uuid import UUID

from graphs.memory.index import Candidate
from graphs.memory.ranking.asking import ends_asking
from graphs.memory.ranking.question import Question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import LOOKED_UP_WORDS
from graphs.memory.records import Memory, MemoryKind
from graphs.memory.stem import tokenise


def looks_up(question: Question) -> bool:
    """Whether a question is a few words that are looked for themselves: a name, a number, "tax return"."""
    if not question.words or question.context or ends_asking(question.text):
        return False
    return len(tokenise(question.text)) <= LOOKED_UP_WORDS


class LookedUp:
    """Tells which memories hold every word that is looked up."""

    def __init__(self, question: Question, candidates: Mapping[UUID, Candidate], said: Said) -> None:
        self._words = frozenset(question.words) if looks_up(question) else frozenset()
        self._candidates = candidates
        self._said = said

    def may_hold(self, memory: Memory) -> bool:
        """Whether it may, told without reading it: word search found it. A day's digest does not count: it repeats
        what the messages hold."""
        if not self._words or memory.kind is MemoryKind.DIGEST:
            return False
        candidate = self._candidates.get(memory.id)
        return candidate is not None and candidate.sparse is not None

    def holds(self, memory: Memory) -> bool:
        """Whether it holds all of them."""
        return self.may_hold(memory) and self._words <= self._said.words(memory)
