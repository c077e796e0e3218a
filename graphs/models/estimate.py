"""How many tokens a text takes at the most, where no tokenizer of the model is at hand."""

import math
import re
from typing import Final

# Runs of Latin letters, single digits (Qwen and Llama give each its own token), blanks, anything else.
_PIECE: Final = re.compile(r"[A-Za-zÀ-ÿ]+|[0-9]|\s+|.", re.DOTALL)
_LETTERS_PER_TOKEN: Final = 5
_EMOJI_AND_RARE: Final = 0x1F000
_FIRST_CJK: Final = 0x2E80
_FIRST_BEYOND_LATIN: Final = 0x0250


def estimate(text: str) -> int:
    """A count that is rather too high than too low, by script."""
    return math.ceil(sum(_weight(piece) for piece in _PIECE.findall(text)))


def _weight(piece: str) -> float:
    first = ord(piece[0])
    if piece[0].isspace():
        # One blank belongs to the word behind it.
        return 0.0 if piece == " " else 1.0 + len(piece) / 16
    if first < _FIRST_BEYOND_LATIN:
        letters = len(piece)
        tokens = 1 + (letters - 1) // _LETTERS_PER_TOKEN
        return tokens if piece.isascii() else tokens + 1
    if first < _FIRST_CJK:
        return 0.75
    return 3.0 if first >= _EMOJI_AND_RARE else 1.0
