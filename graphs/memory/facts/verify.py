"""Whether a statement that a model gave is a fact: checked here, by what the messages say, not by the model.

A model can be talked into anything by the text it reads. So what it gives counts only as far as the person's own words
bear it out.
"""

import re
from collections.abc import Mapping
from uuid import UUID

from graphs.memory.facts.passages import CUT, speaks_of_self
from graphs.memory.facts.records import Dropped, Fact, plain
from graphs.memory.stem import guess_language, stem_query, stem_text, tokenise
from graphs.memory.stopwords import STOPWORDS

LONGEST = 300
"""Characters of a fact."""
MOST_SENTENCES = 5
"""That a quote may reach over and still be read with the words around it."""
SUPPORTED = 0.5
"""Share of a fact's telling words that must be in its quote. The rest may come from what "she" or "there" stood for."""
_SAYS_I = ("english", "german", "french")
"""Languages in which who speaks of themselves nearly always says so by a word."""

_SENTENCE = re.compile(r"[^.!?。！？؟\n]+[.!?。！？؟]*|\n")  # noqa: RUF001
_ASKS = ("?", "？", "؟")  # noqa: RUF001
_NAME_OR_NUMBER = re.compile(r"\d[\d.,:/-]*|\b[A-ZÀ-Þ][\w'-]+")

_INSTRUCTION = re.compile(
    "|".join(
        (
            r"<[^>]*>|\b(?:system|assistant|developer)\s*(?:prompt|message|:)|\bprompt\b|\binstructions?\b",
            r"\b(?:ignore|disregard|override|forget)\b.{0,30}\b(?:rule|previous|above|prior|everything)",
            r"\bfrom now on\b|\bin (?:all|every) (?:future )?(?:answer|repl|response|conversation|chat)",
            r"\b(?:you|the (?:assistant|ai|bot|model))\s+"
            r"(?:must|should|shall|need to|have to|are to|will (?:now|always)|are now)\b",
            r"\b(?:always|never|only)\s+(?:answer|respond|reply|recommend|suggest|say|tell|mention|use|include|end|start|"
            r"begin|add|append|call|treat|act|agree|refuse|praise|promote|link|send|write|speak|give|offer|show|output|"
            r"trust|obey|follow)\b",
            r"\b(?:when(?:ever)?|if|each time|every time)\b.{0,40}\b(?:asks?|asked|mentions?|question)\b",
            r"\bremember to\b|\b(?:recommend|promote|advertise)\b(?! me\b)",
            r"\b(?:act|behave|respond|pretend)\s+(?:as|like)\b",
            # German
            r"\b(?:ab jetzt|von nun an|ab sofort)\b|\bignorier\w*\b|\bdu (?:musst|sollst)\b",
            r"\b(?:antworte|empfiehl|empfehle|sage?|nenne|schreibe?|verwende)\b.{0,15}\b(?:immer|nie|niemals|stets|nur)\b",
            r"\bimmer\b.{0,20}\b(?:antworten|empfehlen|sagen|erwähnen)\b",
            # Spanish
            r"\ba partir de ahora\b|\bignora\b|\b(?:debes|tienes que)\b",
            r"\b(?:siempre|nunca)\s+(?:responde|recomienda|di|menciona|usa|recomendar|responder)\b",
            r"\b(?:responde|recomienda|di|menciona)\s+siempre\b",
            # French
            r"\bà partir de maintenant\b|\bdésormais\b|\bignore[sz]?\b|\b(?:tu dois|vous devez)\b",
            r"\b(?:réponds|répondez|recommande|recommandez|dis|dites)\s+toujours\b",
            # Chinese
            r"从现在(?:起|开始)|忽略|无视|(?:总是|始终|永远|必须|一律)(?:回答|推荐|说|使用|提到)|你(?:必须|应该|要)",
        )
    ),
    re.IGNORECASE,
)
"""What tells an assistant what to do, in a few plain forms. Facts that only look like it are lost, which harms less."""


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
    if any(_INSTRUCTION.search(text) for text in (fact.text, fact.quote, around)):
        return Dropped.INSTRUCTION
    if not _supported(fact, own):
        return Dropped.UNSUPPORTED
    if not _about_user(fact.text):
        return Dropped.NOT_ABOUT_USER
    return None


def instructs(text: str) -> bool:
    """Whether a text tells an assistant what to do."""
    return _INSTRUCTION.search(text) is not None


def _quotes(quote: str, words: str) -> bool:
    sought = plain(quote)
    return bool(tokenise(sought)) and CUT.strip() not in quote and sought in plain(words)


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


def _about_user(text: str) -> bool:
    """In languages that say "I": whether it does. In others nothing can be told from the words."""
    words = tokenise(text)
    language = guess_language(words)
    # English is also the guess where nothing tells, so one of its small words must be there.
    tells = language in _SAYS_I and not STOPWORDS[language].isdisjoint(words)
    return not tells or speaks_of_self(text)
