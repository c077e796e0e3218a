"""The memory index in Milvus: embedded (Milvus Lite as a server of its own), standalone or cluster.

Everyone reads and writes through an alias; a reindex fills a fresh collection and moves the alias to it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import grpc
import structlog
from pymilvus import AsyncMilvusClient, MilvusException

from graphs.errors import IndexUnavailable
from graphs.memory.expressions import any_of, expression, literal
from graphs.memory.flushing import Flusher, Gate
from graphs.memory.index import Candidate, IndexEntry, IndexQuery, need_user
from graphs.memory.milvus_collections import Collections
from graphs.memory.milvus_store import (
    DENSE,
    KEY,
    SPARSE,
    MemoryVectorStore,
    MilvusConfig,
    dense_search,
    engine_words,
    sparse_search,
)

log = structlog.get_logger(__name__)
T = TypeVar("T")

BATCH = 64
"""Rows or ids in one request. Fewer than the embedded engine settles by itself in the middle of a write."""
RETRY_AFTER = 1.0
"""Seconds before a call tries again to reach an engine that was not there."""
NOT_LOADED = 101
NOT_FOUND = (100, 4)


class MilvusIndex:
    """`MemoryIndex` over langchain-milvus and the client that it holds.

    Making one reaches for nothing; `prepare` does, and so does the first call while the engine has not been reached.
    But `prepare` alone makes a collection, and `begin`: any other call raises `IndexGone` where none serves. Belongs to
    one event loop.
    """

    def __init__(self, config: MilvusConfig, *, embedder: str, dimensions: int) -> None:
        """`embedder` names the model whose vectors go in, `dimensions` their length."""
        self._set_up(Collections(config, embedder=embedder, dimensions=dimensions))

    def _set_up(self, collections: Collections) -> None:
        self._collections = collections
        self._config = config = collections.config
        self._store: MemoryVectorStore | None = None
        self._preparing = asyncio.Lock()
        self._failed: tuple[float, IndexUnavailable] | None = None
        self._flusher = Flusher(config.flush_rows, config.flush_after, self.flush)
        self._gate = Gate()
        self._writing = asyncio.Lock()

    async def prepare(self) -> bool:
        """Reach the engine, make the collection where there is none, and load it; safe to call again. Returns whether
        the collection was made now and so is empty. Raises `IndexUnavailable`, and its `IndexMismatch` where the
        collection was made for another embedder."""
        async with self._preparing:
            return await self._open(make=True)

    async def open(self) -> None:
        async with self._preparing:
            await self._open(make=False)

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        latest = list({entry.id: entry for entry in entries}.values())
        for at in range(0, len(latest), BATCH):
            batch = latest[at : at + BATCH]
            async with self._turn_to_write():
                await self._call(partial(self._write, batch=batch))
            await self._flusher.wrote(len(batch))

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        need_user(user_id)
        for at in range(0, len(ids), BATCH):
            batch = any_of(KEY, ids[at : at + BATCH])
            await self._delete(f"user_id == {literal(user_id)} and {batch}")

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        need_user(user_id)
        await self._delete(f"user_id == {literal(user_id)} and session_id == {literal(session_id)}")

    async def delete_user(self, user_id: UUID) -> None:
        need_user(user_id)
        await self._delete(f"user_id == {literal(user_id)}")

    async def search(self, query: IndexQuery) -> list[Candidate]:
        where = expression(query.filter)
        async with self._gate.search():
            dense, sparse = await asyncio.gather(
                self._side(DENSE, query.vector.tolist() if query.vector is not None else None, where, query.limit),
                self._side(SPARSE, engine_words(query.words) if query.words else None, where, query.limit),
            )
        return [Candidate(UUID(key), dense.get(key), sparse.get(key)) for key in dense | sparse]

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        mine = [f"user_id == {literal(user_id)}"] if user_id is not None else []
        if ids is None:
            return await self._count(" and ".join(mine))
        batches = [any_of(KEY, ids[at : at + BATCH]) for at in range(0, len(ids), BATCH)]
        return sum([await self._count(" and ".join([*mine, batch])) for batch in batches])

    async def _count(self, where: str) -> int:
        async with self._gate.search():
            rows: list[dict[str, Any]] = await self._on_client(
                lambda client, name: client.query(
                    name, filter=where, output_fields=["count(*)"], timeout=self._config.timeout
                )
            )
        return int(rows[0]["count(*)"])

    async def flush(self) -> None:
        """Only the embedded engine is told to: others settle by themselves and limit how often they are asked."""
        if await self._is_embedded():
            async with self._writing, self._gate.flush():
                await self._on_client(lambda client, name: client.flush(name, timeout=self._config.timeout))
                self._flusher.settled()

    async def close(self) -> None:
        await self._flusher.close()
        store, self._store = self._store, None
        if store is not None:
            await store.aclient.close()
            await asyncio.to_thread(store.client.close)
        await asyncio.to_thread(self._collections.close)

    async def serving(self) -> str | None:
        return await self._in_thread(self._collections.serving)

    async def begin(self) -> str:
        return await self._in_thread(self._collections.make_fresh)

    def generation(self, name: str, *, embedder: str | None = None, dimensions: int | None = None) -> "MilvusIndex":
        one = MilvusIndex.__new__(MilvusIndex)
        one._set_up(self._collections.direct(name, embedder=embedder, dimensions=dimensions))
        return one

    async def serve(self, name: str) -> None:
        await self._in_thread(lambda: self._collections.serve(name))

    async def drop(self, name: str) -> None:
        await self._in_thread(lambda: self._collections.drop(name))

    async def leave(self, names: AbstractSet[str]) -> set[str]:
        return await self._in_thread(lambda: self._collections.leave(names))

    @asynccontextmanager
    async def rebuild(self) -> AsyncIterator["MilvusIndex"]:
        """A fresh, empty index to fill. On a clean exit it takes this one's place for every process, and the old
        collection is dropped; on an error it is dropped itself. What was written elsewhere meanwhile is not in it:
        index again, after it, what changed since it began."""
        name = await self.begin()
        fresh = self.generation(name)
        try:
            yield fresh
            await fresh.flush()
            await self._in_thread(lambda: self._collections.swap(name))
        except BaseException:
            await asyncio.shield(self.drop(name))
            raise
        finally:
            await fresh.close()
        await self.prepare()

    async def _side(self, field: str, value: list[float] | str | None, where: str, limit: int) -> dict[str, float]:
        """Scores by id of one side. Only the key is asked for: by an empty list the embedded engine understands all
        fields, vectors and words too (64 hits in 19 ms in place of 6)."""
        if value is None or value == "":
            return {}
        embedded = await self._is_embedded()
        params = (
            dense_search(self._config, limit, embedded=embedded)
            if field == DENSE
            else sparse_search(self._config, embedded=embedded)
        )
        hits = await self._on_client(
            lambda client, name: client.search(
                name, [value], anns_field=field, filter=where, limit=limit, output_fields=[KEY],
                search_params=params, timeout=self._config.timeout,
            )
        )  # fmt: skip
        # The embedded engine gives BM25 as a distance, below 0.
        return {hit[KEY]: abs(hit["distance"]) if field == SPARSE else hit["distance"] for hit in hits[0]}

    async def _delete(self, where: str) -> None:
        async with self._turn_to_write():
            await self._on_client(lambda client, name: client.delete(name, filter=where, timeout=self._config.timeout))
        await self._flusher.wrote(1)

    async def _write(self, store: MemoryVectorStore, *, batch: Sequence[IndexEntry]) -> None:
        await store.write(store.collection_name, batch, self._config.timeout)

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """The embedded engine has no lock over its write-ahead log and its table of unsettled rows: two writes at
        once, or one during a flush, may lose an acknowledged row. So there one goes after the other."""
        if await self._is_embedded():
            async with self._writing:
                yield
        else:
            yield

    async def _is_embedded(self) -> bool:
        await self._ready()
        return self._collections.embedded

    async def _on_client(self, action: Callable[[AsyncMilvusClient, str], Awaitable[T]]) -> T:
        return await self._call(lambda store: action(store.aclient, store.collection_name))

    async def _call(self, action: Callable[[MemoryVectorStore], Awaitable[T]]) -> T:
        """Run an action, within the time limit; an engine that was restarted has to load the collection again."""
        store = await self._ready()
        try:
            return await self._bounded(action(store))
        except MilvusException as error:
            if error.code not in (NOT_LOADED, *NOT_FOUND) and error.compatible_code != NOT_LOADED:
                raise _unavailable(error) from error
        self._store = None
        return await self._guard(action(await self._ready()))

    async def _ready(self) -> MemoryVectorStore:
        if self._store is None:
            async with self._preparing:
                if self._store is None:
                    self._wait_before_retry()
                    await self._open(make=False)
        assert self._store is not None
        return self._store

    def _wait_before_retry(self) -> None:
        """While the engine is down every call would wait for a connection: only one a second does."""
        if self._failed and time.monotonic() - self._failed[0] < RETRY_AFTER:
            raise self._failed[1]

    async def _open(self, *, make: bool) -> bool:
        try:
            store, made = await self._in_thread(lambda: self._collections.open(make=make))
        except IndexUnavailable as error:
            self._failed = (time.monotonic(), error)
            raise
        self._store, self._failed = store, None
        return made

    async def _bounded(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._config.timeout):
                return await work
        except (TimeoutError, grpc.RpcError, OSError) as error:
            raise _unavailable(error) from error

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """The making and opening of collections blocks, and takes several calls."""
        return await self._guard(asyncio.to_thread(work))

    async def _guard(self, work: Awaitable[T]) -> T:
        try:
            return await self._bounded(work)
        except MilvusException as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> IndexUnavailable:
    reason = f"{type(error).__name__} {getattr(error, 'code', '')} {getattr(error, 'message', error)}"
    return IndexUnavailable(f"Milvus: {reason.strip()[:500]}")
