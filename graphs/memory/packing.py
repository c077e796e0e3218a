"""Which memories go into the prompt: as many of the best as fit a budget."""

from collections.abc import Callable, Sequence

from graphs.memory.chunking import sentences
from graphs.memory.records import Recalled
from graphs.memory.stem import stem_query, stem_text

ELLIPSIS = "…"


def pack(
    found: Sequence[Recalled],
    *,
    budget: int,
    length: Callable[[Recalled], int],
    shorten: Callable[[Recalled, int], Recalled | None] | None = None,
) -> list[Recalled]:
    """Of memories, best first, those that fit together, oldest first.

    `budget` and `length` are in tokens. One that does not fit is passed over, so that a long one does not keep out the
    short ones after it; `shorten` may make it fit the tokens that are left, or say that it cannot (None).
    """
    chosen: list[Recalled] = []
    left = budget
    for item in found:
        needed = length(item)
        if needed > left and shorten is not None and (shorter := shorten(item, left)) is not None:
            item, needed = shorter, length(shorter)
        if needed <= left:
            chosen.append(item)
            left -= needed
    return sorted(chosen, key=lambda item: (item.memory.created_at, item.memory.seq, item.memory.chunk))


def excerpt(text: str, question: str, limit: int, count: Callable[[str], int]) -> str | None:
    """The sentences of a text around the one that answers a question best, with an ellipsis where something is left
    out, in at most `limit` tokens as `count` counts them.

    The text itself where it fits; None where no sentence of it does."""
    if count(text) <= limit:
        return text
    parts = sentences(text)
    asked = set(stem_query(question).split())
    matches = [len(asked & set(stem_text(part).split())) for part in parts]
    first = last = max(range(len(parts)), key=lambda at: (matches[at], -at), default=0)
    if not parts or count(_joined(parts, first, last)) > limit:
        return None
    while True:
        # What follows a hit explains it more often than what comes before it, so it is tried first.
        wider = [(first, last + 1), (first - 1, last)]
        fits = [(a, b) for a, b in wider if a >= 0 and b < len(parts) and count(_joined(parts, a, b)) <= limit]
        if not fits:
            return _joined(parts, first, last)
        first, last = fits[0]


def _joined(parts: Sequence[str], first: int, last: int) -> str:
    text = "".join(parts[first : last + 1]).strip()
    before = f"{ELLIPSIS} " if first > 0 else ""
    after = f" {ELLIPSIS}" if last < len(parts) - 1 else ""
    return f"{before}{text}{after}"
