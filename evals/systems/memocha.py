"""The product's own memory, as a turn asks it: its chunks, its index, its ranking."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol
from uuid import UUID

from evals.embedding import CachedEmbedder
from evals.records import Conversation, Question
from evals.systems.base import Found, Timing
from evals.words import Words
from graphs.memory.episodes import episodes
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import Candidate, IndexEntry, IndexFilter, IndexQuery, MemoryIndex
from graphs.memory.ports import RecallQuery
from graphs.memory.ranking.weights import Ranking
from graphs.memory.recall import MemoryService
from graphs.memory.records import MemoryKind
from graphs.memory.rerank import Reranking
from graphs.memory.second_look import InMemorySentences
from graphs.memory.writer import MemoryWriter

DEADLINE = 60.0
"""Seconds: a slow machine shall not turn figures about memory into figures about the machine."""


class Indexes(Protocol):
    """Where indexes come from: one for each conversation, or one for all."""

    name: str

    def open(self) -> AbstractAsyncContextManager[MemoryIndex]:
        """An index that holds nothing of the conversation to come."""


class InMemory:
    """`Indexes` in this process, exact."""

    name = "memory"

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryIndex]:
        """`Indexes.open`"""
        yield CountedIndex()


class CountedIndex(InMemoryIndex):
    """The in-memory index with the words' counts kept between questions."""

    def __init__(self) -> None:
        super().__init__()
        self._words: Words[UUID] | None = None

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """`MemoryIndex.upsert`"""
        self._words = None
        await super().upsert(entries)

    async def search(self, query: IndexQuery) -> list[Candidate]:
        """`MemoryIndex.search`. As the plain one, where all of one user's is asked for and the index holds no more."""
        if not query.words or not self._holds_what(query.filter):
            return await super().search(query)
        if self._words is None:
            self._words = Words({key: entry.words for key, entry in self._entries.items()})
        dense = await super().search(IndexQuery(query.filter, query.vector, None, query.limit))
        scores = self._words.scores(query.words)
        sparse = {key: scores[key] for key in sorted(scores, key=lambda key: -scores[key])[: query.limit]}
        found = {candidate.id: candidate.dense for candidate in dense}
        return [Candidate(key, found.get(key), sparse.get(key)) for key in found | sparse]

    def _holds_what(self, wanted: IndexFilter) -> bool:
        plain = IndexFilter(wanted.user_id, kinds=wanted.kinds) == wanted
        return plain and all(
            entry.user_id == wanted.user_id and (not wanted.kinds or entry.kind in wanted.kinds)
            for entry in self._entries.values()
        )


class Memocha:
    """`System`: `MemoryService` over an index, with a ranking of its own choice."""

    def __init__(
        self,
        embedder: CachedEmbedder,
        indexes: Indexes,
        ranking: Ranking | None = None,
        name: str = "memocha",
        reranker: Reranking | None = None,
        rerank_best: int = 20,
    ) -> None:
        self.name = name if indexes.name == InMemory.name else f"{name} ({indexes.name})"
        self._embedder = embedder
        self._indexes = indexes
        self._ranking = ranking or Ranking()
        self._reranker = reranker
        self._rerank_best = rerank_best

    @asynccontextmanager
    async def open(self, conversation: Conversation) -> AsyncIterator["MemochaAsker"]:
        """`System.open`"""
        memories = [episode for message in conversation.messages for episode in episodes(message)]
        async with self._indexes.open() as index:
            sentences = InMemorySentences()
            await MemoryWriter(self._embedder, index, sentences).write(memories)
            await index.flush()
            timed = TimedIndex(index)
            service = MemoryService(
                embedder=self._embedder,
                index=timed,
                store=InMemoryStore(memories),
                sentences=sentences,
                reranker=self._reranker,
                rerank_best=self._rerank_best,
                ranking=self._ranking,
                deadline=DEADLINE,
            )
            yield MemochaAsker(service, timed, self._embedder, conversation.user_id)


class MemochaAsker:
    """`Asker` over one conversation."""

    def __init__(self, service: MemoryService, index: "TimedIndex", embedder: CachedEmbedder, user_id: UUID) -> None:
        self._service = service
        self._index = index
        self._embedder = embedder
        self._filter = IndexFilter(user_id, kinds=frozenset({MemoryKind.EPISODE}))

    async def ask(self, question: Question, k: int) -> Found:
        """`Asker.ask`. Raises `RuntimeError` where the index failed: a figure must not come from the fall-back."""
        self._index.search_ms = 0.0
        answer = await self._service.search(RecallQuery(self._filter, question.text, k=k, now=question.asked_at))
        if answer.degraded:
            raise RuntimeError(f"the index did not answer {question.id}")
        timing = Timing(
            embed=self._embedder.question_ms,
            search=self._index.search_ms,
            rank=max(answer.took_ms - self._index.search_ms, 0.0),
        )
        confidence = answer.items[0].score if answer.items else 0.0
        return Found(answer.items, confidence=confidence, relevant=answer.relevant, timing=timing)


class TimedIndex:
    """`MemoryIndex` that notes how long its searches took."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self.search_ms = 0.0

    async def search(self, query: IndexQuery) -> list[Candidate]:
        """`MemoryIndex.search`"""
        started = time.perf_counter()
        found = await self._index.search(query)
        self.search_ms += (time.perf_counter() - started) * 1000
        return found

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """`MemoryIndex.upsert`"""
        await self._index.upsert(entries)

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """`MemoryIndex.delete`"""
        await self._index.delete(user_id, ids)

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        """`MemoryIndex.delete_session`"""
        await self._index.delete_session(user_id, session_id)

    async def delete_user(self, user_id: UUID) -> None:
        """`MemoryIndex.delete_user`"""
        await self._index.delete_user(user_id)

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        """`MemoryIndex.count`"""
        return await self._index.count(user_id, ids)

    async def flush(self) -> None:
        """`MemoryIndex.flush`"""
        await self._index.flush()

    async def close(self) -> None:
        """`MemoryIndex.close`"""
        await self._index.close()
