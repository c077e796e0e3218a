"""The Milvus collections behind the alias: which one serves, whether it fits, and swapping it. All of it blocks."""

import re
from dataclasses import replace
from uuid import uuid4

import structlog
from pymilvus import DataType, MilvusException

from graphs.errors import IndexMismatch
from graphs.memory.milvus_store import DENSE, MemoryVectorStore, MilvusConfig, open_store

log = structlog.get_logger(__name__)

LAYOUT = "v1"
"""Changes with the schema: a collection of another layout is rebuilt."""


class Collections:
    """Makes, checks, swaps and drops collections. Raises `MilvusException` where the engine does."""

    def __init__(self, config: MilvusConfig, *, embedder: str, dimensions: int) -> None:
        self.config = config
        self.embedder = embedder
        self.dimensions = dimensions
        self.embedded = False
        """Whether the engine is Milvus Lite; known once it was reached."""

    def open(self) -> tuple[MemoryVectorStore, bool]:
        """The store over the collection that serves, loaded, and whether it was made just now."""
        store = open_store(self.config, self.config.alias, self._label, partition_key=False)
        self.embedded = "lite" in store.client.get_server_version().lower()
        name = self._target(store)
        if name is not None:
            self._check(store, name)
            store.client.load_collection(name, timeout=self.config.timeout)
            return store, False
        name = self.make_fresh() if not self._is_direct else self._make(self.config.alias)
        if self._is_direct or self._claim(store, name):
            return store, True
        self.drop(name)
        return store, False

    def make_fresh(self) -> str:
        """A new, empty collection that nobody reads yet. Others that nobody reads, left by one who died while filling
        them, are dropped."""
        store = open_store(self.config, self.config.alias, self._label, partition_key=False)
        self.embedded = "lite" in store.client.get_server_version().lower()
        serving = self._target(store)
        for name in store.client.list_collections():
            if name.startswith(f"{self.config.alias}_v") and name != serving:
                log.info("memory_collection_dropped", collection=name, reason="nobody reads it")
                store.client.drop_collection(name)
        return self._make(f"{self.config.alias}_{LAYOUT}_{_slug(self.embedder)}_{uuid4().hex[:8]}")

    def swap(self, name: str) -> None:
        """Have the alias name this collection, and drop the one it named before."""
        store = open_store(self.config, self.config.alias, self._label, partition_key=False)
        before = self._target(store)
        if before is None:
            store.client.create_alias(name, self.config.alias)
        else:
            store.client.alter_alias(name, self.config.alias)
        log.info("memory_collection_swapped", before=before, after=name)
        if before is not None and before != name:
            store.client.drop_collection(before)

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        open_store(self.config, name, self._label, partition_key=False).client.drop_collection(name)

    def config_for(self, name: str) -> MilvusConfig:
        """The same place, with one collection named directly."""
        return replace(self.config, alias=name)

    @property
    def _is_direct(self) -> bool:
        return f"_{LAYOUT}_" in self.config.alias

    @property
    def _label(self) -> str:
        return f"Memocha memories; embedder={self.embedder}"

    def _make(self, name: str) -> str:
        spread = self.config.partition_key
        store = open_store(
            self.config, name, self._label, partition_key=not self.embedded if spread is None else spread
        )
        store.make_collection(self.dimensions)
        log.info("memory_collection_made", collection=name, dimensions=self.dimensions)
        return name

    def _claim(self, store: MemoryVectorStore, name: str) -> bool:
        """Name the collection by the alias, unless another process was faster."""
        try:
            store.client.create_alias(name, self.config.alias)
        except MilvusException:
            if self._target(store) is None:
                raise
            return False
        return True

    def _target(self, store: MemoryVectorStore) -> str | None:
        """The collection that serves: the one that the alias names, or that has the name itself."""
        if not store.client.has_collection(self.config.alias):
            return None
        return str(store.client.describe_collection(self.config.alias)["collection_name"])

    def _check(self, store: MemoryVectorStore, name: str) -> None:
        about = store.client.describe_collection(name)
        dimensions = next(
            (int(field["params"]["dim"]) for field in about["fields"]
             if field["name"] == DENSE and field["type"] == DataType.FLOAT_VECTOR), None
        )  # fmt: skip
        if dimensions != self.dimensions or about.get("description") != self._label:
            raise IndexMismatch(
                f"the collection {name} holds vectors of {dimensions} dimensions ({about.get('description')!r}), "
                f"and the embedder {self.embedder!r} makes {self.dimensions}: run `memocha reindex`"
            )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:60]
