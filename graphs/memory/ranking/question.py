"""What a question asks for, as far as its words tell: of whom, of when, and of one thing or of several."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from graphs.memory.normalise import normalise
from graphs.memory.stem import stem_query
from graphs.memory.stopwords import STOPWORDS
from graphs.memory.times import When, times

_DID = (
    "recommended|suggested|advised|proposed|mentioned|told|said|gave|given|explained|wrote|written|listed|described|"
    "offered|came up|warned|helped|showed|shown|drafted|taught|shared|introduced|called"
)
_WORKS = "suggestion|recommendation|advice|tip|answer|explanation|draft|idea|list|recipe|proposal|plan|version"
_WERKE = "vorschl|empfehl|tipp|rat\\b|antwort|idee|rezept|liste|entwurf"
_HANZI_DID = "推荐|建议|告诉|说|提到|分享|介绍|讲|教|提供|给"
_HANZI_BEFORE = "曾经?|之前|上次|当时|都|还|又|给我|向我|和我|跟我|为我|有|过|了|对我|在[^，。？?]{0,8}"  # noqa: RUF001

# Spoken to the assistant about what it said. "You" alone is no sign: "do you know what I..." asks for the user's words.
_OF_THE_ASSISTANT = re.compile(
    r"\b(?:did|had|have|were|was) you (?!know|remember|recall|see\b|say i\b)\w+"
    rf"|\byou(?:'ve|'d)? (?:ever |once |also |first |already |just )?(?:{_DID})\b"
    rf"|\byour (?:{_WORKS})s?\b"
    r"|\b(?:hast|hattest) du\b(?! (?:dir |noch )?(?:gemerkt|gewusst))|\bdu (?:mir|hast|hattest)\b"
    rf"|\bdein(?:e|er|en|em)? (?:{_WERKE})"
    rf"|你(?:{_HANZI_BEFORE}){{0,4}}(?:{_HANZI_DID})"
    r"|\b(?:tu m'as|vous m'avez|me (?:recomendaste|dijiste|sugeriste))\b",
    re.IGNORECASE,
)
_TO_THE_ASSISTANT = re.compile(
    r"\bi\b[^.?!]{0,30}\b(?:told|recommend|suggest|mention|said|shared?|asked?|gave|introduc)\w*"
    r"|\bich (?:dir|habe|hatte)\b"
    rf"|我[^，。？?]{{0,12}}你[^，。？?]{{0,6}}(?:{_HANZI_DID})",  # noqa: RUF001
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:what|which|who)\b(?: \w+){0,2} (?!(?:is|was|has|does|his|this|its|yes)\b)\w{2,}s\b"
    r"|\bhow many\b|\bboth\b|\ball\b|\bevery\b|\bdifferent\b|\btypes?\b|\bkinds?\b|\beach of\b|\blist\b"
    r"|\bwelche[nr]? \w+(?:e|en|er|s)\b|\bwie viele\b|\balle\b|哪些|几[个次种]|都有",
    re.IGNORECASE,
)
_ANCHOR = re.compile(
    r"\b(?P<side>before|after|since|bevor|nachdem|seitdem|seit)\s+"
    r"(?P<clause>(?:i|we|my|our|the|ich|wir|mein\w*|unser\w*)\b[^,;.?!]{4,80})",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
READ = 1000
"""Characters of a question that are read for whom and when it asks: what comes after is pasted, not asked."""
EMBEDDED = 4000
"""Characters of a question that are embedded: more than embedders see of it."""

_WORDS = (
    STOPWORDS["english"] | STOPWORDS["german"] | {"will", "may", "mark", "rose", "hope", "art", "bill", "sue", "joy"}
)
"""Words that are names too."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event by which a question names a time: "before I moved"."""

    side: Literal["before", "after"]
    clause: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read."""

    text: str
    meaning: str
    """What is embedded."""
    words: tuple[str, ...]
    """Its telling stems, each once; names of those who speak are left out while anything else is there."""
    people: frozenset[str] = frozenset()
    """Those who speak in memories and are named."""
    about: Literal["user", "assistant"] = "user"
    """Whose words answer it, in a talk with the assistant."""
    several: bool = False
    """Whether it asks for several things."""
    when: tuple[When, ...] = ()
    anchor: Anchor | None = field(default=None)
    context: str = ""
    """What it leans on; empty where it stands by itself."""


def read_question(text: str, *, now: datetime, speakers: Collection[str] = (), keep_names: bool = False) -> Question:
    """Read a question. `speakers`: who has a name in the user's memories; `keep_names`: leave them in `meaning`."""
    head = text[:READ]
    named = frozenset(name for name in speakers if _named(name).search(head))
    spare = text
    for name in named:
        spare = _named(name).sub(" ", spare)
    spare = _SPACE.sub(" ", spare).strip()
    if not any(char.isalnum() for char in spare):
        spare = text
    return Question(
        text=text,
        meaning=normalise((text if keep_names else spare)[:EMBEDDED]) or text[:EMBEDDED],
        words=tuple(stem_query(spare).split()),
        people=named,
        about="assistant" if _OF_THE_ASSISTANT.search(head) and not _TO_THE_ASSISTANT.search(head) else "user",
        several=bool(_SEVERAL.search(spare[:READ])),
        when=times(head, now.date()),
        anchor=_anchor(head),
    )


def read_followup(
    text: str, context: str, *, now: datetime, speakers: Collection[str] = (), keep_names: bool = False
) -> Question:
    """Read a question that leans on `context`: what it is about is told by both, what it asks for by itself alone."""
    own = read_question(text, now=now, speakers=speakers, keep_names=keep_names)
    both = read_question(f"{context}\n{text}", now=now, speakers=speakers, keep_names=keep_names)
    return replace(own, meaning=both.meaning, words=both.words, people=own.people or both.people, context=context)


def _anchor(text: str) -> Anchor | None:
    match = _ANCHOR.search(text)
    if match is None:
        return None
    side: Literal["before", "after"] = "before" if match["side"].casefold() in ("before", "bevor") else "after"
    return Anchor(side, match["clause"].strip())


def _named(name: str) -> re.Pattern[str]:
    """The name as a word; its first part alone too, since people are called by it. Small letters do as well, but where
    the name is a word of its own ("Will", "May"). Scripts without spaces have no borders of words to look for."""
    first = name.split()[0] if name.split() else name
    # A letter cannot be told from "I" and "a".
    forms = [form for form in dict.fromkeys((name, first)) if len(form) > 1 or not form.isascii()]
    if not forms:
        return re.compile(r"(?!)")
    words = "|".join(re.escape(form) if form.casefold() in _WORDS else f"(?i:{re.escape(form)})" for form in forms)
    before, after = ("", "") if _unspaced(name) else (r"(?<!\w)", r"(?!\w)")
    return re.compile(rf"{before}(?:{words})(?:'s|’s)?{after}")  # noqa: RUF001


def _unspaced(name: str) -> bool:
    return any("\u3040" <= char <= "\u9fff" or "\u0e00" <= char <= "\u0eff" for char in name)
