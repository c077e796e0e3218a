"""Words for word search: what an engine's BM25 counts, the same for a text and for a question.

An engine's own stemmer cannot be relied on (the embedded one ignores it), so words are stemmed here and the engine
splits at spaces only.
"""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby

import snowballstemmer

from graphs.memory.stopwords import SHARED, STOPWORDS

LONGEST_WORD = 40
"""Characters; longer ones are keys and hashes, of which the beginning is kept."""
GUESSED_FROM = 400
"""Characters of a text that its language is guessed from."""

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_SCRIPTS = {"CYRILLIC": "russian", "ARABIC": "arabic", "GREEK": "greek", "DEVANAGARI": "hindi", "TAMIL": "tamil",
            "ARMENIAN": "armenian", "HEBREW": "", "LATIN": ""}  # fmt: skip
# Scripts written without spaces, and Hangul, whose particles cling to the word: pairs of characters find what whole
# words would not.
_PAIRED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR", "BOPOMOFO")
_LATIN_LANGUAGES = {
    name: frozenset(word for word in words - SHARED if len(word) > 1)
    for name, words in STOPWORDS.items()
    if name != "russian"
}
_LANGUAGES_OF = {
    word: tuple(name for name, words in _LATIN_LANGUAGES.items() if word in words)
    for words in _LATIN_LANGUAGES.values()
    for word in words
}


def stem_text(text: str) -> str:
    """The words of a text, stemmed, one space between; every occurrence counts, stop words too."""
    words = tokenise(text)
    return " ".join(_stemmed(words, guess_language(words)))


def stem_query(text: str) -> str:
    """The words of a question: as `stem_text`, without stop words and each once. Where nothing else was said ("who
    are you?"), the stop words stay."""
    words = tokenise(text)
    language = guess_language(words)
    stop = STOPWORDS["english"] | STOPWORDS.get(language, frozenset())
    telling = [word for word in words if word not in stop]
    return " ".join(dict.fromkeys(_stemmed(telling or words, language)))


def tokenise(text: str) -> list[str]:
    """Lower-case words of any script, in order. Runs of scripts without spaces come as overlapping pairs."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")  # noqa: RUF001
    if text.isascii():
        return [word[:LONGEST_WORD] for word in _ASCII_WORD.findall(text)]
    words: list[str] = []
    for kind, run in groupby(text, key=_kind):
        word = "".join(run)
        if kind == "pairs":
            words += _pairs(word)
        elif kind == "word":
            words.append(word[:LONGEST_WORD])
    return words


def guess_language(words: list[str]) -> str:
    """A language that there is a stemmer for, by script and by stop words; English where nothing tells."""
    sample = [word for word in words[: GUESSED_FROM // 5] if word.isalpha()]
    scripts = [_script(word[0]) for word in sample if not word.isascii()]
    for script in scripts:
        if _SCRIPTS.get(script):
            return _SCRIPTS[script]
    counts = Counter(name for word in sample for name in _LANGUAGES_OF.get(word, ()))
    return max(_LATIN_LANGUAGES, key=lambda name: (counts[name], name == "english")) if counts else "english"


def _stemmed(words: list[str], language: str) -> list[str]:
    """The guess may differ between a short question and the text that answers it, so a word of another language is
    put in by its English stem as well: one of the two is common to both."""
    result: list[str] = []
    for word in words:
        english = _stem("english", word)
        result.append(english)
        if language != "english" and (other := _stem(language, word)) != english:
            result.append(other)
    return result


@lru_cache(maxsize=50_000)
def _stem(language: str, word: str) -> str:
    # A stemmer holds the word it works on, so each call takes its own (8 us): threads may stem at once.
    stem: str = snowballstemmer.stemmer(language).stemWord(word)
    return stem if stem.isascii() else _fold(stem) or word


def _fold(word: str) -> str:
    """Latin and Greek letters without accents, since people leave them out."""
    if _script(word[0]) not in ("LATIN", "GREEK"):
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _pairs(run: str) -> list[str]:
    """Each two neighbours, and single ideographs, which are words of their own."""
    pairs = [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return pairs + [char for char in run if _script(char) == "CJK" and len(run) > 1]


@lru_cache(maxsize=20_000)
def _kind(char: str) -> str:
    # By category, not \w: the vowel signs of Indian scripts are marks, and would cut every word in pieces.
    if unicodedata.category(char)[0] not in "LNM":
        return ""
    return "pairs" if _script(char) in _PAIRED else "word"


@lru_cache(maxsize=20_000)
def _script(char: str) -> str:
    return unicodedata.name(char, "").split(" ")[0].split("-")[0]
