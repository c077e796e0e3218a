"""Archives that anybody may have made: what is read, what is refused, and with what code."""

import io
import json
import random
import struct
import zipfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from app.errors import ArchiveTooLarge, EmptyArchive, EncryptedArchive, InvalidArchive, UnknownArchive
from app.transfer.archives import elements, opening, reading
from app.transfer.archives.reading import read_archive
from app.transfer.archives.trees import Skipped
from tests.unit.transfer.archives.support import ROOT, chatgpt, claude, node, told, zipped

MIB = 1024 * 1024
TEA = chatgpt("tea", [node("q", ROOT, "Which tea?"), node("a", "q", "Assam.", "assistant")], "a")
COFFEE = chatgpt("coffee", [node("q", ROOT, "Which coffee?")], "q")
RAIN = claude("rain", [told("q", "Will it rain?")])


async def read(body: bytes, limit: int = 64 * MIB, size: int = 1000) -> tuple[list[str], dict[str, int]]:
    """What was said in it, and what was left out."""
    skipped: Skipped = Counter()

    async def arriving() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    lines = [line async for _, line in read_archive(arriving(), skipped, limit)]
    return [line.message.content for line in lines if line.message], {k: n for k, n in skipped.items() if n}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"conversations.json": [TEA, COFFEE], "user.json": {}}, ["Which tea?", "Assam.", "Which coffee?"]),
        ({"conversations.json": [RAIN], "projects.json": "broken", "users.json": []}, ["Will it rain?"]),
        # In parts, of which the tenth comes after the second.
        ({"conversations-010.json": [COFFEE], "conversations-002.json": [TEA]}, ["Which tea?", "Assam.", "Which coffee?"]),
        # Packed again by somebody, on a Mac.
        ({"My chats/conversations.json": [COFFEE], "__MACOSX/My chats/conversations.json": "x"}, ["Which coffee?"]),
        ({"a\\Conversations.JSON": [COFFEE]}, ["Which coffee?"]),
        ({"conversations.json": b"\xef\xbb\xbf" + json.dumps([COFFEE]).encode()}, ["Which coffee?"]),
        ({"conversations.json": [COFFEE, RAIN, {}, None, 7]}, ["Which coffee?", "Will it rain?"]),
        ({"conversations-000.json": [], "conversations-001.json": [COFFEE]}, ["Which coffee?"]),
    ],
)  # fmt: skip
async def test_whose_it_is_is_told_by_what_is_in_it(files: dict[str, Any], said: list[str]) -> None:
    assert (await read(zipped(files)))[0] == said


async def test_what_cannot_be_read_of_it_is_counted() -> None:
    assert (await read(zipped({"conversations.json": [COFFEE, {}, None, claude("empty", [])]})))[1] == {
        "conversations": 3
    }


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
async def test_how_it_is_packed(compression: int) -> None:
    assert (await read(zipped({"conversations.json": [COFFEE]}, compression=compression)))[0] == ["Which coffee?"]


GOOD = zipped({"conversations.json": [TEA, COFFEE] * 50, "chat.html": "<html>" * 1000})


