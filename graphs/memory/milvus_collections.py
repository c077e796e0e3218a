"""The Milvus collections behind the alias: which one serves, whether it fits, and swapping it. All of it blocks."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import uuid4

import structlog
from pymilvus import MilvusClient, MilvusException

from graphs.errors import IndexGone, IndexMismatch
from graphs.memory.milvus_store import DENSE, MemoryVectorStore, MilvusConfig, connection, open_store

log = structlog.get_logger(__name__)

LAYOUT = "v1"
"""Changes with the schema: a collection of another layout is rebuilt."""


class Collections:
    """Makes, checks, swaps and drops collections. Raises `MilvusException` where the engine does."""

    def __init__(self, config: MilvusConfig, *, embedder: str, dimensions: int, direct: bool = False) -> None:
        """`direct`: the alias in `config` is the name of a collection itself, one that `make_fresh` made."""
        self.config = config
        self._direct = direct
        self.embedder = embedder
        self.dimensions = dimensions
        self.embedded = False
        """Whether the engine is Milvus Lite; known once it was reached."""
        self._client: MilvusClient | None = None

    def open(self, *, make: bool) -> tuple[MemoryVectorStore, bool]:
        """The store over the collection that serves, loaded, and whether it was made just now. Without `make` none is:
        what was lost must not pass for what is empty. Raises `IndexGone` then."""
        client = self._connect()
        serving = self._serving(client)
        if serving is not None:
            self._check(client, serving)
            # By its own name: after a swap the alias would have us read one embedder's vectors with another's question.
            store = open_store(self.config, serving, embedded=self.embedded)
            replicas = 1 if self.embedded else self.config.replicas
            client.load_collection(serving, timeout=self.config.timeout, replica_number=replicas)
            return store, False
        if self._direct or not make:
            raise IndexGone(f"Milvus has no collection {self.config.alias}")
        name = self._fresh_name()
        self._make(name)
        made = self._claim(client, name)
        return open_store(self.config, self._serving(client) or name, embedded=self.embedded), made

    def serving(self) -> str | None:
        """The collection that serves."""
        return self._serving(self._connect())

    def make_fresh(self) -> str:
        """A new, empty collection that nobody reads yet. Others that nobody reads, left by one who died while filling
        them, are dropped."""
        client = self._connect()
        serving = self._serving(client)
        for name in client.list_collections():
            if re.match(rf"{re.escape(self.config.alias)}_v\d+_", name) and name != serving:
                log.info("memory_collection_dropped", collection=name, reason="nobody reads it")
                client.drop_collection(name)
        name = self._fresh_name()
        self._make(name)
        return name

    def swap(self, name: str) -> None:
        """Have the alias name this collection, and drop the one it named before."""
        before = self.serve(name)
        if before is not None and before != name:
            self.drop(before)

    def serve(self, name: str) -> str | None:
        """Have the alias name this collection; the one it named before, which stays."""
        client = self._connect()
        before = self._serving(client)
        if before is None:
            client.create_alias(name, self.config.alias)
        else:
            client.alter_alias(name, self.config.alias)
        log.info("memory_collection_swapped", before=before, after=name)
        return before

    def drop(self, name: str) -> None:
        """Remove a collection, if it is there."""
        self._connect().drop_collection(name)

    def leave(self, names: AbstractSet[str]) -> set[str]:
        """Remove these collections, and the alias where it names one of them; those that were there."""
        client = self._connect()
        if self._serving(client) in names:
            client.drop_alias(self.config.alias)
        found = names & set(client.list_collections())
        for name in found:
            client.drop_collection(name)
            log.info("memory_collection_dropped", collection=name, reason="the index is elsewhere")
        return set(found)

    def direct(self, name: str, *, embedder: str | None = None, dimensions: int | None = None) -> "Collections":
        """The same place, with one collection named directly."""
        config = replace(self.config, alias=name)
        return Collections(
            config,
            embedder=embedder or self.embedder,
            dimensions=dimensions or self.dimensions,
            direct=True,
        )

    def close(self) -> None:
        """Let go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> MilvusClient:
        if self._client is None:
            client = MilvusClient(**connection(self.config))
            self.embedded = "lite" in client.get_server_version().lower()
            self._client = client
        return self._client

    def _fresh_name(self) -> str:
        # Engines do not all keep a collection's description, so its name says whose vectors it holds.
        return f"{self._prefix}{uuid4().hex[:8]}"

    @property
    def _prefix(self) -> str:
        embedder = re.sub(r"[^a-z0-9]+", "_", self.embedder.lower()).strip("_")[:60]
        return f"{self.config.alias}_{LAYOUT}_{embedder}_"

    def _make(self, name: str) -> MemoryVectorStore:
        spread = self.config.partition_key
        spread = not self.embedded if spread is None else spread
        store = open_store(self.config, name, embedded=self.embedded, partition_key=spread)
        store.make_collection(self.dimensions)
        log.info("memory_collection_made", collection=name, dimensions=self.dimensions)
        return store

    def _claim(self, client: MilvusClient, name: str) -> bool:
        """Name the collection by the alias; where another process was faster, drop it instead."""
        try:
            client.create_alias(name, self.config.alias)
        except MilvusException:
            if self._serving(client) is None:
                raise
            client.drop_collection(name)
            return False
        return True

    def _serving(self, client: MilvusClient) -> str | None:
        """The collection that the alias names, or that has the name itself."""
        if not client.has_collection(self.config.alias):
            return None
        return str(client.describe_collection(self.config.alias)["collection_name"])

    def _check(self, client: MilvusClient, name: str) -> None:
        fields = client.describe_collection(name)["fields"]
        dimensions = [int(field["params"]["dim"]) for field in fields if field["name"] == DENSE]
        if dimensions != [self.dimensions] or not (self._direct or name.startswith(self._prefix)):
            raise IndexMismatch(
                f"the collection {name} was not made for vectors of {self.embedder!r} ({self.dimensions} dimensions): "
                "run `memocha reindex`"
            )
        metric = client.describe_index(name, DENSE)["metric_type"]
        if metric != self.config.metric:
            raise IndexMismatch(
                f"the collection {name} was made with the metric {metric}, and MEMOCHA_MILVUS_METRIC is "
                f"{self.config.metric}: run `memocha reindex`"
            )
