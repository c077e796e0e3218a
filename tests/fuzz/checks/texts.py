"""What is made of a text that anybody may have written: for the embedder, for word search, for the prompt, for facts."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from graphs.inert import folded, on_one_line, visible, without_marks
from graphs.memory.chunking import CHUNK_CHARACTERS, chunks, sentences
from graphs.memory.continuing import only_continues
from graphs.memory.digests.daily import Spoken
from graphs.memory.digests.extractive import extractive
from graphs.memory.facts.commands import command_in
from graphs.memory.facts.instructing import commands, hijacks, instructs
from graphs.memory.facts.passages import CUT, orders, own_words, unquoted
from graphs.memory.facts.person import points_back, speaks_of_self
from graphs.memory.facts.records import Fact, plain
from graphs.memory.facts.verify import check
from graphs.memory.normalise import normalise
from graphs.memory.ranking.asking import ends_asking, only_asks
from graphs.memory.ranking.followup import leans
from graphs.memory.ranking.oneself import asks_of_self
from graphs.memory.ranking.question import read_question
from graphs.memory.stem import LONGEST_WORD, stem_query, stem_text, tokenise
from graphs.models.estimate import estimate
from graphs.sensitive import PASSES, Sensitive, find, holds_secret, masked
from graphs.titles import cleaned, shortened
from tests.fuzz.checks.bounds import in_time, size_of

SOME_ID: Final = UUID(int=7)
SAID_AT: Final = datetime(2026, 5, 4, tzinfo=UTC)
WIDEST: Final = 18
"""Letters that one sign stands for at the most, in the one form of each letter (NFKC): U+FDFA."""

HANGING: Final = re.compile(rf"(?:\[\w+\]){{{PASSES}}}")
"""So many masks in a row that there may be more behind them."""

READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    read.__name__: read
    for read in (
        visible, folded, without_marks, on_one_line, normalise, chunks, sentences, stem_text, stem_query, tokenise,
        own_words, unquoted, orders, plain, speaks_of_self, points_back, instructs, hijacks, commands, command_in,
        find, holds_secret, estimate, shortened, cleaned, leans, asks_of_self, only_continues, ends_asking, only_asks,
    )
} | {
    "read_question": lambda text: read_question(text, now=SAID_AT),
    "extractive": lambda text: extractive([Spoken(SOME_ID, SOME_ID, "user", text, SAID_AT)]),
}  # fmt: skip


def check_readers(text: str) -> None:
    """Nothing that reads a text breaks at one, or takes long."""
    size = size_of(text)
    for name, read in READERS.items():
        with in_time(size, name):
            read(text)


def check_rendering(text: str) -> None:
    """What stands in a prompt as data is on one line, and nothing that could end the data, or be copied as an image."""
    shown = on_one_line(text)
    assert len(shown.splitlines()) <= 1
    assert not set(shown) & set("<>＜＞﹤﹥"), shown  # noqa: RUF001
    assert "![" not in shown
    assert on_one_line(shown) == shown, "what was rendered once changes when it is rendered again"
    assert visible(visible(text)) == visible(text)


def check_normalised(text: str) -> None:
    """On one line, no longer than it was but for letters that are two in lower case."""
    shown = normalise(text)
    assert shown == " ".join(shown.split())
    assert len(shown) <= 2 * len(text)


def check_chunked(text: str) -> None:
    """Nothing of a text is lost, nothing comes that was not there, and no part is too long."""
    parts = chunks(text)
    said = "".join(text.split())
    assert all(len(part) <= CHUNK_CHARACTERS for part in parts), [len(part) for part in parts]
    at = 0
    for part in parts:
        words = "".join(part.split())
        assert words
        found = said.rfind(words, 0, at + len(words))
        assert found >= 0, "a part begins behind what the one before it ended with, or is not of the text"
        at = found + len(words)
    assert at == len(said)


def check_stemmed(text: str) -> None:
    """Words without spaces in them, a bounded number."""
    words = tokenise(text)
    assert all(word and len(word.split()) == 1 for word in words)
    assert all(len(word) <= LONGEST_WORD for word in words)
    assert sum(map(len, words)) <= 6 * WIDEST * len(text)
    assert set(stem_query(text).split()) <= set(stem_text(text).split()) or not words


def check_masked(text: str) -> None:
    """What was masked once stays as it is, and nothing of its kind is left."""
    for kinds in (set(Sensitive), {Sensitive.SECRET}, {Sensitive.EMAIL, Sensitive.PHONE}):
        shown = masked(text, kinds)
        assert masked(shown, kinds) == shown or HANGING.search(shown), (shown, masked(shown, kinds))
    spans = find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


def check_own_words(text: str) -> None:
    """Nothing that was not said."""
    own = own_words(text)
    letters = set(unicodedata.normalize("NFKC", text))
    assert set(unicodedata.normalize("NFKC", own.replace(CUT.strip(), ""))) <= letters | set("<>|\n ")
    assert len(own) <= len(text) + len(CUT) * (1 + text.count("\n") + len(text) // 2)


def check_fact(statement: str, quote: str, message: str) -> None:
    """What a model says that somebody said."""
    fact = Fact(statement, quote, SOME_ID, SAID_AT)
    own = own_words(message)
    with in_time(size_of(statement) + size_of(quote) + size_of(message), "check"):
        dropped = check(fact, {SOME_ID: own})
    assert dropped is not None or plain(quote) in plain(own)


EACH: Final = (
    check_readers, check_rendering, check_normalised, check_chunked, check_stemmed, check_masked, check_own_words
)  # fmt: skip


def check_text(text: str) -> None:
    """All of it."""
    for each in EACH:
        each(text)
