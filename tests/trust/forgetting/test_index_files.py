"""What is deleted from the embedded index, or put differently, is in none of its files, a moment after."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.records import MemoryKind
from tests.support import embedded

CANARY = "zqcanaryzq"
WITHIN = 20.0


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    with embedded.scratch() as made:
        yield made


@pytest.fixture
async def index(folder: Path) -> AsyncIterator[MilvusIndex]:
    async with embedded.running_milvus(folder) as part:
        made = MilvusIndex(MilvusConfig(uri=part.uri, alias="sweep"), embedder="e", dimensions=8)
        await made.prepare()
        yield made
        await made.close()


def entry(user: UUID, words: str) -> IndexEntry:
    vector = np.full(8, 8**-0.5, dtype=np.float32)
    return IndexEntry(uuid4(), user, MemoryKind.FACT, words, vector, datetime.now(UTC))


def holding(folder: Path, word: str) -> list[str]:
    """The files that have the word, as it is written."""
    found = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and word.encode() in path.read_bytes():
                found.append(str(path.relative_to(folder)))
        except FileNotFoundError:
            continue
    return found


async def gone(folder: Path) -> None:
    async with asyncio.timeout(WITHIN):
        while holding(folder, CANARY):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("settled", [True, False], ids=["in a file", "in the log"])
async def test_no_file_holds_what_was_deleted(index: MilvusIndex, folder: Path, settled: bool) -> None:
    user = uuid4()
    kept = [entry(user, f"tea {number}") for number in range(20)]
    canaries = [entry(user, f"{CANARY} here") for _ in range(5)]
    await index.upsert(kept)
    await index.flush()
    await index.upsert(canaries)
    if settled:
        await index.flush()
    assert holding(folder, CANARY)

    await index.delete(user, [one.id for one in canaries])
    await index.flush()
    await gone(folder)
    assert await index.count(user) == 20
    found = await index.search(IndexQuery(IndexFilter(user), kept[0].vector, None, 100))
    assert {one.id for one in found} == {one.id for one in kept}

    again = [entry(user, f"{CANARY} again"), *(entry(user, f"coffee {number}") for number in range(3))]
    await index.upsert(again)
    await index.flush()
    await index.delete(user, [again[0].id])
    await index.flush()
    await gone(folder)
    found = await index.search(IndexQuery(IndexFilter(user), kept[0].vector, None, 100))
    assert {one.id for one in found} == {one.id for one in (*kept, *again[1:])}


@pytest.mark.parametrize("settled", [True, False], ids=["in a file", "in the log"])
async def test_no_file_holds_what_was_put_differently(index: MilvusIndex, folder: Path, settled: bool) -> None:
    user = uuid4()
    kept = [entry(user, f"tea {number}") for number in range(20)]
    former = entry(user, f"{CANARY} here")
    await index.upsert([*kept[:10], former])
    if settled:
        await index.flush()
    assert holding(folder, CANARY)

    await index.upsert([*kept[10:], replace(former, words="coffee")])
    await index.flush()
    await gone(folder)
    assert await index.count(user) == 21
    found = await index.search(IndexQuery(IndexFilter(user), None, "coffee", 100))
    assert [one.id for one in found] == [former.id]


async def test_a_server_killed_before_it_settled_does_it_when_it_is_back(folder: Path) -> None:
    user = uuid4()
    config = MilvusConfig(uri="", alias="sweep", flush_rows=10_000, flush_after=600.0)
    async with embedded.running_milvus(folder) as part:
        index = MilvusIndex(replace(config, uri=part.uri), embedder="e", dimensions=8)
        await index.prepare()
        kept, canary = entry(user, "tea"), entry(user, f"{CANARY} here")
        await index.upsert([kept, canary])
        await index.flush()
        await index.delete(user, [canary.id])
        assert part.pid is not None
        os.kill(part.pid, signal.SIGKILL)
        await index.close()
    assert holding(folder, CANARY)
    async with embedded.running_milvus(folder) as part:
        index = MilvusIndex(replace(config, uri=part.uri), embedder="e", dimensions=8)
        await index.prepare()
        await gone(folder)
        assert await index.count(user) == 1
        await index.close()
