"""From candidates to the best memories: fuse both sides' scores, weigh, and drop what repeats.

Nothing here asks a server; each step takes and gives plain values, so that a better one can take its place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Literal
from uuid import UUID

from graphs.memory.index import Candidate
from graphs.memory.records import Memory, Recalled
from graphs.memory.stem import stem_query, stem_text

SAME_QUESTION = 0.8
"""Share of telling words in common from which two questions ask the same."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How memories are ranked."""

    fusion: Literal["rrf", "z"] = "rrf"
    rrf_k: int = 60
    """Reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, 2009)."""
    sparse_weight: float = 0.5
    """What a standard deviation of BM25 counts beside one of cosine similarity, under `z`."""
    assistant: float = 0.9
    """Factor for what the assistant said: long answers have many chances to match."""
    question: float = 0.85
    """Factor for an earlier message that only asks."""
    same_question: float = 0.5
    """Factor for an earlier message that asks what is asked now: it holds the words and not the answer."""
    words_relax: float = 0.6
    """Factor for the bound of relevance where telling words of the question are in the memory."""
    near_duplicate: float = 0.9
    """Share of words in common from which of two memories only the better is kept."""


def fuse(candidates: Sequence[Candidate], ranking: Ranking) -> dict[UUID, float]:
    """One score by id, above 0, higher is nearer."""
    dense = {candidate.id: candidate.dense for candidate in candidates if candidate.dense is not None}
    sparse = {candidate.id: candidate.sparse for candidate in candidates if candidate.sparse is not None}
    if ranking.fusion == "rrf":
        return _add(_reciprocal(dense, ranking.rrf_k), _reciprocal(sparse, ranking.rrf_k))
    every = {**dense, **sparse}
    return _above_zero(
        _add(
            _standard(dense, every, min(dense.values(), default=0.0)),
            _standard(sparse, every, 0.0, ranking.sparse_weight),
        )
    )


def rank(
    question: str, memories: Sequence[Memory], scores: Mapping[UUID, float], k: int, ranking: Ranking
) -> list[Recalled]:
    """The `k` best, best first: weighed, one part of a message at the most, and without near-duplicates."""
    asked = set(stem_query(question).split())
    weighed = [Recalled(memory, scores[memory.id] * _weight(memory, asked, ranking)) for memory in memories]
    # On equal scores the newer comes first, and then the id: an order that no run changes.
    weighed.sort(key=lambda item: (-item.score, -item.memory.created_at.timestamp(), item.memory.id.int))
    best: list[Recalled] = []
    messages: set[UUID] = set()
    words: list[set[str]] = []
    for item in weighed:
        if len(best) == k:
            break
        message = item.memory.sources[0].message_id if item.memory.sources else item.memory.id
        said = set(stem_text(item.memory.text).split())
        if message in messages or any(_overlap(said, other) >= ranking.near_duplicate for other in words):
            continue
        best.append(item)
        messages.add(message)
        words.append(said)
    return best


def relevant(candidates: Sequence[Candidate], bound: float, ranking: Ranking) -> frozenset[UUID]:
    """Those that bear on the question: near enough in meaning, or less near and with words in common.

    What only words found, and meaning did not among its best, passes: there are names that no embedder knows.
    """
    return frozenset(
        candidate.id
        for candidate in candidates
        if candidate.dense is None
        or candidate.dense >= (bound if candidate.sparse is None else bound * ranking.words_relax)
    )


def only_asks(text: str) -> bool:
    """Whether a text is questions and nothing else."""
    parts = [part for part in re.split(r"(?<=[.!?。！？؟;])\s*|\n+", text.strip()) if part.strip()]  # noqa: RUF001
    return bool(parts) and all(part.rstrip("\"'”»)* ").endswith(("?", "？", "؟")) for part in parts)  # noqa: RUF001


def asks_the_same(question: str, text: str) -> bool:
    """Whether a text only asks what the question asks, give or take a word."""
    return (
        only_asks(text) and _overlap(set(stem_query(question).split()), set(stem_query(text).split())) >= SAME_QUESTION
    )


def _weight(memory: Memory, asked: set[str], ranking: Ranking) -> float:
    weight = ranking.assistant if memory.role == "assistant" else 1.0
    if only_asks(memory.text):
        same = _overlap(asked, set(stem_query(memory.text).split())) >= SAME_QUESTION
        weight *= ranking.same_question if same else ranking.question
    return weight


def _overlap(one: set[str], other: set[str]) -> float:
    """Words in common of all words of both (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _reciprocal(scores: Mapping[UUID, float], constant: int) -> dict[UUID, float]:
    ordered = sorted(scores, key=lambda key: (-scores[key], key.int))
    return {key: 1 / (constant + place) for place, key in enumerate(ordered, start=1)}


def _standard(
    scores: Mapping[UUID, float], keys: Mapping[UUID, float], missing: float, weight: float = 1.0
) -> dict[UUID, float]:
    """Standard scores; what the side did not find has the score `missing`."""
    if not scores:
        return {}
    mean, spread = fmean(scores.values()), pstdev(scores.values()) or 1.0
    return {key: weight * (scores.get(key, missing) - mean) / spread for key in keys}


def _above_zero(scores: dict[UUID, float]) -> dict[UUID, float]:
    lowest = min(scores.values(), default=0.0)
    return {key: score - lowest + 1.0 for key, score in scores.items()}


def _add(one: Mapping[UUID, float], other: Mapping[UUID, float]) -> dict[UUID, float]:
    return {key: one.get(key, 0.0) + other.get(key, 0.0) for key in {**one, **other}}
