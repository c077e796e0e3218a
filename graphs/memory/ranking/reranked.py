"""The best in another order: what they scored by themselves mixed with what a reranker makes of them."""

from collections.abc import Sequence

from graphs.memory.index import Vector
from graphs.memory.records import Recalled


def mixed(items: Sequence[Recalled], chances: Vector, weight: float) -> list[Recalled]:
    """The items anew, best first. `chances`: of the first so many, 0 to 1; `weight`: of those beside the items' own
    shares of the best's score, 0 to 1.

    A reranker that takes nothing for an answer leaves the order as it is: chances are mixed in as they are, not
    stretched over their range. The best has the score that the best had, since how sure it is that anything fits is not
    the reranker's to say.
    """
    read, rest = items[: len(chances)], items[len(chances) :]
    top = max((item.score for item in read), default=0.0)
    own = [max(item.score, 0.0) / top if top > 0 else 1 - at / len(read) for at, item in enumerate(read)]
    mixes = [(1 - weight) * share + weight * float(chance) for share, chance in zip(own, chances, strict=True)]
    best = max(mixes, default=0.0) or 1.0
    order = sorted(range(len(read)), key=lambda at: (-mixes[at], at))
    found = [Recalled(read[at].memory, round(top * mixes[at] / best, 4)) for at in order]
    lowest = found[-1].score if found else 0.0
    return [*found, *(Recalled(item.memory, min(item.score, lowest)) for item in rest)]
