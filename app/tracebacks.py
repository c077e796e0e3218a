"""What a log tells of an error that nobody foresaw: where it came up, and of its words those that are nobody's.

An exception's words may hold the value that it is about: Pydantic's the input, Postgres' the row, a `ValueError`'s the
text that was no number.
"""

import traceback
from types import TracebackType
from typing import Final

from graphs.errors import MemochaError

FROM_CODE: Final = (
    MemochaError, OSError, ImportError, AttributeError, NameError, TypeError, RuntimeError, AssertionError,
    MemoryError,
)  # fmt: skip
"""Errors whose words are about the program, the machine or ids."""
LONGEST: Final = 300
"""Characters of such words."""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def traceback_of(exc_info: ExcInfo) -> str:
    """The lines of code that it came through, without their values, and of it and of what it came from the kind and
    the words that may be told."""
    told: list[str] = []
    known: set[int] = set()
    error: BaseException | None = exc_info[1]
    while error is not None and id(error) not in known:
        known.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__))
        told.append(f"Traceback (most recent call last):\n{frames}{words_of(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich came of:\n\n".join(told)


def words_of(error: BaseException) -> str:
    """Its kind, and its words where they are nobody's."""
    kind = type(error).__name__
    if isinstance(error, BaseExceptionGroup):
        return f"{kind}: {'; '.join(map(words_of, error.exceptions))}"
    if isinstance(error, UnicodeError) or not isinstance(error, FROM_CODE):
        return kind
    return f"{kind}: {str(error).splitlines()[0][:LONGEST]}" if str(error) else kind
