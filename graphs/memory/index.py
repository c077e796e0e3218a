"""The one seam to a vector store.

The index holds, for each memory, what finds it: a vector, stemmed words, and the fields to filter by. It never is the
only copy of anything: whoever asks takes the ids that it names and reads the memories themselves from their store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from graphs.errors import InvalidMemoryQuery
from graphs.memory.records import MemoryKind, Role

Vector = NDArray[np.float32]
MAX_CANDIDATES = 1000


def need_user(user_id: UUID) -> None:
    """Raise `InvalidMemoryQuery` for what is no user's id: whatever an engine would make of it, it is not asked."""
    if not isinstance(user_id, UUID):
        raise InvalidMemoryQuery(f"a memory query needs a user's UUID, not {user_id!r}")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One memory as the index holds it."""

    id: UUID
    user_id: UUID
    kind: MemoryKind
    words: str
    """The text for word search: normalised and stemmed, since not every engine stems."""
    vector: Vector
    """(dimensions,) float32, of length 1."""
    created_at: datetime
    session_id: UUID | None = None
    message_id: UUID | None = None
    role: Role = "user"
    seq: int = 0


@dataclass(frozen=True, slots=True)
class IndexFilter:
    """Which memories may be found. The user is never optional."""

    user_id: UUID
    session_id: UUID | None = None
    kinds: frozenset[MemoryKind] = frozenset()
    """Empty: every kind."""
    since: datetime | None = None
    """Said at this time or later."""
    until: datetime | None = None
    """Said before this time."""
    hidden_session: UUID | None = None
    hidden_from_seq: int = 0
    """Leaves out what the hidden session holds from this position on: the window, which the model reads anyway."""

    def __post_init__(self) -> None:
        need_user(self.user_id)


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """What is looked for: by meaning, by words, or by both."""

    filter: IndexFilter
    vector: Vector | None
    words: str | None
    limit: int
    """Candidates wanted from each side, 1 to `MAX_CANDIDATES`."""

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_CANDIDATES:
            raise InvalidMemoryQuery(f"limit is {self.limit}; it must lie between 1 and {MAX_CANDIDATES}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A memory found, with the score of each side that found it; None where that side did not."""

    id: UUID
    dense: float | None
    """Cosine similarity, -1 to 1."""
    sparse: float | None
    """BM25, 0 and up."""


class MemoryIndex(Protocol):
    """A store of vectors and words. All errors of an implementation's engine come out as `IndexUnavailable`. What names
    no user raises `InvalidMemoryQuery`."""

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        """Store the entries, replacing those of the same id. On return they can be found."""

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """Remove these entries of the user; unknown ids are no error."""

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        """Remove all that the user said and heard in a session."""

    async def delete_user(self, user_id: UUID) -> None:
        """Remove all of a user."""

    async def search(self, query: IndexQuery) -> list[Candidate]:
        """The best candidates of each side, in no particular order, each id once."""

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        """How many entries the index holds, of one user or of all; of those alone that are named, where any are."""

    async def flush(self) -> None:
        """Have the engine settle what was written, where it serves faster after that."""

    async def close(self) -> None:
        """Let go of connections."""
