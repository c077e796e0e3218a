"""Whatever is sent to be imported: lines, archives, and the trees in them."""

import asyncio
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app.errors import InvalidArchive, InvalidLine
from app.transfer.archives import chatgpt, claude
from app.transfer.archives.reading import read_archive
from app.transfer.lines import Line
from app.transfer.sources import parse, read_ndjson
from app.transfer.staging import Stager
from tests.fuzz.checks.bounds import in_time

NOW: Final = datetime(2026, 5, 4, tzinfo=UTC)
TOLD: Final = re.compile(r"zq\w*zq")
"""What is nobody's business: an error does not repeat it."""
LIMIT: Final = 4 * 1024 * 1024
"""Bytes that an archive may unpack to here."""


def check_lines(body: bytes, size: int = 997) -> None:
    """Lines of ours, or an error that has a name and repeats nothing that was said; the same however they are cut."""
    with in_time(3 * len(body), "lines"):
        whole = _read(read_ndjson(_pieces(body, len(body) or 1)))
        assert _read(read_ndjson(_pieces(body, size))) == whole
        _check_staged(whole[0])
    assert not TOLD.search(whole[1]), whole[1]


def check_tree(given: Any) -> None:
    """A conversation of an archive becomes lines that can be stored, each message after the one it answers."""
    size = len(str(given))
    for form in (chatgpt, claude):
        if not form.is_conversation(given):
            continue
        with in_time(4 * size, form.__name__):
            lines = form.conversation(given, Counter())
        _check_staged(list(enumerate(lines, 1)))
        said: set[str | None] = {None}
        for line in lines:
            if line.message is not None:
                assert line.message.parent in said
                said.add(line.message.id)


def check_archive(body: bytes, runner: asyncio.Runner) -> None:
    """Lines, or `InvalidArchive` that repeats nothing that was said."""

    async def read() -> list[tuple[int, Line]]:
        return [each async for each in read_archive(_pieces(body, 4096), Counter(), LIMIT)]

    with in_time(LIMIT // 100 + 4 * len(body), "archive"):
        lines, said = [], ""
        try:
            lines = runner.run(read())
        except InvalidArchive as error:
            said = str(error)
    assert not TOLD.search(said), said
    _check_staged(lines)


def zipped(content: bytes, *, stored: bool = False) -> bytes:
    """An archive with that as its conversations."""
    file = io.BytesIO()
    kind = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.writestr("conversations.json", content)
    return file.getvalue()


def _check_staged(lines: Iterable[tuple[int, Line]]) -> None:
    """They are put aside as they are, and come back so."""
    stager = Stager(UUID(int=1), NOW)
    for number, line in lines:
        again = line.to_json()
        assert parse(number, again.encode()) == line
        json.loads(again)
        try:
            row = stager.take(number, line)
        except InvalidLine:
            return
        assert "\x00" not in row.line
        assert Line.model_validate_json(row.line)
    stager.end()


def _read(lines: AsyncIterator[tuple[int, Line]]) -> tuple[list[tuple[int, Line]], str]:
    """What came, and the error that ended it. Nothing in it waits for anything, so it needs no loop."""
    found: list[tuple[int, Line]] = []

    async def read() -> None:
        async for each in lines:
            found.append(each)  # noqa: PERF401 - what came before the error counts

    try:
        read().send(None)
    except StopIteration:
        return found, ""
    except InvalidLine as error:
        return found, str(error)
    raise AssertionError("reading lines waited for something")


async def _pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(body), size):
        yield body[at : at + size]
