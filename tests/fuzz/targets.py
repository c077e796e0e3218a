"""What bytes of a coverage-guided fuzzer are made into: an input of each check."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import numpy as np

from graphs.memory.index import IndexEntry, IndexFilter
from graphs.memory.records import MemoryKind
from tests.fuzz.checks.dates import FIRST, LAST, check_dates
from tests.fuzz.checks.environment import NAMES, SECRETS, check_secret_file, check_settings
from tests.fuzz.checks.filters import check_filter, check_literal
from tests.fuzz.checks.imports import check_archive, check_lines, check_tree, zipped
from tests.fuzz.checks.streams import check_stream
from tests.fuzz.checks.texts import check_fact, check_text
from tests.fuzz.words import PIECES

Target = Callable[[bytes], None]
REPEATED: Final = 6_000
"""Characters that a piece is repeated to: what looks back takes long by then."""
KINDS: Final = tuple(MemoryKind)
VECTOR: Final = np.zeros(1, dtype=np.float32)
EPOCH: Final = datetime(2026, 5, 4, tzinfo=UTC)


def text_of(data: bytes) -> str:
    """By the first byte: UTF-8, pieces by their numbers, or some of them over and over."""
    if not data:
        return ""
    kind, rest = data[0] % 4, data[1:]
    if kind == 0:
        return rest.decode("utf-8", "ignore")
    text = "".join(PIECES[number] if number < len(PIECES) else chr(number) for number in rest[:400])
    if kind < 3 or not text:
        return text[: REPEATED // 2]
    first = len(text) // 4
    again = text[first : first + 24]
    return text[:first] + again * (REPEATED // len(again) if again else 0) + text[-first:]


def texts(data: bytes) -> None:
    check_text(text_of(data))


def facts(data: bytes) -> None:
    third = len(data) // 3
    message = text_of(b"\1" + data[: 2 * third])
    check_fact(text_of(b"\1" + data[2 * third :]), message[len(message) // 3 : len(message) // 2], message)


def dates(data: bytes) -> None:
    days = int.from_bytes(data[:3], "big") % ((LAST - FIRST).days + 1)
    check_dates(text_of(data[3:]), FIRST + timedelta(days=days), data[-10:].decode("latin-1"))


def filters(data: bytes) -> None:
    check_literal(data.decode("utf-8", "ignore"))
    numbers = [*data[:40].ljust(40, b"\0")]
    wanted = IndexFilter(
        _id(numbers[0]) or UUID(int=1),
        session_id=_id(numbers[1]),
        kinds=frozenset(kind for at, kind in enumerate(KINDS) if numbers[2] & 1 << at),
        since=_moment(numbers[3]),
        until=_moment(numbers[4]),
        hidden_session=_id(numbers[5]),
        hidden_from_seq=numbers[6] % 8,
    )
    rows = [numbers[at : at + 5] for at in range(10, 40, 5)]
    check_filter(wanted, [_entry(*row) for row in rows])


def lines(data: bytes) -> None:
    check_lines(data[1:], data[0] + 1 if data else 1)


def trees(data: bytes) -> None:
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        return
    for conversation in given if isinstance(given, list) else [given]:
        check_tree(conversation)


def archives(data: bytes) -> None:
    kind, rest = (data[0] % 4, data[1:]) if data else (0, b"")
    body = rest if kind == 0 else zipped(rest[8:], stored=kind == 1)
    if kind == 3 and body:
        # Damaged at eight places.
        broken = bytearray(body)
        for number in rest[:8]:
            broken[(number * 37) % len(broken)] ^= number
        body = bytes(broken)
    check_archive(body, _runner())


def streams(data: bytes) -> None:
    check_stream(data[4:], [number * 7 for number in data[:4]])


def environment(data: bytes) -> None:
    value = data[2:].decode("utf-8", "ignore").replace("\0", "")
    if data and data[0] % 4 == 0:
        check_secret_file(data[2:], SECRETS[data[1] % len(SECRETS) if len(data) > 1 else 0])
        return
    named = [NAMES[number % len(NAMES)] for number in data[:2]]
    check_settings(dict.fromkeys(named, value))


TARGETS: Final[Mapping[str, Target]] = {
    target.__name__: target
    for target in (texts, facts, dates, filters, lines, trees, archives, streams, environment)
}  # fmt: skip


def _id(number: int) -> UUID | None:
    return UUID(int=number % 3) if number % 4 else None


def _moment(number: int) -> datetime | None:
    return EPOCH + timedelta(milliseconds=number % 16) if number % 3 else None


def _entry(user: int, session: int, kind: int, seq: int, at: int) -> IndexEntry:
    return IndexEntry(
        id=UUID(int=seq), user_id=UUID(int=user % 3), kind=KINDS[kind % len(KINDS)], words="", vector=VECTOR,
        created_at=_moment(at) or EPOCH, session_id=_id(session), seq=seq % 8,
    )  # fmt: skip


_runners: list[Any] = []


def _runner() -> asyncio.Runner:
    """One for all inputs of a process: a loop of its own for each takes longer than what is tried."""
    if not _runners:
        _runners.append(asyncio.Runner())
    runner: asyncio.Runner = _runners[0]
    return runner
