"""What an import may be: readers that turn a body into numbered lines, by its media type. An archive is one whatever
type it was sent as.

A reader gets the body in pieces as they arrive and gives `(number, Line)`, the number being what an error would name.
It keeps no more of the body in memory than a line, or of an archive a conversation. Raises `InvalidLine` at the first
line that breaks a rule, and `InvalidArchive`.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable
from functools import partial

from pydantic import ValidationError

from app.errors import InvalidLine, UnsupportedMedia
from app.transfer.archives.reading import BEGINS, read_archive
from app.transfer.archives.trees import Skipped
from app.transfer.lines import Line

LINE_LIMIT = 8 * 1024 * 1024
"""Bytes: a message of the longest content, every character of it escaped."""

Lines = AsyncIterator[tuple[int, Line]]
Reader = Callable[[AsyncIterable[bytes]], Lines]
UNPACKED = 4
"""Times the longest import: what the conversations of an archive may unpack to."""


async def read_ndjson(body: AsyncIterable[bytes]) -> Lines:
    """JSON Lines in UTF-8; empty lines are passed over."""
    number = 0
    async for raw in _split(body):
        number += 1
        text = raw.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else raw.strip()
        if text:
            yield number, parse(number, text)


async def _read_lines(body: AsyncIterable[bytes], archive: Reader) -> Lines:
    """Lines of ours; of an archive that was sent as such, what `archive` reads in it."""
    pieces = aiter(body)
    first = b""
    async for piece in pieces:
        first += piece
        if len(first) >= len(BEGINS):
            break
    reader = archive if first.startswith(BEGINS) else read_ndjson
    async for numbered in reader(_again(first, pieces)):
        yield numbered


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def parse(number: int, text: bytes) -> Line:
    """The line. Raises `InvalidLine` that names the field and the rule, and nothing of what it holds."""
    try:
        return Line.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        field = ".".join(map(str, first["loc"]))[:100]
        rule = re.sub(r" at line 1 (column \d+)", r" at \1", first["msg"]).removeprefix("Value error, ")
        raise InvalidLine(number, f"{field}: {rule}" if field else rule) from None


async def _split(body: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    rest, number = bytearray(), 0
    async for piece in body:
        rest += piece
        # A long line is looked through once, not again with each piece of it.
        lines = rest.split(b"\n") if b"\n" in piece else [rest]
        rest = lines.pop()
        for line in lines:
            number += 1
            yield bytes(_bounded(line, number))
        _bounded(rest, number + 1)
    if rest:
        yield bytes(rest)


def _bounded(line: bytearray, number: int) -> bytearray:
    if len(line) > LINE_LIMIT:
        raise InvalidLine(number, f"is longer than {LINE_LIMIT} bytes")
    return line


NDJSON = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})
ZIP = frozenset({"application/zip", "application/x-zip-compressed"})


def reader_for(content_type: str, skipped: Skipped, limit: int) -> Reader:
    """The reader for a body of that `Content-Type`. `limit`: of the body, bytes; what is left out is counted in
    `skipped`. Raises `UnsupportedMedia`."""
    media_type = content_type.partition(";")[0].strip().lower()
    archive = partial(read_archive, skipped=skipped, limit=UNPACKED * limit)
    if media_type in NDJSON:
        return partial(_read_lines, archive=archive)
    if media_type in ZIP:
        return archive
    raise UnsupportedMedia(
        "An import is application/x-ndjson (Memocha's own lines, one JSON object a line) or application/zip (ChatGPT's "
        "or Claude's export as it came)."
    )
