"""The generations of the index in Postgres: which one serves, whether it fits, making, swapping and dropping them."""

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import structlog
from langchain_postgres import PGEngine
from langchain_postgres.v2.indexes import HNSWIndex
from sqlalchemy import Row, text
from sqlalchemy import exc as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from graphs.errors import IndexGone, IndexMismatch, IndexUnavailable
from graphs.memory.pgvector_sql import Names, dropped, layout
from graphs.memory.pgvector_store import METRIC, MemoryVectorStore, PgvectorConfig, make_table, open_store, workshop

log = structlog.get_logger(__name__)

LAYOUT = "v1"
"""Changes with the tables: a generation of another layout is rebuilt."""
INLINE = 1_900
"""Longest vector that stays in its row, dimensions: a row must fit into a page of 8 kB."""
HNSW_LONGEST = 2_000
"""Longest vector that pgvector's HNSW takes, dimensions."""
LEAST_VERSION = (0, 8)
"""Of the extension: filtered searches by HNSW go on until they found enough."""


class Tables:
    """Makes, checks, swaps and drops generations. Raises what SQLAlchemy raises where Postgres does."""

    def __init__(
        self, config: PgvectorConfig, *, embedder: str, dimensions: int, generation: str | None = None
    ) -> None:
        """`generation`: that one, whether it serves or not; else the one that serves."""
        self.config = config
        self.embedder = embedder
        self.dimensions = dimensions
        self._generation = generation
        self._workshop: AsyncEngine = workshop(config)
        self._said = False

    async def open(self, engine: AsyncEngine, *, make: bool) -> tuple[MemoryVectorStore, Names, bool]:
        """A store over the generation that serves, on the engine's connections, its names, and whether it was made
        just now. Without `make` none is: what was lost must not pass for what is empty. Raises `IndexGone` then, and
        `IndexMismatch` where another embedder filled it."""
        self._check_dimensions()
        async with self._alone() as connection:
            serving = await self._serving(connection)
            made = serving is None
            if serving is None and (self._generation is not None or not make):
                raise IndexGone(
                    f"the schema {self.config.schema} has no generation {self._generation or 'that serves'}"
                )
            await self._check_extension(connection)
            if serving is None:
                await self._ensure_registry(connection)
                names = await self._make(connection)
                await self._serve(connection, names.generation)
            else:
                self._check_fits(serving)
                names = Names(self.config.schema, serving.name)
            store = await open_store(PGEngine.from_engine(engine), names.schema, names.table)
        return store, names, made

    async def make_fresh(self) -> Names:
        """A new, empty generation that nobody reads yet. Others that nobody reads, left by one who died while filling
        them, are dropped."""
        self._check_dimensions()
        async with self._alone() as connection:
            await self._check_extension(connection)
            await self._ensure_registry(connection)
            idle = await connection.execute(text(f"SELECT name FROM {self._registry} WHERE NOT serving"))  # noqa: S608
            for row in idle.all():
                await self._drop(connection, row.name, "nobody reads it")
            return await self._make(connection)

    async def serving(self) -> str | None:
        """The generation that serves."""
        async with self._alone() as connection:
            found = await self._find(connection, "serving") if await self._registered(connection) else None
            return found.name if found is not None else None

    async def serve(self, names: Names) -> None:
        """Have this generation serve; the one that did before stays."""
        async with self._alone() as connection:
            await self._serve(connection, names.generation)

    async def swap(self, names: Names) -> None:
        """Have this generation serve, and drop the one that did before."""
        async with self._alone() as connection:
            before = await self._find(connection, "serving")
            await self._serve(connection, names.generation)
            if before is not None:
                await self._drop(connection, before.name, "another took its place")

    async def drop(self, names: Names) -> None:
        """Remove a generation, if it is there."""
        async with self._alone() as connection:
            await self._drop(connection, names.generation, "it was given up")

    async def leave(self, names: AbstractSet[str]) -> set[str]:
        """Remove these generations, the one that serves too, and the schema where none is left; those there were."""
        async with self._alone() as connection:
            if not await self._registered(connection):
                return set()
            every = {row.name for row in await connection.execute(text(f"SELECT name FROM {self._registry}"))}  # noqa: S608
            for name in sorted(names & every):
                await self._drop(connection, name, "the index is elsewhere")
            if every <= names:
                # Refused where somebody keeps something else in it.
                await connection.execute(text(f"DROP TABLE {self._registry}"))
                with suppress(sa.DBAPIError):
                    await connection.execute(text(f'DROP SCHEMA "{self.config.schema}"'))
            return set(names & every)

    async def settle(self, names: Names) -> None:
        """Tidy both tables and count what is in them: after many rows searches are planned and served better."""
        async with self._workshop.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (names.entries, names.words):
                await connection.execute(text(f"VACUUM (ANALYZE) {table}"))

    def direct(self, names: Names, *, embedder: str | None = None, dimensions: int | None = None) -> "Tables":
        """The same place, with one generation named directly."""
        return Tables(
            self.config,
            embedder=embedder or self.embedder,
            dimensions=dimensions or self.dimensions,
            generation=names.generation,
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._workshop.dispose()

    @property
    def _registry(self) -> str:
        return f'"{self.config.schema}".generations'

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose owner alone, of all processes, makes or swaps generations of this schema meanwhile. Each
        statement stands by itself: LangChain makes tables on connections of its own, which must see what is done."""
        async with self._workshop.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            lock = {"name": f"memocha {self.config.schema}"}
            await connection.execute(text("SELECT pg_advisory_lock(hashtextextended(:name, 0))"), lock)
            yield connection  # the lock goes with the connection

    async def _ensure_registry(self, connection: AsyncConnection) -> None:
        if await self._registered(connection):
            return
        for statement in (
            f'CREATE SCHEMA IF NOT EXISTS "{self.config.schema}"',
            f"CREATE TABLE {self._registry} (name TEXT PRIMARY KEY, embedder TEXT NOT NULL, "
            "dimensions INTEGER NOT NULL, layout TEXT NOT NULL, dense_index TEXT NOT NULL, "
            "serving BOOLEAN NOT NULL DEFAULT false, made_at TIMESTAMPTZ NOT NULL DEFAULT now())",
            f"CREATE UNIQUE INDEX one_serves ON {self._registry} (serving) WHERE serving",
        ):
            await connection.execute(text(statement))

    async def _registered(self, connection: AsyncConnection) -> bool:
        return bool(await connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": self._registry}))

    async def _serving(self, connection: AsyncConnection) -> Row[Any] | None:
        if not await self._registered(connection):
            return None
        if self._generation is not None:
            return await self._find(connection, "name = :name", name=self._generation)
        return await self._find(connection, "serving")

    async def _find(self, connection: AsyncConnection, where: str, **values: str) -> Row[Any] | None:
        statement = f"SELECT name, embedder, dimensions, layout, dense_index FROM {self._registry} WHERE {where}"  # noqa: S608
        return (await connection.execute(text(statement), values)).one_or_none()

    async def _make(self, connection: AsyncConnection) -> Names:
        names = Names(self.config.schema, uuid4().hex[:8])
        # Noted before it is made: what is left of one that died halfway is found by its note.
        await connection.execute(
            text(
                f"INSERT INTO {self._registry} (name, embedder, dimensions, layout, dense_index) "  # noqa: S608
                "VALUES (:name, :embedder, :dimensions, :layout, :dense_index)"
            ),
            {
                "name": names.generation,
                "embedder": self.embedder,
                "dimensions": self.dimensions,
                "layout": LAYOUT,
                "dense_index": self.config.dense_index,
            },
        )
        engine = PGEngine.from_engine(self._workshop)
        await make_table(engine, names.schema, names.table, self.dimensions)
        for statement in layout(names, inline=self.dimensions <= INLINE):
            await connection.execute(text(statement))
        if self.config.dense_index == "hnsw":
            store = await open_store(engine, names.schema, names.table)
            await store.aapply_vector_index(self._hnsw(names))
        log.info("memory_tables_made", table=names.table, dimensions=self.dimensions)
        return names

    def _hnsw(self, names: Names) -> HNSWIndex:
        return HNSWIndex(
            name=f"hnsw_{names.generation}",
            m=self.config.hnsw_m,
            ef_construction=self.config.hnsw_ef_construction,
            distance_strategy=METRIC,
        )

    async def _serve(self, connection: AsyncConnection, generation: str) -> None:
        statement = f"UPDATE {self._registry} SET serving = (name = :name) WHERE serving OR name = :name"  # noqa: S608
        await connection.execute(text(statement), {"name": generation})
        log.info("memory_tables_serve", generation=generation)

    async def _drop(self, connection: AsyncConnection, generation: str, reason: str) -> None:
        for statement in dropped(Names(self.config.schema, generation)):
            await connection.execute(text(statement))
        if await self._registered(connection):
            await connection.execute(text(f"DELETE FROM {self._registry} WHERE name = :name"), {"name": generation})  # noqa: S608
        log.info("memory_tables_dropped", generation=generation, reason=reason)

    async def _check_extension(self, connection: AsyncConnection) -> None:
        version = await self._extension(connection)
        if version is None:
            try:
                await connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
            except sa.DBAPIError as error:
                raise IndexUnavailable(
                    "this Postgres database has no pgvector, and we may not add it: install pgvector for the server "
                    "and have a superuser run `CREATE EXTENSION vector` in the database, or set MEMOCHA_INDEX=milvus"
                ) from error
            version = await self._extension(connection)
        if version is None or tuple(int(part) for part in version.split(".")[:2]) < LEAST_VERSION:
            raise IndexUnavailable(
                f"this Postgres database has pgvector {version}, and 0.8 or newer is needed: "
                "update it and run `ALTER EXTENSION vector UPDATE`"
            )

    async def _extension(self, connection: AsyncConnection) -> str | None:
        version: str | None = await connection.scalar(
            text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        )
        return version

    def _check_fits(self, serving: Row[Any]) -> None:
        if (serving.embedder, serving.dimensions, serving.layout) != (self.embedder, self.dimensions, LAYOUT):
            raise IndexMismatch(
                f"the tables of {self.config.schema} hold vectors of {serving.embedder!r} ({serving.dimensions} "
                f"dimensions, layout {serving.layout}), not of {self.embedder!r} ({self.dimensions}, {LAYOUT}): "
                "run `memocha reindex`"
            )
        if serving.dense_index != self.config.dense_index and not self._said:
            self._said = True
            log.warning(
                "the index was made with another MEMOCHA_PGVECTOR_INDEX; `memocha reindex` makes it anew",
                made=serving.dense_index,
                set=self.config.dense_index,
            )

    def _check_dimensions(self) -> None:
        if self.config.dense_index == "hnsw" and self.dimensions > HNSW_LONGEST:
            raise IndexUnavailable(
                f"pgvector's HNSW takes vectors of {HNSW_LONGEST} dimensions at the most, and {self.embedder} makes "
                f"{self.dimensions}: set MEMOCHA_PGVECTOR_INDEX=exact"
            )
