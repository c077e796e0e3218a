"""Vectors kept on disk, so that a data set is embedded once, whatever is tried on it afterwards."""

import hashlib
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from graphs.memory.index import Vector
from graphs.memory.ports import Embedder

BATCH = 128
"""Texts embedded between two writes to disk: what is lost when a run is broken off."""


class CachedEmbedder:
    """`Embedder` that asks another one only for what it has not been asked before.

    What it keeps depends on the embedder's name, on whether a text is a question or a document, and on the text.
    """

    def __init__(self, embedder: Embedder, cache: sqlite3.Connection) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.relevant_from = embedder.relevant_from
        self._embedder = embedder
        self._cache = cache
        self.question_ms = 0.0
        """How long the last question took when it was really embedded."""

    async def embed_documents(self, texts: Sequence[str]) -> Vector:
        """(n, dimensions) float32, rows of length 1."""
        keys = [self._key("document", text) for text in texts]
        known = self._known(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        left = list(new.items())
        for start in range(0, len(left), BATCH):
            some = left[start : start + BATCH]
            vectors = await self._embedder.embed_documents([text for _, text in some])
            self._keep([(key, vector, 0.0) for (key, _), vector in zip(some, vectors, strict=True)])
            known |= {key: (vector, 0.0) for (key, _), vector in zip(some, vectors, strict=True)}
        return np.array([known[key][0] for key in keys], dtype=np.float32).reshape(len(keys), self.dimensions)

    async def embed_query(self, text: str) -> Vector:
        """(dimensions,) float32, of length 1."""
        key = self._key("question", text)
        if key not in (known := self._known([key])):
            started = time.perf_counter()
            vector = await self._embedder.embed_query(text)
            known[key] = (vector, (time.perf_counter() - started) * 1000)
            self._keep([(key, *known[key])])
        vector, self.question_ms = known[key]
        return vector

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.sha256(f"{self.name}\0{kind}\0{text}".encode()).digest()

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, tuple[Vector, float]]:
        known: dict[bytes, tuple[Vector, float]] = {}
        for key in dict.fromkeys(keys):
            row = self._cache.execute("SELECT vector, ms FROM vectors WHERE key = ?", (key,)).fetchone()
            if row is not None:
                known[key] = (np.frombuffer(row[0], dtype=np.float32), row[1])
        return known

    def _keep(self, rows: Sequence[tuple[bytes, Vector, float]]) -> None:
        with self._cache:
            self._cache.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(key, np.asarray(vector, dtype=np.float32).tobytes(), ms) for key, vector, ms in rows],
            )


@contextmanager
def cached(embedder: Embedder, folder: Path) -> Iterator[CachedEmbedder]:
    """The embedder with its cache, one file in `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    cache = sqlite3.connect(folder / "vectors.sqlite")
    try:
        cache.execute("PRAGMA journal_mode = WAL")
        cache.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, ms REAL) WITHOUT ROWID")
        yield CachedEmbedder(embedder, cache)
    finally:
        cache.close()
