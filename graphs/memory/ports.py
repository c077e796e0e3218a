"""What a turn asks of memory, and where memories themselves are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from graphs.memory.index import IndexFilter, Vector
from graphs.memory.records import Memory, Recalled, Source


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Names the model and its version: vectors of different names do not mix in one index."""
    dimensions: int
    relevant_from: float
    """The cosine similarity from which on a memory is taken to bear on a question; 0 where it was not measured."""

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32, rows of length 1. Raises `IndexUnavailable` where a remote embedder is down."""

    async def embed_query(self, text: str) -> Vector:
        """(dimensions,) float32, of length 1."""


class MemoryStore(Protocol):
    """The memories themselves: the truth behind an index."""

    async def get(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        """Those of the ids that are the user's, active and not superseded, in any order. Without their sources."""

    async def around(self, filter: IndexFilter, ids: Sequence[UUID], best: Sequence[UUID]) -> list[Memory]:  # noqa: A002
        """What `get` gives for the ids, and the episodes that stand beside those of them that are `best`, within
        `neighbours.REACH` places, as far as the filter lets them be found. Each once, without their sources."""

    async def sources(self, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, tuple[Source, ...]]:
        """By memory of the user, the messages that it came from, oldest first. Asked for the few that were chosen."""

    async def speakers(self, user_id: UUID) -> frozenset[str]:
        """The names of those who speak in the user's memories; none where only the user and the assistant do."""

    async def telling(self, filter: IndexFilter, limit: int) -> list[Memory]:  # noqa: A002
        """What the user is known by, as far as the filter lets it be found: up to `limit` facts and pinned memories,
        and up to `limit` of the newest messages of theirs, no named speaker's. Each once, in any order, without their
        sources."""

    async def search_words(
        self,
        filter: IndexFilter,  # noqa: A002
        text: str,
        limit: int,
    ) -> list[tuple[Memory, float]]:
        """The best by words alone, best first: what recall falls back to when the index is down."""


@dataclass(frozen=True, slots=True)
class RecallQuery:
    """One question to memory."""

    filter: IndexFilter
    text: str
    k: int = 10
    """How many at the most."""
    now: datetime | None = None
    """What "yesterday" is counted from; None: the present."""
    context: str = ""
    """What the user said just before: a follow-up is looked for together with it, other questions are not."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What memory answered."""

    items: list[Recalled] = field(default_factory=list)
    """Best first."""
    relevant: frozenset[UUID] = frozenset()
    """Those of the items that bear on the question: what a turn is given."""
    akin: frozenset[UUID] = frozenset()
    """Those that have anything in common with it, what bears on it included."""
    degraded: bool = False
    """The index did not answer and words in the store were searched instead."""
    took_ms: float = 0.0


class MemoryPort(Protocol):
    """Memory as the recall node sees it."""

    async def recall(self, query: RecallQuery) -> Recall:
        """The memories nearest to the question. Does not raise for an engine that is down: it degrades."""
