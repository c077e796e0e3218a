"""Pages of a list that is ordered by a time and an id."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID

from app.db.errors import InvalidCursor

T = TypeVar("T")
Position = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of a list, and where it goes on."""

    items: list[T]
    next_cursor: str | None
    """Give it to the same list for what follows; None: there is no more."""


def page(rows: Sequence[T], limit: int, position: Callable[[T], Position]) -> Page[T]:
    """A page of `limit` out of up to `limit + 1` rows that were read."""
    items = list(rows[:limit])
    return Page(items, write_cursor(position(items[-1])) if len(rows) > limit else None)


def write_cursor(position: Position) -> str:
    """The position as clients hold it."""
    at, row = position
    return urlsafe_b64encode(f"{at.astimezone(UTC).isoformat()} {row}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> Position:
    """The position that a cursor stands for. Raises `InvalidCursor`."""
    try:
        at, row = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        moment, row_id = datetime.fromisoformat(at), UUID(row)
    except ValueError as error:
        raise InvalidCursor(f"not a cursor: {cursor[:80]!r}") from error
    if moment.tzinfo is None:
        raise InvalidCursor("a cursor whose time has no zone")
    return moment, row_id


def like(words: str) -> str:
    """A pattern for ILIKE that finds the words as they are, anywhere."""
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
