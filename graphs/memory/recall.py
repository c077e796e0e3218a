"""Asking memory: embed the question, search the index, read the memories, rank them."""

import asyncio
import time
from dataclasses import replace

import structlog

from graphs.errors import IndexUnavailable, InvalidMemoryQuery
from graphs.memory.index import Candidate, IndexQuery, MemoryIndex
from graphs.memory.metrics import RECALL_SECONDS, RECALLS
from graphs.memory.normalise import normalise
from graphs.memory.ports import Embedder, MemoryStore, Recall, RecallQuery
from graphs.memory.ranking import Ranking, asks_the_same, fuse, rank, relevant
from graphs.memory.records import Recalled
from graphs.memory.stem import stem_query

log = structlog.get_logger(__name__)

MAX_K = 200
QUESTION_WORDS = 64
"""Different words of a question that are searched for: a pasted page would make word search walk everything."""


class MemoryService:
    """`MemoryPort` over an index and the store behind it.

    When the index does not answer in time, words in the store are searched instead and the answer says `degraded`:
    memory never blocks chat. The change is logged once, each such answer is counted.
    """

    def __init__(
        self,
        *,
        embedder: Embedder,
        index: MemoryIndex,
        store: MemoryStore,
        ranking: Ranking | None = None,
        deadline: float = 2.0,
        candidates: int = 24,
    ) -> None:
        """`deadline`: seconds for embedding and index together, and once more for the fall-back. `candidates`: wanted
        from each side at the least, three times `k` otherwise. Each one costs the embedded engine 0.2 ms, and more are
        no better: evidence recall@10 on LoCoMo (RRF) is 63.7 with 16, 64.2 with 24, 62.9 with 40, 61.4 with 50."""
        self._embedder = embedder
        self._index = index
        self._store = store
        self._ranking = ranking or Ranking()
        self._deadline = deadline
        self._candidates = candidates
        self._degraded = False

    @property
    def degraded(self) -> bool:
        """Whether the last question had to do without the index."""
        return self._degraded

    async def recall(self, query: RecallQuery) -> Recall:
        """What a turn is given: the best that bear on the question, without earlier ones that only ask the same."""
        answer = await self.search(query)
        items = [
            item
            for item in answer.items
            if item.memory.id in answer.relevant and not asks_the_same(query.text, item.memory.text)
        ]
        return replace(answer, items=items)

    async def search(self, query: RecallQuery) -> Recall:
        """The `k` best, best first. Raises `InvalidMemoryQuery` for a `k` out of bounds."""
        if not 1 <= query.k <= MAX_K:
            raise InvalidMemoryQuery(f"k is {query.k}; it must lie between 1 and {MAX_K}")
        started = time.perf_counter()
        if not query.text.strip():
            return Recall()
        try:
            async with asyncio.timeout(self._deadline):
                candidates = await self._candidates_for(query)
        except (IndexUnavailable, TimeoutError) as error:
            self._note(degraded=True, reason=f"{type(error).__name__}: {error}")
            items = await self._by_words(query)
            bearing = frozenset(item.memory.id for item in items)
        else:
            self._note(degraded=False)
            items = await self._ranked(query, candidates)
            bearing = relevant(candidates, self._embedder.relevant_from, self._ranking)
        took = time.perf_counter() - started
        RECALL_SECONDS.observe(took)
        return Recall(items, relevant=bearing, degraded=self._degraded, took_ms=took * 1000)

    async def _candidates_for(self, query: RecallQuery) -> list[Candidate]:
        vector = await self._embedder.embed_query(normalise(query.text) or query.text)
        words = " ".join(stem_query(query.text).split()[:QUESTION_WORDS])
        limit = max(self._candidates, 3 * query.k)
        return await self._index.search(IndexQuery(query.filter, vector, words or None, limit))

    async def _ranked(self, query: RecallQuery, candidates: list[Candidate]) -> list[Recalled]:
        """Reads the rows: the index may lag behind them, and what they no longer hold is not recalled."""
        memories = await self._store.get(query.filter.user_id, [candidate.id for candidate in candidates])
        return rank(query.text, memories, fuse(candidates, self._ranking), query.k, self._ranking)

    async def _by_words(self, query: RecallQuery) -> list[Recalled]:
        try:
            async with asyncio.timeout(self._deadline):
                found = await self._store.search_words(query.filter, query.text, max(self._candidates, 2 * query.k))
        except TimeoutError:
            return []
        scores = {memory.id: score for memory, score in found}
        return rank(query.text, [memory for memory, _ in found], scores, query.k, self._ranking)

    def _note(self, *, degraded: bool, reason: str = "") -> None:
        RECALLS.labels("degraded" if degraded else "ok").inc()
        if degraded != self._degraded:
            self._degraded = degraded
            if degraded:
                log.warning("recall_degraded", reason=reason[:300])
            else:
                log.info("recall_recovered")
