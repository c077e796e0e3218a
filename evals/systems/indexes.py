"""Indexes by name. Those with a server of their own have it started for the time of an evaluation."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from app.embedded.milvus import MilvusPart
from app.embedded.postgres import PostgresPart
from evals.systems.memocha import Indexes, InMemory
from graphs.memory.index import MemoryIndex
from graphs.memory.managed import ManagedIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.ports import Embedder

NAMES = ("memory", "milvus", "pgvector")
TIMEOUT = 60.0
"""Seconds for one call to an engine."""


@asynccontextmanager
async def open_indexes(name: str, embedder: Embedder) -> AsyncIterator[Indexes]:
    """Where a system gets its indexes from. Raises `ValueError` for an unknown name."""
    if name not in NAMES:
        raise ValueError(f"there is no index {name!r}; there are {', '.join(NAMES)}")
    if name == InMemory.name:
        yield InMemory()
        return
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="memocha-eval-")))
        index: ManagedIndex
        if name == "milvus":
            milvus = MilvusPart(folder)
            stack.push_async_callback(milvus.stop)
            await milvus.start()
            place = MilvusConfig(uri=milvus.uri, timeout=TIMEOUT)
            index = MilvusIndex(place, embedder=embedder.name, dimensions=embedder.dimensions)
        else:
            postgres = PostgresPart(folder)
            stack.push_async_callback(postgres.stop)
            await postgres.start()
            table = PgvectorConfig(url=postgres.url, timeout=TIMEOUT)
            index = PgvectorIndex(table, embedder=embedder.name, dimensions=embedder.dimensions)
        stack.push_async_callback(index.close)
        await index.prepare()
        yield Shared(name, index)


class Shared:
    """`Indexes` of which there is one: every conversation is a user of it, as in the service."""

    def __init__(self, name: str, index: MemoryIndex) -> None:
        self.name = name
        self._index = index

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryIndex]:
        """`Indexes.open`"""
        yield self._index
