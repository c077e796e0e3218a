"""Long texts in parts that an embedder can read whole."""

import re
from collections.abc import Iterator
from itertools import pairwise

from graphs.memory.normalise import normalise

CHUNK_TOKENS = 200
"""Longest chunk, in estimated tokens. The embedder sees 256; the rest is room for what the estimate misses."""
OVERLAP_TOKENS = 40
"""The last sentence of a chunk is repeated in the next where it is no longer than this."""
CHUNK_CHARACTERS = 2400
"""Longest chunk as stored, characters: code and tables count few tokens once normalised."""

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'»”)\]]*\s+|(?<=[。！？।])|\n+")  # noqa: RUF001
_WORD = re.compile(r"\w+|[^\w\s]")


def estimate_tokens(text: str) -> int:
    """About how many word pieces a text is, on the high side: scripts without spaces count a token a character."""
    return sum(1 + len(word) // 6 if word.isascii() else 1 + (2 * len(word)) // 3 for word in _WORD.findall(text))


def sentences(text: str) -> list[str]:
    """The text cut after each sentence and line; joined again they are the text, but for white space at the ends."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    parts = [text[start:end] for start, end in pairwise(cuts)]
    return [part for part in parts if part.strip()]


def chunks(text: str) -> list[str]:
    """The text in parts of at most `CHUNK_TOKENS`, cut between sentences where they allow it; a text that fits is
    one part as it is. Empty where there is nothing to read."""
    text = text.strip()
    if not text:
        return []
    if len(text) <= CHUNK_CHARACTERS and estimate_tokens(normalise(text)) <= CHUNK_TOKENS:
        return [text]
    # Of a sentence with a long run of blanks a half may be nothing else.
    return list(_pack([piece for sentence in sentences(text) for piece in _fit(sentence) if piece.strip()]))


def _pack(pieces: list[str]) -> Iterator[str]:
    current: list[str] = []
    tokens = characters = 0
    for piece in pieces:
        size = estimate_tokens(normalise(piece))
        if current and (tokens + size > CHUNK_TOKENS or characters + len(piece) > CHUNK_CHARACTERS):
            yield "".join(current).strip()
            last, overlap = current[-1], estimate_tokens(normalise(current[-1]))
            fits = len(last) + len(piece) <= CHUNK_CHARACTERS and overlap <= min(OVERLAP_TOKENS, CHUNK_TOKENS - size)
            repeated = len(current) > 1 and fits
            current, tokens, characters = ([last], overlap, len(last)) if repeated else ([], 0, 0)
        current.append(piece)
        tokens, characters = tokens + size, characters + len(piece)
    yield "".join(current).strip()


def _fit(sentence: str) -> Iterator[str]:
    """A sentence, in halves of halves where it alone is too long, cut at a space near the middle if there is one."""
    if len(sentence) <= CHUNK_CHARACTERS and estimate_tokens(normalise(sentence)) <= CHUNK_TOKENS:
        yield sentence
        return
    middle = len(sentence) // 2
    space = sentence.find(" ", middle, middle + 80)
    cut = space + 1 if space >= 0 else middle
    yield from _fit(sentence[:cut])
    yield from _fit(sentence[cut:])
