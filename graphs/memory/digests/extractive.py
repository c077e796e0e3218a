"""A digest without a model: the sentences of the day that tell most.

Sentences are taken one after another, each time the one with the most weight of words that are new to the digest for
its length; a word weighs more the more messages of the day hold it. (Greedy coverage, as in Nenkova and Vanderwende's
SumBasic, 2005, and in Lin and Bilmes, 2010.)
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from graphs.memory.chunking import estimate_tokens, sentences
from graphs.memory.digests.daily import Digest, Spoken
from graphs.memory.facts.instructing import instructs
from graphs.memory.facts.passages import CUT, own_words
from graphs.memory.normalise import normalise
from graphs.memory.packing import ELLIPSIS
from graphs.memory.stem import stem_query

MOST_TOKENS = 100
"""Of a digest, estimated: 80 words or fewer, 150 characters of Chinese."""
SHORTEST, LONGEST = 5, 50
"""Estimated tokens of a sentence that is taken: "Thanks!" tells nothing, and none shall be the whole digest."""
MESSAGES = 400
"""Of a day that are read, evenly spread: what a person says in a day is less."""
LENGTH_FREE = 8
"""Tokens that a sentence has for nothing, so that the shortest do not come first for being short."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    message: int
    """Its message's place in the day."""
    text: str
    tokens: int
    telling: frozenset[str]


def extractive(messages: Sequence[Spoken]) -> Digest | None:
    """The digest of these messages, oldest first; a line a session, in the order of the day. None where nothing that
    was said tells anything."""
    messages = _spread(messages)
    found = [sentence for at, message in enumerate(messages) for sentence in _sentences(at, message)]
    if not found:
        return None
    weights = _weights(messages)
    chosen = _choose(found, weights, [message.session_id for message in messages])
    lines: dict[UUID, list[str]] = {}
    for sentence in sorted(chosen, key=lambda each: (each.message, found.index(each))):
        lines.setdefault(messages[sentence.message].session_id, []).append(sentence.text)
    text = "\n".join(f" {ELLIPSIS} ".join(parts) for parts in lines.values())
    return Digest(text, tuple(messages[at].id for at in sorted({sentence.message for sentence in chosen})))


def _spread(messages: Sequence[Spoken]) -> Sequence[Spoken]:
    step = math.ceil(len(messages) / MESSAGES) or 1
    return messages if step == 1 else [message for message in messages if message.telling][:: max(step // 2, 1)]


def _sentences(at: int, message: Spoken) -> list[_Sentence]:
    """What the message tells in its sayer's own words, in sentences that may stand in a digest."""
    if not message.telling:
        return []
    made = []
    for part in own_words(message.content).split(CUT.strip()):
        for sentence in sentences(part):
            text = normalise(sentence)
            tokens = estimate_tokens(text)
            if SHORTEST <= tokens <= LONGEST and not instructs(text):
                told = f"{message.speaker}: {text}" if message.speaker else text
                made.append(_Sentence(at, told, tokens, frozenset(stem_query(text).split())))
    return made


def _weights(messages: Sequence[Spoken]) -> dict[str, float]:
    """By word: in how many messages of the day it is, of both sides, so that what was talked about counts."""
    counts: Counter[str] = Counter()
    for message in messages:
        counts.update(set(stem_query(message.content).split()))
    return {word: 1 + math.log(count) for word, count in counts.items()}


def _choose(found: list[_Sentence], weights: dict[str, float], sessions: list[UUID]) -> list[_Sentence]:
    """Sentences in turn from each session, until nothing more fits."""
    left: dict[UUID, list[_Sentence]] = {}
    for sentence in found:
        left.setdefault(sessions[sentence.message], []).append(sentence)
    chosen: list[_Sentence] = []
    told: set[str] = set()
    tokens = 0
    while any(left.values()):
        for session, some in left.items():
            fitting = [each for each in some if tokens + each.tokens <= MOST_TOKENS and each.telling - told]
            left[session] = fitting
            if not fitting:
                continue
            best = max(fitting, key=lambda each: (_gain(each, told, weights), -each.message))
            fitting.remove(best)
            chosen.append(best)
            told |= best.telling
            tokens += best.tokens
    return chosen


def _gain(sentence: _Sentence, told: set[str], weights: dict[str, float]) -> float:
    new = sum(weights.get(word, 1.0) for word in sentence.telling - told)
    return new / (sentence.tokens + LENGTH_FREE)
