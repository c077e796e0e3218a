"""What the service asks of an index beyond searching it: that it is made, fits the embedder, and can be made anew."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from graphs.memory.index import MemoryIndex


class ManagedIndex(MemoryIndex, Protocol):
    """An index that lives in an engine of its own and outlasts the process. `MilvusIndex` and `PgvectorIndex` are such.

    Making one reaches for nothing, so that the service starts while the engine is away.
    """

    async def prepare(self) -> bool:
        """Reach the engine and make what is not there; safe to call again. Returns whether the index was made now and
        so is empty. Raises `IndexUnavailable`, and its `IndexMismatch` where another embedder filled it."""

    def rebuild(self) -> AbstractAsyncContextManager["ManagedIndex"]:
        """A fresh, empty index to fill. On a clean exit it takes this one's place for every process, and the old one is
        dropped; on an error it is dropped itself. What was written elsewhere meanwhile is not in it."""
