"""From bytes to lines: where they are cut, and what is refused in which words."""

import json
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from app.errors import InvalidArchive, InvalidLine, UnsupportedMedia
from app.transfer import sources
from app.transfer.lines import Line
from app.transfer.sources import read_ndjson, reader_for
from tests.unit.transfer.archives.support import claude, told, zipped

BODY = (
    '\ufeff{"session": {"id": "s", "title": "Öl"}}\r\n\n'
    '{"message": {"role": "user", "content": "grüß dich 🙂"}}\n'
    '   \n{"memory": {"text": "tea"}}'
).encode()


async def pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(body: bytes, size: int = 65536) -> list[tuple[int, Line]]:
    return [each async for each in read_ndjson(pieces(body, size))]


@pytest.mark.parametrize("size", range(1, 40))
async def test_lines_are_the_same_however_the_body_is_cut(size: int) -> None:
    lines = await read(BODY, size)
    assert [number for number, _ in lines] == [1, 3, 5]
    assert [json.loads(line.to_json()) for _, line in lines] == [
        {"session": {"id": "s", "title": "Öl"}},
        {"message": {"role": "user", "content": "grüß dich 🙂"}},
        {"memory": {"text": "tea"}},
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"{}", "needs exactly one of session, message, memory and me"),
        (b'{"session": null}', "needs exactly one"),
        (b'{"session": {}, "memory": {"text": "x"}}', "needs exactly one"),
        (b'{"session": {"name": "x"}}', "session.name: Extra inputs are not permitted"),
        (b'{"session": {"id": ""}}', "session.id: String should have at least 1 character"),
        (b'{"session": {"id": "\\u0000"}}', "session.id: contains a NUL"),
        (b'{"session": {"created_at": "2024-05-01T10:00:00"}}', "session.created_at: Input should have timezone info"),
        (b'{"session": {"created_at": "0001-01-01T00:00:00+14:00"}}', "is not between the years 1900 and 2200"),
        (b'{"message": {"role": "system", "content": "x"}}', "message.role: Input should be 'user' or 'assistant'"),
        (b'{"message": {"role": "user"}}', "message.content: Field required"),
        (b'{"message": {"role": "user", "content": "' + b"x" * 1_000_001 + b'"}}', "at most 1000000 characters"),
        (b'{"memory": {"text": "x", "kind": "dream"}}', "memory.kind: Input should be 'fact', 'episode' or 'digest'"),
        (b'{"memory": {"text": "x", "kind": "digest"}}', "memory: a digest needs the time of its day"),
        (b'{"memory": {"text": "x", "recalled": -1}}', "memory.recalled: Input should be greater than or equal to 0"),
    ],
)
async def test_a_bad_line_is_named_with_its_rule(line: bytes, said: str) -> None:
    with pytest.raises(InvalidLine) as refused:
        await read(b'{"session": {}}\n\n' + line + b'\n{"session": {}}')
    assert refused.value.number == 3
    assert refused.value.detail.startswith("line 3: ")
    assert said in refused.value.detail


async def test_what_a_line_holds_is_not_repeated() -> None:
    with pytest.raises(InvalidLine) as refused:
        await read(b'{"message": {"role": "canary", "content": 7}}')
    assert "canary" not in refused.value.detail


async def test_an_endless_line_is_refused_before_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LINE_LIMIT", 1000)
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        yield b'{"session": {}}\n'
        while True:
            seen += 1
            yield b"x" * 100

    with pytest.raises(InvalidLine, match="line 2: is longer than 1000 bytes"):
        async for _ in read_ndjson(endless()):
            pass
    assert seen == 11


@pytest.mark.parametrize("given", ["application/x-ndjson", "application/X-NDJSON; charset=utf-8", "application/jsonl"])
@pytest.mark.parametrize("size", [1, 2, 65536])
async def test_what_is_taken(given: str, size: int) -> None:
    taken = reader_for(given, Counter(), 1)
    assert [number async for number, _ in taken(pieces(BODY, size))] == [1, 3, 5]
    assert not [each async for each in taken(pieces(b"", size))]


@pytest.mark.parametrize("given", ["application/zip", "application/x-zip-compressed"])
async def test_archives_are_taken(given: str) -> None:
    with pytest.raises(InvalidArchive):
        await anext(reader_for(given, Counter(), 1)(pieces(BODY, 100)))


@pytest.mark.parametrize("size", [1, 2, 65536])
async def test_an_archive_is_one_though_it_was_sent_as_lines(size: int) -> None:
    archive = zipped({"conversations.json": [claude("c", [told("q", "Is it a heron?")])]})
    taken = reader_for("application/x-ndjson", Counter(), len(archive))
    assert [line.message.content async for _, line in taken(pieces(archive, size)) if line.message] == [
        "Is it a heron?"
    ]
    with pytest.raises(InvalidArchive):
        await anext(reader_for("application/x-ndjson", Counter(), 1)(pieces(b"PK and no archive", size)))


@pytest.mark.parametrize("given", ["", "application/gzip", "application/json", "multipart/form-data; boundary=x"])
def test_what_is_not_taken(given: str) -> None:
    with pytest.raises(UnsupportedMedia, match="application/x-ndjson"):
        reader_for(given, Counter(), 1)
