"""Time in proportion to what was given: what takes longer looks at it again and again."""

import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 0.2
"""Seconds of processor time that anything may take."""
A_CHARACTER = 60e-6
"""Seconds more for each character: ten times what the slowest takes (2.7 us on a quiet machine, more where each line of
Python is counted), and a hundredth of what a pattern that looks back takes of some thousands."""


@contextmanager
def in_time(size: int, what: str) -> Iterator[None]:
    """Raises AssertionError where what is done within takes longer than `size` characters may."""
    began = time.thread_time()
    yield
    took = time.thread_time() - began
    assert took <= AT_ONCE + A_CHARACTER * size, f"{what} took {took:.2f} s for {size} characters"


def size_of(text: str) -> int:
    """Characters, as they are once they have one form: one sign may stand for eighteen letters."""
    return len(unicodedata.normalize("NFKC", text))