def encrypted() -> bytes:
    """As if it were: the flag, in both places where it stands."""
    data = bytearray(zipped({"conversations.json": [TEA]}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def declared(size: int) -> bytes:
    """With another length than it has in the list of files."""
    data = bytearray(zipped({"conversations.json": [TEA, COFFEE]}))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    return bytes(data)


@pytest.mark.parametrize(
    ("body", "error", "why"),
    [
        (b"{}", InvalidArchive, "no zip file"),
        (b"Rar!\x1a\x07\x00" * 100, InvalidArchive, "no zip file"),
        (b"PK\x03\x04" + b"\0" * 1000, InvalidArchive, "no zip file"),
        (GOOD[: len(GOOD) // 2], InvalidArchive, "cut off"),
        (GOOD[:-1], InvalidArchive, "cut off"),
        (zipped({}), UnknownArchive, "no conversations.json"),
        (zipped({"notes.txt": "x", "conversations.json.bak": "[]"}), UnknownArchive, "no conversations.json"),
        (zipped({"export.zip": GOOD}), UnknownArchive, "other archives"),
        (zipped({"conversations.json": [{"messages": []}]}), UnknownArchive, "neither ChatGPT's nor Claude's"),
        (zipped({"conversations.json": {"conversations": []}}), UnknownArchive, "no list"),
        (zipped({"conversations.json": []}), EmptyArchive, "list of conversations is empty"),
        (b"", InvalidArchive, "it is empty"),
        (zipped({"conversations.json": "7"}), UnknownArchive, "no list"),
        (encrypted(), EncryptedArchive, "password"),
        (zipped({"conversations.json": [TEA]}, compression=zipfile.ZIP_LZMA), InvalidArchive, "not read here"),
        (zipped({"conversations.json": ""}), InvalidArchive, "not JSON in UTF-8, or breaks off"),
        (zipped({"conversations.json": json.dumps([TEA, COFFEE])[:-9]}), InvalidArchive, "breaks off"),
        (zipped({"conversations.json": json.dumps([TEA]) + "[]"}), InvalidArchive, "not JSON"),
        (zipped({"conversations.json": json.dumps([TEA]).encode("utf-16")}), InvalidArchive, "not JSON in UTF-8"),
        (zipped({"conversations.json": b'["gr\xfc\xdfe"]'}), InvalidArchive, "not JSON in UTF-8"),
        (zipped({"conversations.json": "[" * 200 + "]" * 200}), InvalidArchive, "nested"),
        (declared(10), InvalidArchive, "broken"),
        (declared(1_000_000), InvalidArchive, "not as long as"),
        (declared(2**31), ArchiveTooLarge, "unpack to more than 64 MiB"),
    ],
)  # fmt: skip
async def test_what_is_refused(body: bytes, error: type[InvalidArchive], why: str) -> None:
    with pytest.raises(InvalidArchive) as refused:
        await read(body)
    assert type(refused.value) is error
    assert why in refused.value.detail


async def test_what_is_no_zip_is_refused_before_it_has_all_come() -> None:
    pieces = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal pieces
        while True:
            pieces += 1
            yield b"GIF89a"

    with pytest.raises(InvalidArchive):
        await anext(read_archive(endless(), Counter(), MIB))
    assert pieces == 1


async def test_a_bomb_in_one_file() -> None:
    with pytest.raises(ArchiveTooLarge, match="far more than"):
        await read(zipped({"conversations.json": "[" + " " * (40 * MIB) + "]"}))


async def test_more_than_may_be_unpacked_though_each_file_is_small() -> None:
    talk = json.dumps([chatgpt("x", [node("q", ROOT, str(random.Random(3).randbytes(50_000)))], "q")])
    files = {f"conversations-{at:03}.json": talk for at in range(30)}
    with pytest.raises(ArchiveTooLarge, match="more than 1 MiB"):
        await read(zipped(files), limit=MIB)


async def test_files_that_lie_about_what_they_unpack_to() -> None:
    """Thirty entries that say they are empty, and are not."""
    data = bytearray(zipped({f"conversations-{at}.json": "[" + " " * 200_000 + "]" for at in range(30)}))
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        struct.pack_into("<I", data, at + 24, 3)
    with pytest.raises(InvalidArchive):
        await read(bytes(data), limit=MIB)


async def test_too_many_files() -> None:
    with pytest.raises(ArchiveTooLarge, match="too many files"):
        await read(zipped({f"{'x' * 900}{at}": b"" for at in range(9_500)}))


@pytest.mark.parametrize(
    ("module", "bound", "value", "why"),
    [
        (elements, "LONGEST", 100, "longer than"),
        (elements, "MOST_VALUES", 10, "more than 10 values"),
        (reading, "MOST", 1, "more than 1 conversations"),
    ],
)
async def test_bounds_of_a_conversation(
    module: Any, bound: str, value: int, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, bound, value)
    monkeypatch.setattr(opening, "PIECE", 64)
    with pytest.raises(ArchiveTooLarge, match=why):
        await read(zipped({"conversations.json": [TEA, COFFEE]}))


async def test_a_file_without_end_in_one_string(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "LONGEST", MIB)
    long = '[{"mapping": {"a": "' + random.Random(4).randbytes(2 * MIB).hex()
    with pytest.raises(ArchiveTooLarge, match="longer than 1 MiB"):
        await read(zipped({"conversations.json": long}), size=MIB)


@pytest.mark.parametrize("seed", range(300))
async def test_whatever_is_broken_in_it_is_an_error_of_ours_or_none(seed: int) -> None:
    dice = random.Random(seed)
    data = bytearray(zipped({"conversations.json": [TEA], "user.json": {}}, compression=dice.choice((0, 8))))
    for _ in range(dice.choice((1, 1, 2, 8))):
        data[dice.randrange(2, len(data))] = dice.randrange(256)
    if dice.random() < 0.2:
        del data[dice.randrange(len(data)) :]
    with suppress(InvalidArchive):
        await read(bytes(data))


async def test_an_archive_that_is_read_leaves_its_list_of_files_bounded() -> None:
    """`ZipFile` would read all that is there."""
    guarded = opening.Guarded(io.BytesIO(b"x" * (opening.DIRECTORY + 1)))
    with pytest.raises(ArchiveTooLarge):
        guarded.read()
    guarded.seek(0)
    assert len(guarded.read(10)) == 10
