"""A digest by a model: some sentences, each checked against what the day's messages say."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from uuid import UUID

import prompts
from graphs.memory.digests.daily import Digest, Spoken
from graphs.memory.facts.asking import Asker, Form
from graphs.memory.facts.instructing import instructs
from graphs.memory.facts.passages import own_words
from graphs.memory.facts.verify import names_and_numbers
from graphs.memory.stem import guess_language, stem_query, stem_text, tokenise

MOST_SENTENCES = 4
LONGEST_SENTENCE = 300
"""Characters."""
CHARACTERS = 8_000
"""Of a day that the model reads; the user's messages first."""
LONGEST_MESSAGE, LONGEST_ANSWER = 1_000, 300
"""Characters of one message that are read: of the user's own words, and of an answer."""
SHARED = 0.5
"""Share of a sentence's telling words that must be in the messages that were read; the rest only tells ("decided")."""
SHARED_WHERE_NOUNS_ARE_CAPITAL = 0.7
"""In German names cannot be told from other nouns, so more must be shared."""

FORM = Form(
    name="digest",
    max_tokens=300,
    schema={
        "type": "object",
        "properties": {"sentences": {"type": "array", "items": {"type": "string"}}},
        "required": ["sentences"],
        "additionalProperties": False,
    },
)


class Dropped(StrEnum):
    """Why a sentence that the model gave does not stand in the digest."""

    MALFORMED = "malformed"
    INSTRUCTION = "instruction"
    """It tells an assistant what to do."""
    INVENTED = "invented"
    """Too few of its words, or a name or number that is none, are in the messages."""
    TOO_MANY = "too_many"


@dataclass(slots=True)
class Written:
    """What the model made of a day."""

    digest: Digest | None = None
    """None where no sentence was left."""
    dropped: Counter[Dropped] = field(default_factory=Counter)
    tokens: int = 0
    readable: bool = True
    """Whether the model's answer was of the form that was asked for."""


async def write(asker: Asker, messages: Sequence[Spoken]) -> Written:
    """The digest of these messages, session by session, oldest first. Raises the model's errors."""
    read = excerpts(messages)
    if not read:
        return Written()
    reply = await asker.ask(FORM, prompts.load("digest").substitute(), _material(messages, read))
    if reply.data is None or not isinstance(reply.data.get("sentences"), list):
        return Written(tokens=reply.tokens, readable=False)
    written = Written(tokens=reply.tokens)
    said = frozenset(stem_text(" ".join(read.values())).split())
    kept: list[str] = []
    for raw in reply.data["sentences"]:
        reason = Dropped.TOO_MANY if len(kept) == MOST_SENTENCES else check(raw, said)
        if reason is None:
            kept.append(" ".join(raw.split()))
        else:
            written.dropped[reason] += 1
    if kept:
        written.digest = Digest(" ".join(kept), tuple(read))
    return written


def excerpts(messages: Sequence[Spoken]) -> dict[UUID, str]:
    """By message, in order, what of it is read: the user's own words first, answers as far as there is room."""
    texts = {
        message.id: own_words(message.content)[: LONGEST_MESSAGE if message.telling else LONGEST_ANSWER]
        for message in messages
    }
    left = CHARACTERS
    chosen: set[UUID] = set()
    for telling in (True, False):
        some = [message for message in messages if message.telling is telling and texts[message.id]]
        for message in _evenly(some):
            if len(texts[message.id]) <= left:
                chosen.add(message.id)
                left -= len(texts[message.id])
    if not any(message.telling for message in messages if message.id in chosen):
        return {}
    return {message.id: texts[message.id] for message in messages if message.id in chosen}


def check(raw: object, said: frozenset[str]) -> Dropped | None:
    """Why the sentence cannot stand in a digest; None where it can. `said`: the stems of what was read."""
    if not isinstance(raw, str) or not raw.strip() or len(raw) > LONGEST_SENTENCE or "\x00" in raw:
        return Dropped.MALFORMED
    words = tokenise(raw)
    if len(words) < 2:
        return Dropped.MALFORMED
    if instructs(raw):
        return Dropped.INSTRUCTION
    german = guess_language(words) == "german"
    telling = set(stem_query(raw).split())
    if len(telling & said) < (SHARED_WHERE_NOUNS_ARE_CAPITAL if german else SHARED) * len(telling):
        return Dropped.INVENTED
    strict = [word for word in names_and_numbers(raw) if not german or word[0].isdigit()]
    return None if all(set(stem_text(word).split()) <= said for word in strict) else Dropped.INVENTED


def _material(messages: Sequence[Spoken], read: dict[UUID, str]) -> str:
    """A line of JSON a message, so that no text can pass for another line."""
    number = count(1)
    talks: dict[UUID, int] = {}
    lines = []
    for message in messages:
        if message.id in read:
            if message.session_id not in talks:
                talks[message.session_id] = next(number)
            who = message.speaker or message.role
            lines.append({"talk": talks[message.session_id], "who": who, "text": read[message.id]})
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _evenly(messages: Sequence[Spoken]) -> list[Spoken]:
    """The middle one, then the middles of both halves and so on: where there is not room for all, those that are read
    are spread over the day."""
    order: list[Spoken] = []
    spans = [(0, len(messages))]
    while spans:
        start, end = spans.pop(0)
        if start < end:
            middle = (start + end) // 2
            order.append(messages[middle])
            spans += [(start, middle), (middle + 1, end)]
    return order
