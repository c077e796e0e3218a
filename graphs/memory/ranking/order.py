"""The best, in order: each message once, nothing twice, and not all from one session where several things are asked."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from itertools import islice
from uuid import UUID

from graphs.memory.ranking.asking import overlap
from graphs.memory.ranking.neighbours import Place, place_of
from graphs.memory.ranking.question import Question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, Recalled

LOOK_AHEAD = 3
"""How many times the wanted number is looked through where crowding counts."""


Scored = tuple[Memory, float]


def best_first(
    memories: Iterable[Memory], score: Callable[[Memory], float], at_most: Callable[[Memory], float]
) -> Iterator[Scored]:
    """The memories with their scores, best first. `at_most`: what the score is certainly not above, found faster: a
    memory is scored when nothing that comes before it can be left, and most are never scored."""
    # On equal scores the newer comes first, and then the id: an order that no run changes. What is not scored yet
    # comes before what is, since it may have as much.
    heap = [(-at_most(memory), False, -memory.created_at.timestamp(), memory.id.int, memory) for memory in memories]
    heapify(heap)
    while heap:
        best, scored, newer, number, memory = heap[0]
        if scored:
            heappop(heap)
            yield memory, -best
        else:
            heapreplace(heap, (-score(memory), True, newer, number, memory))


def choose(ranked: Iterator[Scored], k: int, question: Question, said: Said, ranking: Ranking) -> list[Recalled]:
    """The `k` best, best first, of memories that come best first."""
    crowd = ranking.crowd if question.several else 0.0
    ahead = LOOK_AHEAD * k if crowd else 1
    left = list(islice(ranked, ahead))
    chosen: list[Recalled] = []
    sessions: Counter[UUID | None] = Counter()
    seen = _Seen(said, ranking.near_duplicate)
    while left and len(chosen) < k:
        memory, score = left.pop(_next(left, sessions, crowd))
        left += islice(ranked, 1)
        if seen.has(memory):
            continue
        chosen.append(Recalled(memory, score - crowd * sessions[memory.session_id]))
        sessions[memory.session_id] += 1
    return chosen


def _next(left: Sequence[Scored], sessions: Counter[UUID | None], crowd: float) -> int:
    """Where the next best stands."""
    if not crowd:
        return 0
    return max(range(len(left)), key=lambda at: (left[at][1] - crowd * sessions[left[at][0].session_id], -at))


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
