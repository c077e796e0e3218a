"""The embedder and the index that answer now. They change together, while questions go on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from graphs.errors import IndexIncomplete
from graphs.memory.index import Candidate, IndexEntry, IndexQuery, MemoryIndex, Vector
from graphs.memory.ports import Embedder


@dataclass(frozen=True, slots=True)
class Pair:
    """An embedder and an index of its vectors."""

    embedder: Embedder
    index: MemoryIndex
    complete: bool = True
    """False while the index does not have all memories: it takes some, and is not asked."""


class Live:
    """Holds the pair; `embedder` and `index` stand for whichever it is."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.opened = asyncio.Event()
        """Questions wait for it. Cleared until it is known what serves, or that this cannot be known yet."""
        self.opened.set()
        self.embedder = LiveEmbedder(self)
        self.index = LiveIndex(self)

    def go_over(self, pair: Pair) -> None:
        """From now on it is this one."""
        self.pair = pair
        self.embedder.follow()


class _Asked(np.ndarray):
    """A question's vector that knows which pair it was made for: between it and the search the pair may change, and
    vectors of two models of the same length cannot be told apart."""

    pair: Pair | None = None


class LiveEmbedder:
    """`Embedder`"""

    def __init__(self, live: Live) -> None:
        self._live = live
        self.follow()

    def follow(self) -> None:
        """Be what the pair's embedder is."""
        now = self._live.pair.embedder
        self.name, self.dimensions, self.relevant_from = now.name, now.dimensions, now.relevant_from

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        return await self._live.pair.embedder.embed_documents(texts)

    async def embed_query(self, text: str) -> Vector:
        await self._live.opened.wait()
        pair = self._live.pair
        vector = (await pair.embedder.embed_query(text)).view(_Asked)
        vector.pair = pair
        return vector


class LiveIndex:
    """`MemoryIndex`. Who made it closes what is behind it."""

    def __init__(self, live: Live) -> None:
        self._live = live

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        await self._live.pair.index.upsert(entries)

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        await self._live.pair.index.delete(user_id, ids)

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        await self._live.pair.index.delete_session(user_id, session_id)

    async def delete_user(self, user_id: UUID) -> None:
        await self._live.pair.index.delete_user(user_id)

    async def search(self, query: IndexQuery) -> list[Candidate]:
        await self._live.opened.wait()
        pair = (query.vector.pair if isinstance(query.vector, _Asked) else None) or self._live.pair
        if not pair.complete:
            raise IndexIncomplete("the index does not have all memories yet")
        return await pair.index.search(query)

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        return await self._live.pair.index.count(user_id, ids)

    async def flush(self) -> None:
        await self._live.pair.index.flush()

    async def close(self) -> None:
        """Nothing: see the class."""
