"""Texts that ask rather than tell."""

import re
from collections.abc import Set as AbstractSet

from graphs.memory.ranking.weights import SAME_QUESTION
from graphs.memory.stem import stem_query

_SENTENCE = re.compile(r"(?<=[.!?。！？؟;])\s*|\n+")  # noqa: RUF001
_MARKS = ("?", "？", "؟")  # noqa: RUF001
_CLOSING = "\"'”»)* "


def ends_asking(text: str) -> bool:
    """Whether the last sentence of a text is a question."""
    return text.rstrip().rstrip(_CLOSING).endswith(_MARKS)


def only_asks(text: str) -> bool:
    """Whether a text is questions and nothing else."""
    # Most texts do not even end with a question: to cut them in sentences would cost more than all else of a prior.
    return ends_asking(text) and all(ends_asking(part) for part in _SENTENCE.split(text.strip()) if part.strip())


def same_question(question: str, text: str) -> bool:
    """Whether a text only asks what the question asks, give or take a word."""
    return (
        only_asks(text) and overlap(set(stem_query(question).split()), set(stem_query(text).split())) >= SAME_QUESTION
    )


def overlap(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Words in common of all words of both (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 1.0
