"""The memory index in Postgres with pgvector: for people who want one database.

Vectors are kept and removed by langchain-postgres' vector store; beside its table stands one of words, which triggers
keep, and from which BM25 is worked out. A reindex fills a fresh pair of tables and swaps it in.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from psycopg.errors import UndefinedTable
from sqlalchemy import exc as sa
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from graphs.errors import IndexUnavailable
from graphs.memory.index import Candidate, IndexEntry, IndexQuery, need_user
from graphs.memory.pgvector_sql import Names, dense_search, words_search
from graphs.memory.pgvector_store import KEY, MemoryVectorStore, PgvectorConfig, pool
from graphs.memory.pgvector_tables import Tables

T = TypeVar("T")

BATCH = 200
"""Rows or ids in one statement."""
RETRY_AFTER = 1.0
"""Seconds before a call tries again to reach a server that was not there."""


class PgvectorIndex:
    """`ManagedIndex` over langchain-postgres and the connection pool that its store holds.

    Making one reaches for nothing; `prepare` does, and so does the first call while the server has not been reached.
    But `prepare` alone makes tables, and `begin`: any other call raises `IndexGone` where none serve. Belongs to one
    event loop.
    """

    def __init__(self, config: PgvectorConfig, *, embedder: str, dimensions: int) -> None:
        """`embedder` names the model whose vectors go in, `dimensions` their length."""
        self._set_up(Tables(config, embedder=embedder, dimensions=dimensions))

    def _set_up(self, tables: Tables) -> None:
        self._tables = tables
        self._config = tables.config
        self._engine: AsyncEngine = pool(tables.config)
        self._opened: tuple[MemoryVectorStore, Names] | None = None
        self._preparing = asyncio.Lock()
        self._failed: tuple[float, IndexUnavailable] | None = None

    async def prepare(self) -> bool:
        """Reach the server, make the tables where there are none; safe to call again. Returns whether they were made
        now and so are empty. Raises `IndexUnavailable`, and its `IndexMismatch` where they hold another embedder's
        vectors."""
        async with self._preparing:
            return await self._open(make=True)

    async def open(self) -> None:
        async with self._preparing:
            await self._open(make=False)

    async def upsert(self, entries: Sequence[IndexEntry]) -> None:
        latest = list({entry.id: entry for entry in entries}.values())
        for at in range(0, len(latest), BATCH):
            batch = latest[at : at + BATCH]
            await self._on_store(partial(MemoryVectorStore.write, entries=batch))

    async def delete(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        need_user(user_id)
        for at in range(0, len(ids), BATCH):
            batch = list(ids[at : at + BATCH])
            await self._on_store(partial(MemoryVectorStore.adelete, ids=batch, filter={"user_id": user_id}))

    async def delete_session(self, user_id: UUID, session_id: UUID) -> None:
        need_user(user_id)
        await self._delete_all(user_id, "user_id = :user_id AND session_id = :session_id", session_id=session_id)

    async def delete_user(self, user_id: UUID) -> None:
        need_user(user_id)
        await self._delete_all(user_id, "user_id = :user_id")

    async def search(self, query: IndexQuery) -> list[Candidate]:
        dense, sparse = await asyncio.gather(self._by_meaning(query), self._by_words(query))
        return [Candidate(key, dense.get(key), sparse.get(key)) for key in dense | sparse]

    async def count(self, user_id: UUID | None = None, ids: Sequence[UUID] | None = None) -> int:
        asked: dict[str, Any] = {} if user_id is None else {"user_id": user_id}
        wanted = [] if user_id is None else ["user_id = :user_id"]
        if ids is not None:
            asked["ids"] = list(ids)
            wanted.append(f"{KEY} = ANY(CAST(:ids AS uuid[]))")
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        rows = await self._read(lambda names: (f"SELECT count(*) FROM {names.entries}{where}", asked))  # noqa: S608
        return int(rows[0][0])

    async def flush(self) -> None:
        """For after many rows at once; otherwise Postgres tidies by itself."""
        _, names = await self._ready()
        await self._guard(self._tables.settle(names))

    async def opened(self) -> tuple[MemoryVectorStore, Names]:
        """LangChain's store over the tables that serve, and what they are called. Raises `IndexUnavailable`."""
        return await self._ready()

    async def close(self) -> None:
        await self._engine.dispose()
        await self._tables.close()

    async def serving(self) -> str | None:
        return await self._guard(self._tables.serving())

    async def begin(self) -> str:
        return (await self._guard(self._tables.make_fresh())).generation

    def generation(self, name: str, *, embedder: str | None = None, dimensions: int | None = None) -> "PgvectorIndex":
        one = PgvectorIndex.__new__(PgvectorIndex)
        one._set_up(self._tables.direct(self._names(name), embedder=embedder, dimensions=dimensions))
        return one

    async def serve(self, name: str) -> None:
        await self._guard(self._tables.serve(self._names(name)))

    async def drop(self, name: str) -> None:
        await self._guard(self._tables.drop(self._names(name)))

    async def leave(self, names: AbstractSet[str]) -> set[str]:
        return await self._guard(self._tables.leave(names))

    @asynccontextmanager
    async def rebuild(self) -> AsyncIterator["PgvectorIndex"]:
        """A fresh, empty index to fill. On a clean exit it takes this one's place for every process, and the old
        tables are dropped; on an error it is dropped itself. What was written elsewhere meanwhile is not in it: index
        again, after it, what changed since it began."""
        names = await self._guard(self._tables.make_fresh())
        fresh = PgvectorIndex.__new__(PgvectorIndex)
        fresh._set_up(self._tables.direct(names))
        try:
            yield fresh
            await fresh.flush()
            await self._guard(self._tables.swap(names))
        except BaseException:
            await asyncio.shield(self._guard(self._tables.drop(names)))
            raise
        finally:
            await fresh.close()
        await self.prepare()

    def _names(self, generation: str) -> Names:
        return Names(self._config.schema, generation)

    async def _by_meaning(self, query: IndexQuery) -> dict[UUID, float]:
        vector = query.vector
        if vector is None:
            return {}
        rows = await self._read(lambda names: dense_search(names, query.filter, vector, query.limit))
        return {row.id: row.score for row in rows}

    async def _by_words(self, query: IndexQuery) -> dict[UUID, float]:
        words, config = query.words, self._config
        if not words or not words.strip():
            return {}
        rows = await self._read(
            lambda names: words_search(names, query.filter, words, query.limit, k1=config.bm25_k1, b=config.bm25_b)
        )
        return {row.id: row.score for row in rows}

    async def _delete_all(self, user_id: UUID, where: str, **values: UUID) -> None:
        """Some at a time: with their words, 10,000 memories of one user took 12 s on a busy machine, longer than one
        statement may."""
        values = {"user_id": user_id, **values}
        while rows := await self._read(
            lambda names: (f"SELECT {KEY} FROM {names.entries} WHERE {where} LIMIT {BATCH}", values)  # noqa: S608
        ):
            await self.delete(user_id, [row.id for row in rows])

    async def _on_store(self, action: Callable[[MemoryVectorStore], Awaitable[object]]) -> None:
        await self._call(lambda store, _: action(store))

    async def _read(self, statement: Callable[[Names], tuple[str, dict[str, Any]]]) -> Sequence[Any]:
        async def read(store: MemoryVectorStore, names: Names) -> Sequence[Any]:
            sql, values = statement(names)
            # One statement needs no transaction around it, which would be two more ways to the server and back.
            engine = store.engine.execution_options(isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                return (await connection.execute(text(sql), values)).all()

        return await self._call(read)

    async def _call(self, action: Callable[[MemoryVectorStore, Names], Awaitable[T]]) -> T:
        """Run an action within the time limit; after a swap the tables that we knew are gone, and there are others."""
        opened = await self._ready()
        try:
            return await self._bounded(action(*opened))
        except sa.ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable):
                raise _unavailable(error) from None
        except sa.SQLAlchemyError as error:
            raise _unavailable(error) from None
        if self._opened == opened:
            self._opened = None
        return await self._guard(self._bounded(action(*await self._ready())))

    async def _ready(self) -> tuple[MemoryVectorStore, Names]:
        if self._opened is None:
            async with self._preparing:
                if self._opened is None:
                    self._wait_before_retry()
                    await self._open(make=False)
        assert self._opened is not None
        return self._opened

    def _wait_before_retry(self) -> None:
        """While the server is down every call would wait for a connection: only one a second does."""
        if self._failed and time.monotonic() - self._failed[0] < RETRY_AFTER:
            raise self._failed[1]

    async def _open(self, *, make: bool) -> bool:
        try:
            store, names, made = await self._guard(self._bounded(self._tables.open(self._engine, make=make)))
        except IndexUnavailable as error:
            self._failed = (time.monotonic(), error)
            raise
        self._opened, self._failed = (store, names), None
        return made

    async def _bounded(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._config.timeout):
                return await work
        except (TimeoutError, OSError, psycopg.Error) as error:
            raise _unavailable(error) from error

    async def _guard(self, work: Awaitable[T]) -> T:
        try:
            return await work
        except (sa.SQLAlchemyError, psycopg.Error, OSError) as error:
            raise _unavailable(error) from None


def _unavailable(error: Exception) -> IndexUnavailable:
    """By the first line alone, and with nothing to follow it to: the rest of a driver's message may quote the row."""
    return IndexUnavailable(f"pgvector: {type(error).__name__}: {str(error).split(chr(10), 1)[0][:500]}")
