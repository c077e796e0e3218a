"""What a new fact is to those that are known: the same, more exact, a contradiction, or new.

A model decides, within bounds that it cannot leave: it chooses among the facts that it was shown, and what it does not
decide, or decides out of bounds, is new: a repetition is a smaller harm than a true fact that is closed.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import prompts
from graphs.memory.facts.asking import Asker, Form
from graphs.memory.facts.records import Decision, Fact, Known, Relation, plain
from graphs.memory.stem import stem_query

NEAR = 0.1
"""Cosine similarity (MiniLM) below which a known fact without a telling word in common is not shown to the model. Low:
what has taken the place of something else often has no word and little meaning in common with it ("I am a family man",
"we are separated"), and two facts more to read cost little."""

FORM = Form(
    name="decisions",
    max_tokens=600,
    schema={
        "type": "object",
        "properties": {
            "decisions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "new": {"type": "integer"},
                        "relation": {"type": "string", "enum": [relation.value for relation in Relation]},
                        "known": {"type": ["integer", "null"]},
                    },
                    "required": ["new", "relation", "known"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["decisions"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A decision for each fact, in the order given."""

    decisions: list[Decision]
    tokens: int = 0


async def compare(asker: Asker, facts: Sequence[Fact], known: Sequence[Sequence[Known]]) -> Compared:
    """`known`: for each fact those that may be about the same thing, nearest first. Raises the model's errors.

    The model is asked once for all, and not at all where words alone decide.
    """
    decided: dict[int, Decision] = {}
    open_: dict[int, list[Known]] = {}
    for position, (fact, candidates) in enumerate(zip(facts, known, strict=True)):
        near = [candidate for candidate in candidates if _near(fact, candidate)]
        same = next((candidate for candidate in near if plain(candidate.text) == plain(fact.text)), None)
        if same is not None:
            decided[position] = Decision(fact, Relation.SAME, same)
        elif near:
            open_[position] = near
        else:
            decided[position] = Decision(fact, Relation.NEW)
    tokens = 0
    if open_:
        numbers = _numbers(open_)
        instructions = prompts.load("facts_compare").substitute()
        reply = await asker.ask(FORM, instructions, _material(facts, open_, numbers))
        tokens = reply.tokens
        given = reply.data.get("decisions") if reply.data else None
        answers = _answers(given if isinstance(given, list) else [])
        for position, candidates in open_.items():
            decided[position] = _decision(facts[position], candidates, numbers, answers.get(position + 1))
    return Compared([decided[position] for position in range(len(facts))], tokens)


def _near(fact: Fact, known: Known) -> bool:
    return known.similarity >= NEAR or bool(_telling(fact.text) & _telling(known.text))


def _telling(text: str) -> set[str]:
    return set(stem_query(text).split())


def _numbers(open_: Mapping[int, Sequence[Known]]) -> dict[int, Known]:
    """The known facts by the number that the model is to name; one that is near to several has one number."""
    each = {known.id: known for candidates in open_.values() for known in candidates}
    return dict(enumerate(each.values(), start=1))


def _material(facts: Sequence[Fact], open_: Mapping[int, Sequence[Known]], numbers: Mapping[int, Known]) -> str:
    number_of = {known.id: number for number, known in numbers.items()}
    lines = []
    for position, candidates in open_.items():
        fact = facts[position]
        lines.append(
            {
                "new": position + 1,
                "fact": fact.text,
                "told": f"{fact.said_at:%Y-%m-%d}",
                "known": [
                    {"id": number_of[known.id], "fact": known.text, "told": f"{known.said_at:%Y-%m-%d}"}
                    for known in candidates
                ],
            }
        )
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _answers(given: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """By new fact what was said of it; of two answers the first counts."""
    answers: dict[int, dict[str, Any]] = {}
    for each in given:
        if isinstance(each, dict) and isinstance(each.get("new"), int):
            answers.setdefault(each["new"], each)
    return answers


def _decision(
    fact: Fact, candidates: Sequence[Known], numbers: Mapping[int, Known], answer: dict[str, Any] | None
) -> Decision:
    """The model's decision where it names a fact that stood in this very line, else that it is new."""
    if answer is None or answer.get("relation") not in set(Relation):
        return Decision(fact, Relation.NEW)
    relation, number = Relation(answer["relation"]), answer.get("known")
    named = numbers.get(number) if isinstance(number, int) else None
    if relation is Relation.NEW or named is None or named.id not in {known.id for known in candidates}:
        return Decision(fact, Relation.NEW)
    return Decision(fact, relation, named)
