"""From memories to index entries."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

import numpy as np

from graphs.memory.index import IndexEntry, MemoryIndex, Vector
from graphs.memory.normalise import normalise
from graphs.memory.ports import Embedder
from graphs.memory.records import Memory
from graphs.memory.second_look import SentenceVectors, small, told_sentences
from graphs.memory.stem import stem_text


class MemoryWriter:
    """Puts memories into the index and takes them out. Writing one twice changes nothing."""

    def __init__(self, embedder: Embedder, index: MemoryIndex, sentences: SentenceVectors | None = None) -> None:
        """`sentences`: where the vectors for the second look are kept; None where none is taken."""
        self._embedder = embedder
        self._index = index
        self._sentences = sentences

    async def write(self, memories: Sequence[Memory]) -> None:
        """Embed and store; on return they can be found. Raises `IndexUnavailable`."""
        if not memories:
            return
        vectors = await self._embed(memories)
        # Stemming hundreds of memories takes a while, in which the event loop goes on.
        await self._index.upsert(await asyncio.to_thread(_entries, memories, vectors))

    async def _embed(self, memories: Sequence[Memory]) -> Vector:
        """The vectors of the memories; those of their sentences are kept before the index has any of it, so that what
        can be found can be looked at closer too."""
        texts = [embedded_text(memory) for memory in memories]
        if self._sentences is None:
            return await self._embedder.embed_documents(texts)
        told = await asyncio.to_thread(lambda: [told_sentences(memory) for memory in memories])
        spoken = [_spoken(memory, part) for memory, parts in zip(memories, told, strict=True) for part in parts]
        vectors = await self._embedder.embed_documents([*texts, *spoken])
        ends = np.cumsum([len(memories), *map(len, told)])
        parted = zip(memories, pairwise(ends), strict=True)
        await self._sentences.put(
            self._embedder.name, {memory.id: small(vectors[start:end]) for memory, (start, end) in parted}
        )
        return vectors[: len(memories)]

    async def forget(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """Remove these memories of the user. Raises `IndexUnavailable`."""
        if ids:
            await self._index.delete(user_id, ids)

    async def forget_session(self, user_id: UUID, session_id: UUID) -> None:
        """Remove what was said in a session. Raises `IndexUnavailable`."""
        await self._index.delete_session(user_id, session_id)

    async def forget_user(self, user_id: UUID) -> None:
        """Remove all of a user. Raises `IndexUnavailable`."""
        await self._index.delete_user(user_id)

    async def flush(self) -> None:
        """Have the index settle what was written. Raises `IndexUnavailable`."""
        await self._index.flush()


def embedded_text(memory: Memory) -> str:
    """What is embedded of a memory. A name that was given to who said it goes first: in talks between named people it
    took evidence recall@10 by dense search alone from 30 to 52 (LoCoMo), since questions name the person."""
    return _spoken(memory, normalise(memory.text) or memory.text)


def _spoken(memory: Memory, text: str) -> str:
    return f"{memory.speaker}: {text}" if memory.speaker else text


def _entries(memories: Sequence[Memory], vectors: Vector) -> list[IndexEntry]:
    return [entry(memory, vector) for memory, vector in zip(memories, vectors, strict=True)]


def entry(memory: Memory, vector: Vector) -> IndexEntry:
    """The memory as the index holds it."""
    return IndexEntry(
        id=memory.id,
        user_id=memory.user_id,
        kind=memory.kind,
        words=stem_text(memory.text),
        vector=vector,
        created_at=memory.created_at,
        session_id=memory.session_id,
        message_id=memory.sources[0].message_id if memory.sources else None,
        role=memory.role,
        seq=memory.seq,
    )
