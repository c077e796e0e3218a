"""What a person tells in one session and asks in another, with everything stopped and started in between.

The product as `memocha up` starts it, its own small model included. What is counted: how often the memory was given to
the answer, and how often the answer says it.
"""

from dataclasses import dataclass
from typing import Any

from bench.report import Report, Target, spread
from tests.support.instance import Instance, Turn, running_instance, until


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: what is told, what is asked, and what an answer has to contain."""

    told: str
    asked: str
    said: str


FACTS = (
    Told("My dog is called Biscuit and he is afraid of thunder.", "What is my dog called?", "biscuit"),
    Told("I live in Lisbon, in the neighbourhood of Graça.", "Which city do I live in?", "lisbon"),
    Told("My sister Ada turns 40 on the 3rd of June.", "When is my sister's birthday?", "june"),
    Told("I'm allergic to peanuts, even traces of them.", "What am I allergic to?", "peanut"),
    Told("I work as a marine biologist at the aquarium.", "What is my job?", "marine biologist"),
    Told("My favourite book is The Left Hand of Darkness.", "What is my favourite book?", "left hand of darkness"),
    Told("I drive an old blue Volvo 240.", "What car do I drive?", "volvo"),
    Told("I started learning the cello last winter.", "Which instrument am I learning?", "cello"),
    Told("My wedding anniversary is on 14 September.", "When is my wedding anniversary?", "14 september"),
    Told("I take my coffee black, with no sugar.", "How do I take my coffee?", "black"),
)
SHORT = 40
"""Tokens of an answer between telling and asking: that something else was talked of is what counts."""
PATIENCE = 120.0
"""Seconds for an answer of the small model, which shares its processor with whatever else runs."""
OTHER_TURNS = (
    "What is the capital of France?",
    "Write a haiku about rain.",
    "How do I boil an egg?",
    "What is 17 times 3?",
    "Name three planets.",
    "What does HTTP stand for?",
    "Give me a synonym for happy.",
    "Who wrote Hamlet?",
    "What is a prime number?",
    "Translate good morning into Spanish.",
    "Which is the largest ocean?",
    "What is the boiling point of water?",
    "Name a primary colour.",
    "How many days has a leap year?",
    "What is the opposite of cold?",
    "Who painted the Mona Lisa?",
    "What do bees make?",
    "Spell the word necessary.",
    "What is the square root of 81?",
    "Name a string instrument of an orchestra.",
)


async def converse(memocha: Instance, facts: tuple[Told, ...], others: tuple[str, ...]) -> list[tuple[Told, Turn]]:
    """Tell each fact in a session of its own, talk of other things, stop and start all, ask in new sessions."""
    for fact in facts:
        await memocha.say(fact.told).ended(PATIENCE)
    for other in others:
        await memocha.say(other, max_tokens=SHORT).ended(PATIENCE)
    await until(lambda: _remembered(memocha, facts), "every fact is in the index")
    await memocha.restart()
    await memocha.wait_ready("postgres", "memory", "model", seconds=120)
    return [(fact, await memocha.say(fact.asked).ended(PATIENCE)) for fact in facts]


async def measure() -> Report:
    """Ten facts, twenty other turns, a stop and a start, ten questions."""
    async with running_instance(model="local") as memocha:
        asked = await converse(memocha, FACTS, OTHER_TURNS)
    rows: list[dict[str, Any]] = [
        {"asked": fact.asked, "answer": turn.text, "given": given(fact, turn), "said": said(fact, turn)}
        for fact, turn in asked
    ]
    count_given, count_said = sum(row["given"] for row in rows), sum(row["said"] for row in rows)
    figures: dict[str, Any] = {
        "facts": len(FACTS),
        "given the memory": count_given,
        "answered": count_said,
        "memories an answer": spread([float(len(turn.of("memories")["items"])) for _, turn in asked]),
        "first token, ms": spread([turn.of("usage")["ttft_ms"] for _, turn in asked]),
    }
    figures |= {row["asked"]: f"{'yes' if row['said'] else 'NO'}: {row['answer'][:90]}" for row in rows}
    return Report(figures, targets=[Target("facts whose memory was not given", len(FACTS) - count_given, 0)])


def given(fact: Told, turn: Turn) -> bool:
    """Whether the answer was given the message in which the fact was told."""
    return any(memory["text"] == fact.told for memory in turn.of("memories")["items"])


def said(fact: Told, turn: Turn) -> bool:
    """Whether the answer says the fact."""
    return fact.said in turn.text.lower()


async def _remembered(memocha: Instance, facts: tuple[Told, ...]) -> bool:
    for fact in facts:
        found = await memocha.get("/api/memories/search", q=fact.told, k=5)
        if not any(item["text"] == fact.told for item in found["items"]):
            return False
    return True
