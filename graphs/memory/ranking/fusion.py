"""One score from two: meaning and words."""

from collections.abc import Mapping, Sequence
from heapq import nlargest
from statistics import fmean, pstdev
from uuid import UUID

from graphs.memory.index import Candidate
from graphs.memory.ranking.weights import Ranking

BEST = 10
"""How many of the best of a side its scale is taken from."""

SHARE_OF_DEVIATION = 0.25
"""What a standard deviation of one side is in shares, so that the other weights mean the same beside both."""


def fuse(candidates: Sequence[Candidate], ranking: Ranking) -> dict[UUID, float]:
    """One score by id, 0 and up, higher is nearer."""
    dense = {candidate.id: candidate.dense for candidate in candidates if candidate.dense is not None}
    sparse = {candidate.id: candidate.sparse for candidate in candidates if candidate.sparse is not None}
    ids = dict.fromkeys(candidate.id for candidate in candidates)
    if ranking.fusion == "rrf":
        ranks = _add(_reciprocal(dense, ranking.rrf_k), _reciprocal(sparse, ranking.rrf_k))
        return _shares(ranks, ids, 0.0)
    scale = _shares if ranking.fusion == "share" else _standard
    # What meaning did not find lies below all that it did; what words did not find has none of them.
    near = scale(dense, ids, min(dense.values(), default=0.0))
    said = scale(sparse, ids, 0.0)
    return _above_zero({key: near[key] + ranking.words * said[key] for key in ids})


def _shares(scores: Mapping[UUID, float], ids: Mapping[UUID, None], missing: float) -> dict[UUID, float]:
    """Scores as shares of the mean of the best: a scale that neither the number of candidates nor that of memories
    moves, as it moves standard scores."""
    best = fmean(nlargest(BEST, scores.values())) if scores else 0.0
    return {key: scores.get(key, missing) / best if best > 0 else 0.0 for key in ids}


def _standard(scores: Mapping[UUID, float], ids: Mapping[UUID, None], missing: float) -> dict[UUID, float]:
    """Standard scores over the candidates, in units about as large as shares."""
    if not scores:
        return dict.fromkeys(ids, 0.0)
    mean, spread = fmean(scores.values()), pstdev(scores.values()) or 1.0
    return {key: SHARE_OF_DEVIATION * (scores.get(key, missing) - mean) / spread for key in ids}


def _reciprocal(scores: Mapping[UUID, float], constant: int) -> dict[UUID, float]:
    ordered = sorted(scores, key=lambda key: (-scores[key], key.int))
    return {key: 1 / (constant + place) for place, key in enumerate(ordered, start=1)}


def _above_zero(scores: dict[UUID, float]) -> dict[UUID, float]:
    lowest = min(scores.values(), default=0.0)
    return {key: score - lowest for key, score in scores.items()}


def _add(one: Mapping[UUID, float], other: Mapping[UUID, float]) -> dict[UUID, float]:
    return {key: one.get(key, 0.0) + other.get(key, 0.0) for key in {**one, **other}}
