"""One score from two: meaning and words."""

from collections.abc import Sequence
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
    """One score by id, 0 and up, higher is nearer. Each candidate comes once."""
    dense = [candidate.dense for candidate in candidates]
    sparse = [candidate.sparse for candidate in candidates]
    if ranking.fusion == "rrf":
        ids = [candidate.id for candidate in candidates]
        both = (_reciprocal(dense, ids, ranking.rrf_k), _reciprocal(sparse, ids, ranking.rrf_k))
        fused = _shares([near + said for near, said in zip(*both, strict=True)], 0.0)
    else:
        scale = _shares if ranking.fusion == "share" else _standard
        # What meaning did not find lies below all that it did; what words did not find has none of them.
        lowest = min((score for score in dense if score is not None), default=0.0)
        sides = zip(scale(dense, lowest), scale(sparse, 0.0), strict=True)
        fused = _above_zero([near + ranking.words * said for near, said in sides])
    # By place up to here: an id is slow to look up, and there are a hundred.
    return {candidate.id: score for candidate, score in zip(candidates, fused, strict=True)}


Scores = Sequence[float | None]
"""By place, None where the side did not find it."""


def _shares(scores: Scores, missing: float) -> list[float]:
    """Scores as shares of the mean of the best: a scale that neither the number of candidates nor that of memories
    moves, as it moves standard scores."""
    found = [score for score in scores if score is not None]
    best = fmean(nlargest(BEST, found)) if found else 0.0
    return [(missing if score is None else score) / best if best > 0 else 0.0 for score in scores]


def _standard(scores: Scores, missing: float) -> list[float]:
    """Standard scores over the candidates, in units about as large as shares."""
    found = [score for score in scores if score is not None]
    if not found:
        return [0.0] * len(scores)
    mean, spread = fmean(found), pstdev(found) or 1.0
    return [SHARE_OF_DEVIATION * ((missing if score is None else score) - mean) / spread for score in scores]


def _reciprocal(scores: Scores, ids: Sequence[UUID], constant: int) -> list[float]:
    found = [
        (-score, key.int, at) for at, (score, key) in enumerate(zip(scores, ids, strict=True)) if score is not None
    ]
    ranks = [0.0] * len(scores)
    for place, (_, _, at) in enumerate(sorted(found), start=1):
        ranks[at] = 1 / (constant + place)
    return ranks


def _above_zero(scores: Sequence[float]) -> list[float]:
    lowest = min(scores, default=0.0)
    return [score - lowest for score in scores]
