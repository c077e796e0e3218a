"""Taking facts from what a person said: one question to a model, and a check of each thing it gives."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import prompts
from graphs.memory.facts import dates
from graphs.memory.facts.asking import Asker, Form
from graphs.memory.facts.passages import own_words
from graphs.memory.facts.records import TOPICS, Dropped, Fact, Said, plain
from graphs.memory.facts.verify import check

LONGEST_MESSAGE = 4_000
"""Characters of a message that are read; more is hardly ever about oneself."""
CONTEXT_MESSAGE = 300
"""Characters of a message that is there for understanding only."""

FORM = Form(
    name="facts",
    max_tokens=800,
    schema={
        "type": "object",
        "properties": {
            "facts": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "message": {"type": "integer"},
                        "quote": {"type": "string"},
                        "fact": {"type": "string"},
                        "topic": {"type": "string", "enum": list(TOPICS)},
                        "since": {"type": ["string", "null"]},
                        "until": {"type": ["string", "null"]},
                        "lasting": {"type": "boolean"},
                    },
                    "required": ["message", "quote", "fact", "topic", "since", "until", "lasting"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["facts"],
        "additionalProperties": False,
    },
)


@dataclass(slots=True)
class Extracted:
    """What was taken from some messages."""

    facts: list[Fact] = field(default_factory=list)
    dropped: Counter[Dropped] = field(default_factory=Counter)
    tokens: int = 0
    readable: bool = True
    """Whether the model's answer was of the form that was asked for."""


async def extract(asker: Asker, messages: Sequence[Said]) -> Extracted:
    """The facts in the unread messages of the user. `messages`: oldest first, of one conversation.

    Raises the model's errors. Where nothing is to be read the model is not asked.
    """
    own = {said.id: words for said in messages if said.role == "user" and said.unread and (words := _own(said))}
    if not own:
        return Extracted()
    reply = await asker.ask(FORM, prompts.load("facts_extract").substitute(), material(messages, own))
    if reply.data is None or not isinstance(reply.data.get("facts"), list):
        return Extracted(tokens=reply.tokens, readable=False)
    found = Extracted(tokens=reply.tokens)
    seen: set[tuple[UUID, str]] = set()
    for raw in reply.data["facts"]:
        fact, reason = _fact(raw, messages)
        if fact is not None and reason is None:
            reason = check(fact, own)
        if fact is not None and reason is None and not seen.isdisjoint(keys := _keys(fact)):
            reason = Dropped.REPEATED
        if reason is not None:
            found.dropped[reason] += 1
        elif fact is not None:
            seen |= keys
            found.facts.append(fact)
    return found


def material(messages: Sequence[Said], own: Mapping[UUID, str]) -> str:
    """The messages as the model reads them: a line of JSON each, so that no text can pass for another line.

    What is not to be read from (the assistant's, the user's earlier messages) is short, and marked so.
    """
    lines = []
    for number, said in enumerate(messages, start=1):
        words = own.get(said.id)
        line: dict[str, Any] = {"n": number, "date": f"{said.at:%Y-%m-%d, %A}", "read": words is not None}
        if words is None:
            if not (words := own_words(said.content)[:CONTEXT_MESSAGE]):
                continue
            line["who"] = said.role
        lines.append(json.dumps({**line, "text": words}, ensure_ascii=False))
    return "\n".join(lines)


def _own(said: Said) -> str:
    return own_words(said.content)[:LONGEST_MESSAGE]


def _keys(fact: Fact) -> set[tuple[UUID, str]]:
    return {(fact.message_id, plain(fact.quote)), (fact.message_id, "=" + plain(fact.text))}


def _fact(raw: Any, messages: Sequence[Said]) -> tuple[Fact | None, Dropped | None]:
    """What the model gave as a fact, not yet checked, or why it cannot be one."""
    if not isinstance(raw, dict) or not all(isinstance(raw.get(key), str) for key in ("quote", "fact")):
        return None, Dropped.MALFORMED
    number = raw.get("message")
    if not isinstance(number, int) or not 1 <= number <= len(messages):
        return None, Dropped.NOT_THEIRS
    said, quote = messages[number - 1], raw["quote"].strip()
    since = dates.stated_from(quote, said.at) or dates.given(raw.get("since"), quote, said.at)
    until = dates.stated_to(quote, said.at) or dates.given(raw.get("until"), quote, said.at)
    if since is not None and until is not None and until <= since:
        until = None
    if raw.get("lasting") is not True and until is None:
        return None, Dropped.PASSING
    topic = raw.get("topic")
    fact = Fact(
        text=" ".join(raw["fact"].split()).replace("\x00", ""),
        quote=quote,
        message_id=said.id,
        said_at=said.at,
        topic=topic if topic in TOPICS else "other",
        valid_from=since,
        valid_to=until,
    )
    return fact, None


def batches(messages: Sequence[Said], *, most: int, characters: int) -> list[list[Said]]:
    """The messages in parts that a model reads at once: so many of the user's to be read, and so many characters."""
    parts: list[list[Said]] = [[]]
    unread = length = 0
    for said in messages:
        size = min(len(said.content), LONGEST_MESSAGE if said.unread and said.role == "user" else CONTEXT_MESSAGE)
        counts = said.role == "user" and said.unread
        if parts[-1] and counts and (unread == most or length + size > characters):
            # The last two go along, since "it" and "there" point back.
            parts.append([_as_context(earlier) for earlier in parts[-1][-2:]])
            unread, length = 0, 0
        parts[-1].append(said)
        unread += counts
        length += size
    return [part for part in parts if any(said.unread and said.role == "user" for said in part)]


def _as_context(said: Said) -> Said:
    return Said(said.id, said.role, said.content, said.at, unread=False)
