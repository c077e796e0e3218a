"""The elements of a JSON array, one at a time, while its bytes arrive: what is held is one of them.

`ijson` cuts; what it cuts is put together here, since nesting, size and number of what stands in a file that anybody
may have made must have an end.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import ijson

from app.errors import ArchiveTooLarge, InvalidArchive, UnknownArchive

DEEPEST = 100
"""Lists and objects in one another."""
LONGEST = 64 * 1024 * 1024
"""Bytes of one element."""
MOST_VALUES = 2_000_000
"""Of one element: many small ones take far more memory than bytes."""
MARK = b"\xef\xbb\xbf"


def elements(name: str, pieces: Iterable[bytes]) -> Iterator[Any]:
    """What stands in the array that the pieces make up; `name` is the file's, for errors.

    Raises `InvalidArchive`; `UnknownArchive` where it is JSON and no array.
    """
    events = ijson.sendable_list()
    parser = ijson.basic_parse_coro(events)
    assembly = _Assembly(name)
    for number, piece in enumerate(pieces):
        with _json_errors(name):
            parser.send(piece.removeprefix(MARK) if number == 0 else piece)
        assembly.arrived(len(piece))
        yield from assembly.take(events)
        del events[:]
    with _json_errors(name):
        parser.close()
    yield from assembly.take(events)


@contextmanager
def _json_errors(name: str) -> Iterator[None]:
    try:
        yield
    # ValueError: a number or a string that Python does not take.
    except (ijson.JSONError, ValueError) as error:
        raise InvalidArchive(f"{name} is not JSON in UTF-8, or breaks off") from error


class _Assembly:
    """Values out of events."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Any] = []
        """Lists and objects that have not ended, the whole array first."""
        self._keys: list[str] = []
        """Of those, the keys that wait for their values."""
        self._values = 0
        self._bytes = 0

    def arrived(self, count: int) -> None:
        """So many bytes more were read. Raises `ArchiveTooLarge`."""
        self._bytes += count
        if self._bytes > LONGEST:
            raise ArchiveTooLarge(f"a conversation in {self._name} is longer than {LONGEST // 1024**2} MiB")

    def take(self, events: Iterable[tuple[str, Any]]) -> Iterator[Any]:
        """The elements that have ended with these events."""
        for event, value in events:
            if event == "map_key":
                self._keys[-1] = value
            elif event in ("end_map", "end_array"):
                made = self._open.pop()
                self._keys.pop()
                if len(self._open) == 1:
                    self._values = self._bytes = 0
                    yield made
            elif event in ("start_map", "start_array"):
                self._begin({} if event == "start_map" else [])
            elif len(self._open) == 1:
                yield value
            else:
                self._put(value)

    def _begin(self, made: Any) -> None:
        if not self._open and not isinstance(made, list):
            raise UnknownArchive(f"{self._name} holds no list of conversations")
        if len(self._open) >= DEEPEST:
            raise InvalidArchive(f"{self._name} is nested more than {DEEPEST} deep")
        if len(self._open) > 1:
            self._put(made)
        self._open.append(made)
        self._keys.append("")

    def _put(self, value: Any) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise ArchiveTooLarge(f"a conversation in {self._name} holds more than {MOST_VALUES} values")
        if not self._open:
            raise UnknownArchive(f"{self._name} holds no list of conversations")
        into = self._open[-1]
        if isinstance(into, dict):
            into[self._keys[-1]] = value
        else:
            into.append(value)
