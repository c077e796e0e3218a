"""The best, in order: each message once, nothing twice, and not all from one session where several things are asked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from graphs.memory.ranking.asking import overlap
from graphs.memory.ranking.neighbours import Place, place_of
from graphs.memory.ranking.question import Question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, Recalled

LOOK_AHEAD = 3
"""How many times the wanted number is looked through where crowding counts."""


def choose(
    memories: Sequence[Memory], scores: Mapping[UUID, float], k: int, question: Question, said: Said, ranking: Ranking
) -> list[Recalled]:
    """The `k` best, best first."""
    # On equal scores the newer comes first, and then the id: an order that no run changes.
    left = sorted(memories, key=lambda memory: (-scores[memory.id], -memory.created_at.timestamp(), memory.id.int))
    crowd = ranking.crowd if question.several else 0.0
    chosen: list[Recalled] = []
    sessions: Counter[UUID | None] = Counter()
    seen = _Seen(said, ranking.near_duplicate)
    while left and len(chosen) < k:
        at = _next(left, scores, sessions, crowd, LOOK_AHEAD * k)
        memory = left.pop(at)
        if seen.has(memory):
            continue
        chosen.append(Recalled(memory, scores[memory.id] - crowd * sessions[memory.session_id]))
        sessions[memory.session_id] += 1
    return chosen


def _next(
    left: Sequence[Memory], scores: Mapping[UUID, float], sessions: Counter[UUID | None], crowd: float, ahead: int
) -> int:
    """Where the next best stands."""
    if not crowd:
        return 0
    return max(
        range(min(ahead, len(left))), key=lambda at: (scores[left[at].id] - crowd * sessions[left[at].session_id], -at)
    )


class _Seen:
    """What was chosen: by message, and by words."""

    def __init__(self, said: Said, bound: float) -> None:
        self._said = said
        self._bound = bound
        self._messages: set[Place | UUID] = set()
        self._words: list[frozenset[str]] = []

    def has(self, memory: Memory) -> bool:
        """Whether it repeats what was chosen; notes it where it does not."""
        # A message in parts stands in one place. A fact and the message it came from are two forms of one thing, and
        # both are of use.
        message = place_of(memory) or memory.id
        words = self._said.words(memory)
        if message in self._messages or any(overlap(words, other) >= self._bound for other in self._words):
            return True
        self._messages.add(message)
        self._words.append(words)
        return False
