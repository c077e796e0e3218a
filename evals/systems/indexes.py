"""Indexes by name. Those with a server of their own are started for the time of an evaluation."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from app.embedded.milvus import MilvusPart
from evals.systems.memocha import Indexes, InMemory
from graphs.memory.index import MemoryIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.ports import Embedder

NAMES = ("memory", "milvus")


@asynccontextmanager
async def open_indexes(name: str, embedder: Embedder) -> AsyncIterator[Indexes]:
    """Where a system gets its indexes from. Raises `ValueError` for an unknown name."""
    if name == "memory":
        yield InMemory()
    elif name == "milvus":
        with tempfile.TemporaryDirectory(prefix="memocha-eval-") as folder:
            part = MilvusPart(Path(folder))
            await part.start()
            try:
                yield Milvus(part.uri, embedder)
            finally:
                await part.stop()
    else:
        raise ValueError(f"there is no index {name!r}; there are {', '.join(NAMES)}")


class Milvus:
    """`Indexes` on one Milvus server: a collection for each conversation."""

    name = "milvus"

    def __init__(self, uri: str, embedder: Embedder) -> None:
        self._uri = uri
        self._embedder = embedder

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryIndex]:
        """`Indexes.open`"""
        config = MilvusConfig(uri=self._uri, alias=f"eval_{uuid4().hex}", timeout=60.0)
        index = MilvusIndex(config, embedder=self._embedder.name, dimensions=self._embedder.dimensions)
        try:
            yield index
        finally:
            await index.close()
