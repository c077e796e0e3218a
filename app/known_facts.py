"""Which facts a new one may be about: those that the index finds near it, and those that it has yet to take."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from app.db.engine import Database
from app.db.facts import Facts
from app.db.recallable import Recallable
from graphs.errors import IndexUnavailable
from graphs.memory.facts.records import Fact, Known
from graphs.memory.index import IndexFilter, IndexQuery, MemoryIndex, Vector
from graphs.memory.normalise import normalise
from graphs.memory.ports import Embedder
from graphs.memory.records import MemoryKind
from graphs.memory.stem import stem_query

log = structlog.get_logger(__name__)

NEAREST = 8
"""Known facts that one new fact is compared with."""
CANDIDATES = 16
UNINDEXED = 50
DEADLINE = 10.0
"""Seconds for the index; then words in Postgres are searched. Nobody waits for this."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """Facts that are current, by nearness."""

    database: Database
    embedder: Embedder
    index: MemoryIndex

    async def near(self, user_id: UUID, facts: Sequence[Fact]) -> list[list[Known]]:
        """For each new fact the nearest known ones, best first; the facts before it in `facts` are among them, since
        what somebody says in the evening may contradict what they said in the morning. Raises `IndexUnavailable` where
        a remote embedder is down, and `DatabaseUnavailable`."""
        if not facts:
            return []
        vectors = await self._embed([fact.text for fact in facts])
        found = [await self._found(user_id, fact, vector) for fact, vector in zip(facts, vectors, strict=True)]
        every = {memory_id for each in found for memory_id in each}
        async with self.database.transaction() as tx:
            rows = {known.id: known for known in await Facts(tx).current(user_id, list(every), unindexed=UNINDEXED)}
        apart = [known for known in rows.values() if known.id not in every]
        rows_apart: Sequence[Vector] = list(await self._embed([known.text for known in apart])) if apart else []
        result: list[list[Known]] = []
        for position, vector in enumerate(vectors):
            near = {
                known.id: replace(known, similarity=found[position][known.id])
                for known in rows.values()
                if known.id in found[position]
            }
            near |= {
                known.id: replace(known, similarity=float(vector @ other))
                for known, other in zip(apart, rows_apart, strict=True)
            }
            near |= {
                fact.id: Known(fact.id, fact.text, fact.said_at, float(vector @ vectors[earlier]))
                for earlier, fact in enumerate(facts[:position])
            }
            near.pop(facts[position].id, None)
            best = sorted(near.values(), key=lambda known: (-known.similarity, known.id.int))
            result.append(best[:NEAREST])
        return result

    async def _embed(self, texts: Sequence[str]) -> Vector:
        return await self.embedder.embed_documents([normalise(text) or text for text in texts])

    async def _found(self, user_id: UUID, fact: Fact, vector: Vector) -> dict[UUID, float]:
        """By known fact its similarity; 0 where words alone have found it."""
        wanted = IndexFilter(user_id=user_id, kinds=frozenset([MemoryKind.FACT]))
        try:
            async with asyncio.timeout(DEADLINE):
                found = await self.index.search(
                    IndexQuery(wanted, vector, stem_query(fact.text) or None, limit=CANDIDATES)
                )
        except (IndexUnavailable, TimeoutError) as error:
            log.warning("known facts are looked up by words alone", error=str(error))
            async with self.database.transaction() as tx:
                by_words = await Recallable(tx).search_words(wanted, fact.text, CANDIDATES)
            return {memory.id: 0.0 for memory, _ in by_words}
        return {candidate.id: candidate.dense or 0.0 for candidate in found}
