"""Whether a statement that a model gave is a fact: checked here, by what the messages say, not by the model.

A model can be talked into anything by the text it reads. So what it gives counts only as far as the person's own words
bear it out.
"""

import re
from collections.abc import Mapping
from uuid import UUID

from graphs.memory.facts.instructing import hijacks, instructs
from graphs.memory.facts.passages import CUT, only_quoted, orders, unquoted
from graphs.memory.facts.person import points_back, speaks_of_self
from graphs.memory.facts.records import Dropped, Fact, plain
from graphs.memory.stem import stem_query, stem_text, tokenise
from graphs.sensitive import holds_secret

LONGEST = 300
"""Characters of a fact."""
MOST_SENTENCES = 5
"""That a quote may reach over and still be read with the words around it."""
SUPPORTED = 0.5
"""Share of a fact's telling words that must be in its quote. The rest may come from what "she" or "there" stood for."""

_SENTENCE = re.compile(r"[^.!?。！？؟\n]+[.!?。！？؟]*|\n")  # noqa: RUF001
_ASKS = ("?", "？", "؟")  # noqa: RUF001
_NAME_OR_NUMBER = re.compile(r"\d[\d.,:/-]*|\b[A-ZÀ-Þ][\w'-]+")


def check(fact: Fact, own: Mapping[UUID, str]) -> Dropped | None:
    """Why the statement is no fact, or None where it is one.

    `own`: by message of the user that may be read, its own words (`passages.own_words`).
    """
    words = own.get(fact.message_id)
    if words is None:
        return Dropped.NOT_THEIRS
    if not fact.text.strip() or len(fact.text) > LONGEST or len(tokenise(fact.text)) < 2:
        return Dropped.MALFORMED
    if not _quotes(fact.quote, words):
        return Dropped.NO_QUOTE
    around = _sentences_around(fact.quote, words)
    if _asks(fact.quote, around):
        return Dropped.QUESTION
    if hijacks(words) or orders(around) or any(instructs(text) for text in (fact.text, fact.quote, around)):
        return Dropped.INSTRUCTION
    if not _supported(fact, own):
        return Dropped.UNSUPPORTED
    if not speaks_of_self(unquoted(fact.text)) or not _said_of_self(unquoted(around), own):
        return Dropped.NOT_ABOUT_USER
    if holds_secret(fact.text) or holds_secret(fact.quote):
        return Dropped.SECRET
    return None


def _quotes(quote: str, words: str) -> bool:
    sought = plain(quote)
    said = plain(words)
    return bool(tokenise(sought)) and CUT.strip() not in quote and sought in said and not only_quoted(sought, said)


def _sentences_around(quote: str, words: str) -> str:
    """The sentence or sentences that the quote is a part of."""
    sought = plain(quote)
    parts = [part for part in _SENTENCE.findall(words) if part.strip()]
    for width in range(1, MOST_SENTENCES + 1):
        for start in range(len(parts) - width + 1):
            joined = " ".join(parts[start : start + width])
            if sought in plain(joined):
                return joined.strip()
    return quote


def _asks(quote: str, around: str) -> bool:
    """Whether the quote is a question, or all but a word or two of one. "My dog is ill, what can I do?" states too."""
    if quote.rstrip(" \"'”»)").endswith(_ASKS):
        return True
    rest = len(tokenise(around)) - len(tokenise(quote))
    return around.rstrip(" \"'”»)").endswith(_ASKS) and rest < 2


def _supported(fact: Fact, own: Mapping[UUID, str]) -> bool:
    """Half of what it tells is in its quote, and no name or number comes from anywhere but the person's messages."""
    said = set(stem_text(" ".join(own.values())).split())
    quoted = set(stem_text(fact.quote).split())
    telling = set(stem_query(fact.text).split())
    if not telling & quoted or len(telling & quoted) < SUPPORTED * len(telling):
        return False
    return all(set(stem_text(word).split()) <= said for word in names_and_numbers(fact.text))


def names_and_numbers(text: str) -> list[str]:
    """What looks like a name or a number; the first word is always capital and does not count."""
    first, *_ = tokenise(text)
    return [word for word in _NAME_OR_NUMBER.findall(text) if tokenise(word) != [first]]


def _said_of_self(around: str, own: Mapping[UUID, str]) -> bool:
    """Whether the sentence itself says "I": a model may word as the user's what they say of the world. Or it speaks of
    one who was named before: "My sister is ill. She lives in Porto." """
    return speaks_of_self(around) or (points_back(around) and any(speaks_of_self(words) for words in own.values()))
