"""From what was found to figures, one question at a time. Ranks are measured by trec_eval itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytrec_eval

from evals.records import Conversation, Question
from evals.systems.base import Found, Timing
from graphs.memory.packing import pack
from graphs.memory.records import Memory, Recalled
from graphs.models.estimate import estimate
from graphs.prompting import memory_line

CUTS = (5, 10, 20)
BUDGET = 1000
"""Tokens of the memory block within which evidence must fit to count for `recall@1000t`."""
SHOWN = 10
"""Memories of a ranking whose tokens are counted as what it costs."""
TREC_EVAL = {f"recall@{cut}": f"recall_{cut}" for cut in CUTS} | {"ndcg@10": "ndcg_cut_10", "mrr": "recip_rank"}
IN_BUDGET, STALE, GATED, SILENT = f"recall@{BUDGET}t", "stale", "gated@10", "silent"
NOTHING: Mapping[str, str] = MappingProxyType({})
METRICS = (*TREC_EVAL, IN_BUDGET, GATED, STALE, SILENT)
"""`recall@k`: share of the evidence among the first k distinct messages. `recall@1000t`: share of it in what fits 1,000
tokens. `gated@10`: as `recall@10`, of what the gate lets through. `stale`: whether what is no longer true stands above
what is. `silent`: whether the gate lets nothing through, for questions without an answer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, as one system did."""

    conversation: str
    question: Question
    split: str
    ranking: Sequence[str]
    """What was found, best first, each message once: the key of its evidence, where it is the first of that key."""
    confidence: float
    tokens: int
    """Estimated tokens of the first ten memories as a prompt holds them; of all, where a system gives all."""
    timing: Timing
    values: dict[str, float] = field(default_factory=dict)
    """By metric; those that make no sense for the question are missing."""


def rows(conversation: Conversation, answers: Sequence[tuple[Question, Found]]) -> list[Row]:
    """The figures of a conversation's questions."""
    made = [_row(conversation, question, found) for question, found in answers]
    _measure_ranks([row for row in made if row.question.measures_recall])
    return made


def _row(conversation: Conversation, question: Question, found: Found) -> Row:
    row = Row(
        conversation=conversation.id,
        question=question,
        split=conversation.split,
        ranking=ranking(conversation.keys, found.items, question.instead),
        confidence=found.confidence,
        tokens=sum(map(line_tokens, found.items if found.all_of_it else found.items[:SHOWN])),
        timing=found.timing,
    )
    if question.measures_recall:
        packed = pack(found.items, budget=BUDGET, length=line_tokens)
        row.values[IN_BUDGET] = _share(question, ranking(conversation.keys, packed, question.instead))
        if question.superseded:
            row.values[STALE] = float(_stale(question, row.ranking))
    if found.relevant is not None:
        passed = [item for item in found.items if item.memory.id in found.relevant]
        if question.measures_recall:
            row.values[GATED] = _share(question, ranking(conversation.keys, passed, question.instead)[:SHOWN])
        elif not question.answerable:
            row.values[SILENT] = float(not passed)
    return row


def ranking(keys: Mapping[UUID, str], items: Sequence[Recalled], instead: Mapping[str, str] = NOTHING) -> list[str]:
    """The distinct messages of memories, by the keys that evidence is named with.

    Where several messages have one key (a day), the first of them stands for it and the others under their own id: a
    ranking of five messages counts as five, however few days they are of.
    """
    messages = dict.fromkeys(source.message_id for item in items for source in item.memory.sources)
    seen: set[str] = set()
    names = []
    for message in messages:
        key = instead.get(keys[message], keys[message])
        names.append(str(message) if key in seen else key)
        seen.add(key)
    return names


def _measure_ranks(made: Sequence[Row]) -> None:
    """Adds what trec_eval measures. It orders by score, so places are given as scores."""
    if not made:
        return
    wanted = {row.question.id: dict.fromkeys(row.question.evidence, 1) for row in made}
    run = {row.question.id: {key: float(-at) for at, key in enumerate(row.ranking)} for row in made}
    evaluator: Any = pytrec_eval.RelevanceEvaluator(
        wanted, {f"recall.{','.join(map(str, CUTS))}", "ndcg_cut.10", "recip_rank"}
    )
    measured = evaluator.evaluate(run)
    for row in made:
        # What found nothing at all is left out by trec_eval; here it counts, as nothing found.
        values = measured.get(row.question.id, {})
        row.values.update({name: values.get(theirs, 0.0) for name, theirs in TREC_EVAL.items()})


def _share(question: Question, found: Sequence[str]) -> float:
    return len(question.evidence & set(found)) / len(question.evidence)


def _stale(question: Question, found: Sequence[str]) -> bool:
    """Whether the first message that is no longer true stands above the first that is."""
    places = {key: at for at, key in enumerate(found)}
    last = len(found)
    old = min((places.get(key, last) for key in question.superseded), default=last)
    new = min((places.get(key, last) for key in question.evidence), default=last)
    return old < new


def line_tokens(item: Recalled) -> int:
    """Estimated tokens of a memory as a prompt holds it."""
    return _line_tokens(item.memory)


@lru_cache(maxsize=20_000)
def _line_tokens(memory: Memory) -> int:
    return estimate(memory_line(memory))
