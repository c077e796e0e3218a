"""Memories, vectors and embedders for tests of memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

import numpy as np

from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.index import Vector
from graphs.memory.records import Memory, Role

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_positions = count()


def said(text: str, *, user: UUID | None = None, role: Role = "user", session: UUID | None = None) -> Memory:
    """The first episode of a message, a minute after the one before."""
    at = next(_positions)
    message = SourceMessage(
        uuid4(), user or uuid4(), session or uuid4(), role, None, text, at, NOON + timedelta(minutes=at)
    )
    return episodes(message)[0]


class LetterEmbedder:
    """Counts letters: deterministic, and near for texts of like letters."""

    name = "letters"
    dimensions = 26
    relevant_from = 0.0

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        return np.stack([await self.embed_query(text) for text in texts])

    async def embed_query(self, text: str) -> Vector:
        counts = np.array([text.lower().count(chr(97 + at)) for at in range(26)], dtype=np.float32) + 1e-3
        unit: Vector = counts / np.linalg.norm(counts)
        return unit
