"""What ranking weighs, and by how much."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Ranking:
    """How memories are ranked. Each step is off at the value that its comment names.

    Weights are in shares: 1 is what the ten best of one side, meaning or words, have on average. They were chosen on
    the tuning halves of LoCoMo and of our own people; docs/evaluation.md shows what each brings, on both halves.
    """

    fusion: Literal["share", "rrf", "z"] = "share"
    words: float = 0.45
    """What word search counts beside meaning; off: 0."""
    rrf_k: int = 60
    """Reciprocal rank fusion's constant (Cormack, Clarke and Büttcher, 2009)."""

    sentence: float = 0.5
    """How much the nearest sentence of what a person said counts beside the whole; off: 0."""

    beside: float = 0.4
    """How much of its score a message lends to the ones beside it, between named people; off: 0. An answer stands
    beside its question, and often holds none of the words."""
    beyond: float = 0.2
    """The same for those one further."""
    chat_beside: float = 0.3
    """As `beside`, where a person talks with the assistant: there a message says more by itself."""
    chat_beyond: float = 0.1
    neighbours_of: int = 16
    """For how many of the best the messages beside them are read too, whatever the index found; off: 0."""

    names: bool = True
    """Whether the names of those who speak are taken out of the question that is embedded. A name in a question draws
    all that its bearer said, and all that was said to them."""
    followups: bool = True
    """Whether a question that leans on what was said just before it is looked for together with that."""
    person: float = 0.8
    """For what the person said whom the question names; off: 0."""
    user: float = 0.6
    """For what the user said, unless the question asks what the assistant said; off: 0. Long answers have many chances
    to match."""
    assistant: float = 0.3
    """For what the assistant said, where the question asks for that; off: 0."""

    period: float = 0.8
    """For what was said in the time that the question names, or speaks of it; off: 0."""
    anchor: float = 0.2
    """For what was said near the event that "before I moved" names, on its side; off: 0. It takes a search more."""

    filler: float = 0.08
    """Taken from a message for each halving of its length below `FULL_LENGTH` words; off: 0."""
    asks: float = 0.2
    """Taken from an earlier message that ends with a question; off: 0."""
    same_question: float = 0.8
    """Taken from one that asks what is asked now: it holds the words and not the answer; off: 0."""

    looked_up: float = 2.0
    """For what holds every word of a question of no more than `LOOKED_UP_WORDS`, which are looked for themselves;
    off: 0. More than all else makes out together as a rule: a rare word in a long answer lies far from any question."""

    crowd: float = 0.06
    """Taken for each message that was chosen from the same session already, where the question asks for several things;
    off: 0."""
    near_duplicate: float = 0.9
    """Share of words in common from which of two memories only the better is kept; off: above 1."""

    pinned: float = 0.15
    """For a memory that the user pinned; off: 0."""
    recalled: float = 0.02
    """For each doubling of how often it was recalled, up to `MOST_RECALLED` times; off: 0."""
    newer: float = 0.2
    """Between the oldest and the newest of the candidates, not in talks between named people; off: 0. What is true of
    the user changes, and the later word holds."""
    fact: float = 0.1
    """For a fact beside the messages it was taken from; off: 0."""
    digest: float = -1.0
    """For a day's digest; off: 0. It tells in short what the day's messages tell, and would take their places: with 0
    it cost 6 points of evidence recall@10 on our own people, with -0.6 still 1 on LoCoMo (docs/memory/digests.md)."""

    rerank: float = 0.5
    """What a reranker's chance counts beside the share of the best's score, 0 to 1, where there is a reranker; off: 0.
    Half is a guess: docs/memory/recall.md, "Reranking"."""

    words_relax: float = 0.6
    """Factor for the bound of relevance where telling words of the question are in the memory."""


FULL_LENGTH = 40
"""Words from which on a message is not taken for filler."""
MOST_RECALLED = 32
LOOKED_UP_WORDS = 3
SAME_QUESTION = 0.8
"""Share of telling words in common from which two questions ask the same."""
