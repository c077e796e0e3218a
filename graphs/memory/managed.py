"""What the service asks of an index beyond searching it: that it is made, fits the embedder, and can be made anew."""

from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from graphs.memory.index import MemoryIndex


class FormerIndex(Protocol):
    """An index in a place that memories do not go to any more: all that is left to do is to empty it."""

    async def serving(self) -> str | None:
        """The generation that serves, whoever's vectors it holds; None where there is none. Makes nothing. Raises
        `IndexUnavailable`."""

    async def leave(self, names: AbstractSet[str]) -> set[str]:
        """Remove these generations though one of them serves; those of them that were there. Makes nothing. Raises
        `IndexUnavailable`."""

    async def close(self) -> None:
        """Let go of connections."""


class ManagedIndex(MemoryIndex, FormerIndex, Protocol):
    """An index that lives in an engine of its own and outlasts the process. `MilvusIndex` and `PgvectorIndex` are such.

    Making one reaches for nothing, so that the service starts while the engine is away.
    """

    async def prepare(self) -> bool:
        """Reach the engine and make what is not there; safe to call again. Returns whether the index was made now and
        so is empty. Raises `IndexUnavailable`, and its `IndexMismatch` where another embedder filled it."""

    async def open(self) -> None:
        """Reach the engine and what serves there. As searching, counting, writing and deleting do, it makes nothing:
        where nothing serves it raises `IndexGone`. Raises the others as `prepare` does."""

    async def begin(self) -> str:
        """A new, empty generation for this index's embedder, which nobody reads yet; others that nobody reads are
        dropped. Raises `IndexUnavailable`."""

    def generation(self, name: str, *, embedder: str | None = None, dimensions: int | None = None) -> "ManagedIndex":
        """One generation by itself, whether it serves or not, to be closed by who asked. `embedder`, `dimensions`:
        whose vectors it holds; None: as this one. Its calls raise `IndexGone` when it was dropped."""

    async def serve(self, name: str) -> None:
        """Have a generation serve, for every process at once. The one before stays there until it is dropped. Raises
        `IndexUnavailable`."""

    async def drop(self, name: str) -> None:
        """Remove a generation, if it is there. Raises `IndexUnavailable`."""

    def rebuild(self) -> AbstractAsyncContextManager["ManagedIndex"]:
        """A fresh, empty index to fill. On a clean exit it takes this one's place for every process, and the old one is
        dropped; on an error it is dropped itself. What was written elsewhere meanwhile is not in it."""
