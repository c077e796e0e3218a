"""The table of vectors as LangChain's Postgres vector store makes it, and where it lies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from langchain_core.embeddings import Embeddings
from langchain_postgres import Column, PGEngine
from langchain_postgres.v2.async_vectorstore import AsyncPGVectorStore
from langchain_postgres.v2.indexes import DistanceStrategy
from sqlalchemy import URL, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from graphs.memory.index import IndexEntry, Vector

METRIC = DistanceStrategy.INNER_PRODUCT
"""Vectors have length 1, so the inner product is the cosine, and the cheaper of the two."""
KEY, WORDS, DENSE = "id", "words", "embedding"
CONNECT_TIMEOUT = 5

SCALARS = {
    "user_id": ("UUID", False),
    "session_id": ("UUID", True),
    "message_id": ("UUID", True),
    "kind": ("TEXT", False),
    "role": ("TEXT", False),
    "seq": ("BIGINT", False),
    "created_at": ("TIMESTAMPTZ", False),
    "length": ("INTEGER", False),
}
"""The fields to filter by, with their type and whether they may be empty. `length` counts the words, for BM25."""
TIMEOUT = 10.0
"""Seconds for a call."""


@dataclass(frozen=True, slots=True)
class PgvectorConfig:
    """Where Postgres is and how the index is laid out there."""

    url: str = field(repr=False)
    """postgresql://user:password@host:5432/database; the database needs the extension `vector`, 0.8 or newer."""
    schema: str = "memory_index"
    """The schema that holds the index and nothing else; two indexes of one database need two."""
    timeout: float = TIMEOUT
    """Longest wait for one call, seconds."""
    pool_size: int = 8
    """Connections at once; a search takes two, one for each side."""
    dense_index: Literal["exact", "hnsw"] = "exact"
    """exact compares with all of a user's vectors. hnsw is for users of tens of thousands of memories."""
    hnsw_m: int = 16
    hnsw_ef_construction: int = 64
    hnsw_ef: int = 100
    """Candidates that a search of HNSW keeps; more find more, and take longer."""
    bm25_k1: float = 1.2
    bm25_b: float = 0.75


class MemoryVectorStore(AsyncPGVectorStore):
    """LangChain's store, with rows whose vectors are at hand written in one transaction.

    Its own `aadd_embeddings` commits after every row: 64 rows are 64 waits for the disk.
    """

    async def write(self, entries: Sequence[IndexEntry]) -> None:
        """Store the entries, replacing those of the same id: all of them, or none where it raises."""
        columns = [KEY, WORDS, DENSE, *SCALARS]
        given = [f"CAST(:{name} AS {_type(name)}[])" for name in columns]
        replaced = [f"{name} = EXCLUDED.{name}" for name in columns[1:]]
        statement = (
            f'INSERT INTO "{self.schema_name}"."{self.table_name}" ({", ".join(columns)}) '  # noqa: S608
            f"SELECT * FROM unnest({', '.join(given)}) "
            f"ON CONFLICT ({KEY}) DO UPDATE SET {', '.join(replaced)}"
        )
        # In the order of their ids: two who write the same rows at once then wait for one another, and do not block.
        rows = [_row(entry) for entry in sorted(entries, key=lambda entry: entry.id)]
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), {name: [row[name] for row in rows] for name in columns})


async def make_table(engine: PGEngine, schema: str, table: str, dimensions: int) -> None:
    """Create the table that a store works on. Raises where there is one of the name."""
    await engine.ainit_vectorstore_table(
        table,
        dimensions,
        schema_name=schema,
        content_column=WORDS,
        embedding_column=DENSE,
        metadata_columns=[Column(name, kind, nullable) for name, (kind, nullable) in SCALARS.items()],
        id_column=KEY,
        store_metadata=False,
    )


async def open_store(engine: PGEngine, schema: str, table: str) -> MemoryVectorStore:
    """A store over a table that `make_table` made. Raises ValueError where its columns are others."""
    store = await MemoryVectorStore.create(
        engine,
        _GivenVectors(),
        table,
        schema_name=schema,
        content_column=WORDS,
        embedding_column=DENSE,
        metadata_columns=list(SCALARS),
        id_column=KEY,
        metadata_json_column=None,
        distance_strategy=METRIC,
    )
    assert isinstance(store, MemoryVectorStore)
    return store


def pool(config: PgvectorConfig) -> AsyncEngine:
    """Connections for reading and writing, which the server ends when they take longer than the time limit."""
    return create_async_engine(
        driver_url(config.url),
        pool_size=config.pool_size,
        max_overflow=0,
        pool_timeout=config.timeout,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # what a failing statement was given is what people said
        connect_args=_connect_args(config, config.timeout),
    )


def workshop(config: PgvectorConfig) -> AsyncEngine:
    """Connections for making, settling and dropping tables, which may take as long as it takes."""
    return create_async_engine(
        driver_url(config.url), poolclass=NullPool, hide_parameters=True, connect_args=_connect_args(config, 0)
    )


def driver_url(url: str) -> URL:
    """The address with the driver that we use."""
    return make_url(url).set(drivername="postgresql+psycopg")


def vector_text(vector: Vector) -> str:
    """A vector as Postgres reads it; nine digits keep every float32 as it is."""
    return f"[{','.join(f'{part:.9g}' for part in vector.tolist())}]"


def _connect_args(config: PgvectorConfig, limit: float) -> dict[str, object]:
    options = {
        "timezone": "UTC",
        "statement_timeout": int(limit * 1000),
        # One statement serves users of ten memories and of ten thousand: each is planned for its own.
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",
    }
    if config.dense_index == "hnsw":
        # Most of what is nearest is other users': go on until enough of this one's were found.
        options |= {"hnsw.ef_search": config.hnsw_ef, "hnsw.iterative_scan": "relaxed_order"}
    return {
        "connect_timeout": CONNECT_TIMEOUT,
        "application_name": "memocha-index",
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
    }


def _row(entry: IndexEntry) -> dict[str, object]:
    words = entry.words.replace("\x00", "").split()
    return {
        KEY: entry.id,
        WORDS: " ".join(words),
        DENSE: vector_text(entry.vector),
        "user_id": entry.user_id,
        "session_id": entry.session_id,
        "message_id": entry.message_id,
        "kind": entry.kind.value,
        "role": entry.role,
        "seq": entry.seq,
        "created_at": entry.created_at,
        "length": len(words),
    }


def _type(column: str) -> str:
    return {KEY: "UUID", WORDS: "TEXT", DENSE: "VECTOR"}.get(column) or SCALARS[column][0]


class _GivenVectors(Embeddings):
    """The vector store wants an embedder; vectors come with the entries."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("entries carry their vectors")

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("queries carry their vectors")
