"""What any search would do: words, vectors, both, or no search at all. Messages are ranked whole, as they were said."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from heapq import nlargest
from typing import Literal
from uuid import UUID

import numpy as np

from evals.embedding import CachedEmbedder
from evals.records import Conversation, Question
from evals.systems.base import Found, Timing, whole
from evals.words import Words
from graphs.memory.index import Vector
from graphs.memory.records import Memory, Recalled
from graphs.memory.stem import stem_query, stem_text

RRF_K = 60
POOL = 100
"""The best of each side that reciprocal ranks are taken of."""

Side = Literal["bm25", "dense"]


class Baseline:
    """`System` of one side or of both, fused by reciprocal ranks (Cormack, Clarke and Büttcher, 2009).

    BM25 works on the same stemmed words as the product's: its advantage shall not be a stemmer.
    """

    def __init__(self, name: str, sides: tuple[Side, ...], embedder: CachedEmbedder) -> None:
        self.name = name
        self._sides = sides
        self._embedder = embedder

    @asynccontextmanager
    async def open(self, conversation: Conversation) -> AsyncIterator["BaselineAsker"]:
        """`System.open`"""
        memories = {memory.id: memory for memory in map(whole, conversation.messages) if memory.text.strip()}
        words = Words({key: stem_text(memory.text) for key, memory in memories.items()})
        vectors = await self._embedder.embed_documents([memory.text for memory in memories.values()])
        yield BaselineAsker(self._sides, self._embedder, memories, words, vectors)


class BaselineAsker:
    """`Asker` over one conversation."""

    def __init__(
        self,
        sides: tuple[Side, ...],
        embedder: CachedEmbedder,
        memories: Mapping[UUID, Memory],
        words: Words[UUID],
        vectors: Vector,
    ) -> None:
        self._sides = sides
        self._embedder = embedder
        self._memories = memories
        self._words = words
        self._keys = list(memories)
        self._vectors = vectors

    async def ask(self, question: Question, k: int) -> Found:
        """`Asker.ask`"""
        vector = await self._embedder.embed_query(question.text) if "dense" in self._sides else None
        started = time.perf_counter()
        found = [self._search(side, question.text, vector) for side in self._sides]
        searched = time.perf_counter()
        scores = found[0] if len(found) == 1 else reciprocal_ranks(found)
        best = nlargest(k, scores, key=lambda key: (scores[key], key.int))
        timing = Timing(
            embed=self._embedder.question_ms if vector is not None else 0.0,
            search=(searched - started) * 1000,
            rank=(time.perf_counter() - searched) * 1000,
        )
        items = [Recalled(self._memories[key], scores[key]) for key in best]
        return Found(items, confidence=items[0].score if items else 0.0, timing=timing)

    def _search(self, side: Side, text: str, vector: Vector | None) -> dict[UUID, float]:
        if side == "bm25" or vector is None:
            scores = self._words.scores(stem_query(text))
        else:
            similar = self._vectors @ vector
            best = np.argsort(-similar)[:POOL]
            scores = {self._keys[at]: float(similar[at]) for at in best}
        return {key: scores[key] for key in nlargest(POOL, scores, key=lambda key: (scores[key], key.int))}


class Everything:
    """`System` that searches for nothing: all that was said, the newest first, for as long as there is room."""

    name = "everything"

    @asynccontextmanager
    async def open(self, conversation: Conversation) -> AsyncIterator["EverythingAsker"]:
        """`System.open`"""
        yield EverythingAsker([whole(message) for message in reversed(conversation.messages)])


class EverythingAsker:
    """`Asker` over one conversation. Gives all of it, whatever `k` is."""

    def __init__(self, memories: list[Memory]) -> None:
        self._items = [Recalled(memory, 0.0) for memory in memories]

    async def ask(self, question: Question, k: int) -> Found:
        """`Asker.ask`"""
        return Found(self._items, confidence=0.0, all_of_it=True)


def reciprocal_ranks(found: list[dict[UUID, float]]) -> dict[UUID, float]:
    """The sum of 1 / (60 + rank) over the lists, each given best first."""
    scores: dict[UUID, float] = {}
    for one in found:
        for place, key in enumerate(one, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (RRF_K + place)
    return scores
