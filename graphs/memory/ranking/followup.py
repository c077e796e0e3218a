"""Questions that lean on what was said before them: "and his sister?", "what about the other one?", "warum?".

Told by their words alone, without a model, in the languages that people write to it most; in others every question
stands by itself, as before.
"""

import re
from collections.abc import Sequence

from graphs.memory.ranking.asking import ends_asking
from graphs.memory.stem import guess_language, stem_query, tokenise
from graphs.memory.stopwords import STOPWORDS

TELLING = 4
"""Telling words up to which a pronoun is taken to point out of the question: longer ones mostly hold what it is for."""
BARE = 1
"""Telling words up to which a question without any sign leans all the same."""
HANZI = 9
"""Ideographs that are as long as a question of `TELLING` words."""
LONGEST = 160
"""Characters: a longer question stands by itself."""
BACK = 3
"""Of how many messages of the user a chain of follow-ups is read."""
OWN, LENT = 3, 2
"""How much a word of the question and one of the messages before it count."""
CONTEXT = 400
"""Characters of a message before that are looked for with the question."""

_GOES_ON = re.compile(
    r"(?:and|n|so|but|or|und|aber|oder|et|y|what about|how about|was ist mit|wie ist es mit)\b"
    r"|(?:那么?|还有|然后)",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"(?:why|how come|how so|since when|warum|wieso|weshalb|seit wann|pourquoi|por qué|为什么|为何|怎么会)"
    r"(?:\s+\w+){0,2}\s*[?？]*",  # noqa: RUF001
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|its|(?:this|that|the other|which|another) one|the others?|"
    r"those|these)\b"
    r"|\b(?:er|ihn|ihm|ihr|ihre[nmrs]?|dessen|deren|denen|damit|dafür|davon|daran|darüber|dazu|dorthin|dort|"
    r"der andere|die andere|das andere|jene[nmrs]?|diese[rs]?)\b|(?<!^)\bsie\b"
    r"|\b(?:elle|lui|leur|eux|ella|ellos|ellas|suyo)\b"
    r"|[他她它]们?|那[个位家只件次天里儿]|这[个位家只件次]",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(?:what|who|whom|whose|where|when|why|how|which|whats|whos|do|does|did|is|are|was|were|has|have|can|could|will|"
    r"would|was|wer|wem|wen|wo|wohin|woher|wann|warum|wie|welche[nmrs]?|hat|haben|ist|sind|qui|que|quand|où|quién|qué|"
    r"cuándo|dónde)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=\s)(?!I\b)[A-Z]\w+")
_HANZI = re.compile(r"[一-鿿]")
_FILLERS = frozenset(
    word
    for words in (
        "again still now today last time much many something thing kind called name actually exactly remind know day",
        "noch mal nochmal jetzt heute eigentlich denn genau gleich hieß hiess heißt welcher welche welches viel viele",
        "whats whos whens hows",
    )
    for word in words.split()
)


def leans(text: str) -> bool:
    """Whether a message is a question that cannot be told without what was said before it."""
    text = text.strip()
    if not text or len(text) > LONGEST or not (ends_asking(text) or _ASKS.match(text) or _GOES_ON.match(text)):
        return False
    if _WHY.fullmatch(text):
        return True
    telling, most = _telling(text), TELLING
    if len(hanzi := _HANZI.findall(text)) > len(text) / 3:
        telling, most = len(hanzi), HANZI
    if telling > most:
        return False
    return bool(_GOES_ON.match(text) or _points_out(text) or telling <= BARE)


def weighed(text: str, context: str, most: int) -> str:
    """What word search looks for: the stems of both, those of the question itself repeated more often, by which every
    engine weighs them. `most`: different stems."""
    own = set(stem_query(text).split())
    stems = stem_query(f"{text}\n{context}").split()[:most]
    return " ".join(stem for stem in stems for _ in range(OWN if stem in own else LENT))


def context_of(earlier: Sequence[str]) -> str:
    """What a follow-up leans on, of the user's messages before it, oldest first: the last, and where that leans itself,
    the one before too. (The assistant's answers were tried and brought nothing: docs/memory/recall.md.)"""
    taken: list[str] = []
    for text in reversed(earlier[-BACK:]):
        taken.append(text[:CONTEXT])
        if not leans(text):
            break
    return "\n".join(reversed(taken))


def _points_out(text: str) -> bool:
    """Whether a pronoun stands for something that the question itself does not name before it."""
    found = _POINTS.search(text)
    if found is None:
        return False
    # German writes every noun with a capital, so there it tells nothing.
    return guess_language(tokenise(text)) == "german" or not _NAME.search(text, 1, found.start())


def _telling(text: str) -> int:
    words = tokenise(text)
    stop = STOPWORDS["english"] | STOPWORDS.get(guess_language(words), frozenset()) | _FILLERS
    return len({word for word in words if word not in stop})
