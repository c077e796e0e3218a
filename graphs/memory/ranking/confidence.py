"""How sure it is that memory holds what is asked: what a memory's score is told on, and what the gate goes by."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from graphs.memory.index import Candidate
from graphs.memory.ranking.neighbours import place_of
from graphs.memory.ranking.question import Question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind, Recalled

COVERED = 0.8
"""What holding all words of the question counts beside a cosine similarity of 1."""


def confidence(
    question: Question, memories: Sequence[Memory], candidates: Mapping[UUID, Candidate], said: Said
) -> float:
    """0 to 1: how well the best of the memories matches the question by itself. Comparable between questions.

    Where the question names a person, what others said best is taken off: "what is Ann's dog called?" is not answered
    by Ben's dog, however well it matches.
    """
    # A digest has words of a whole day, and so of many questions that nothing in it answers.
    single = [memory for memory in memories if memory.kind is not MemoryKind.DIGEST] or memories
    matches = [(memory, _match(question, memory, candidates.get(memory.id), said)) for memory in single]
    right = max((match for memory, match in matches if not _of_another(memory, question)), default=0.0)
    wrong = max((match for memory, match in matches if _of_another(memory, question)), default=right)
    best = right + min(right - wrong, 0.0)
    return min(max(best / (1 + COVERED), 0.0), 1.0)


def rated(items: Sequence[Recalled], sure: float) -> list[Recalled]:
    """The items with scores that people can read: the best has the confidence itself, the others their part of it."""
    top = max((item.score for item in items), default=0.0)
    if top <= 0:
        return [Recalled(item.memory, 0.0) for item in items]
    return [Recalled(item.memory, round(sure * max(item.score, 0.0) / top, 4)) for item in items]


def bearing(
    candidates: Mapping[UUID, Candidate], items: Sequence[Recalled], bound: float, ranking: Ranking
) -> frozenset[UUID]:
    """Those of the items that bear on the question: near enough in meaning, or less near and with words in common.

    What only words found, and meaning did not among its best, passes: there are names that no embedder knows. So does
    what stands right beside one that passes by itself, and was ranked among the items for that.
    """
    by_itself = {item.memory.id for item in items if _near_enough(candidates.get(item.memory.id), bound, ranking)}
    places = {place_of(item.memory) for item in items if item.memory.id in by_itself}
    beside = {(session, seq + step) for session, seq in filter(None, places) for step in (-1, 1)}
    lent = ranking.beside or ranking.chat_beside
    return frozenset(by_itself | {item.memory.id for item in items if lent and place_of(item.memory) in beside})


def akin(
    candidates: Mapping[UUID, Candidate], items: Sequence[Recalled], bound: float, ranking: Ranking
) -> frozenset[UUID]:
    """Those of the items that have anything in common with the question: a word, or as much of its meaning as is asked
    of what shares a word. Where memory holds little, the others are among the best for want of better ones."""
    found = [(item.memory.id, candidates.get(item.memory.id)) for item in items]
    return frozenset(key for key, candidate in found if candidate is not None and _shares(candidate, bound, ranking))


def _shares(candidate: Candidate, bound: float, ranking: Ranking) -> bool:
    near = candidate.dense is not None and candidate.dense >= bound * ranking.words_relax
    return near or candidate.sparse is not None


def _near_enough(candidate: Candidate | None, bound: float, ranking: Ranking) -> bool:
    if candidate is None:
        return False
    return candidate.dense is None or candidate.dense >= (
        bound if candidate.sparse is None else bound * ranking.words_relax
    )


def _match(question: Question, memory: Memory, candidate: Candidate | None, said: Said) -> float:
    words = said.words(memory)
    covered = sum(word in words for word in question.words) / len(question.words) if question.words else 0.0
    near = candidate.dense if candidate is not None and candidate.dense is not None else 0.0
    return near + COVERED * covered


def _of_another(memory: Memory, question: Question) -> bool:
    """Whether somebody said it whom the question, which names people, does not name."""
    if not question.people or memory.kind is not MemoryKind.EPISODE:
        return False
    return memory.speaker is not None and memory.speaker not in question.people
