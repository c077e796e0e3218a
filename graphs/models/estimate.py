"""How many tokens a text takes at the most, where no tokenizer of the model is at hand."""

import math
import re
from typing import Final

# Runs of Latin letters, single digits (Qwen gives each its own token), blanks, anything else.
_PIECE: Final = re.compile(r"[A-Za-zÀ-ɏ]+|[0-9]|\s+|.", re.DOTALL)
_LETTERS_PER_TOKEN: Final = 4
# Tokens a character by where its script ends, set so that Qwen 2.5 needs no more for plain text in it.
_BY_SCRIPT: Final = (
    (0x0250, 1.0),  # ASCII and Latin signs
    (0x0400, 1.0),  # Greek
    (0x0900, 0.75),  # Cyrillic, Hebrew, Arabic
    (0x0E00, 1.25),  # the scripts of India
    (0x1E00, 0.9),  # Thai, Georgian, Korean's parts, Ethiopic
    (0x2010, 2.0),
    (0x2030, 1.0),  # dashes, quotation marks
    (0x2E80, 2.0),  # symbols
    (0x10000, 1.0),  # Chinese, Japanese, Korean
    (0x110000, 4.0),  # emoji and rare scripts: at worst, a token a byte
)


def estimate(text: str) -> int:
    """A count that is rather too high than too low, by script."""
    return math.ceil(sum(map(_weight, _PIECE.findall(text))))


def _weight(piece: str) -> float:
    if piece.isspace():
        # One blank belongs to the word behind it.
        return 0.0 if piece == " " else 1.0 + len(piece) / 8
    if len(piece) > 1:
        return _of_word(piece)
    first = ord(piece)
    return next(weight for end, weight in _BY_SCRIPT if first < end)


def _of_word(word: str) -> float:
    letters = len(word)
    if letters > 2 and not (word[1:].islower()):
        # Capitals and codes are in no vocabulary.
        return 1 + letters / 1.6
    return 1 + (letters - 1) // _LETTERS_PER_TOKEN + (0 if word.isascii() else 1)
