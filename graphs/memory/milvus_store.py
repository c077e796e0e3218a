"""The collection as LangChain's Milvus vector store makes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Literal

from langchain_core.embeddings import Embeddings
from langchain_milvus import BM25BuiltInFunction, Milvus
from pymilvus import DataType

from graphs.memory.expressions import milliseconds
from graphs.memory.index import IndexEntry

DENSE, SPARSE, WORDS, KEY = "dense", "sparse", "words", "id"
WORDS_LIMIT = 60_000
"""Bytes of words kept for one memory; the engine's text fields end at 65,535."""
TIMEOUT = 10.0
"""Seconds for a call."""


@dataclass(frozen=True, slots=True)
class MilvusConfig:
    """Where Milvus is and how the collection is laid out there."""

    uri: str
    token: str = field(default="", repr=False)
    alias: str = "memories"
    """The name that everyone reads and writes; the collection behind it is swapped by a reindex."""
    timeout: float = TIMEOUT
    """Longest wait for one call, seconds."""
    dense_index: Literal["FLAT", "HNSW", "AUTOINDEX", "DISKANN"] = "FLAT"
    """FLAT is exact, and what the embedded engine has whatever is set here; the others from about a million rows."""
    metric: Literal["IP", "COSINE"] = "IP"
    """Vectors have length 1, so the inner product is the cosine; asked for COSINE the embedded engine works out every
    vector's length anew, which over 10,000 of them took 77 ms in place of 13."""
    hnsw_m: int = 16
    hnsw_ef_construction: int = 200
    hnsw_ef: int = 128
    """Candidates that a search of HNSW keeps, and never fewer than are asked for."""
    diskann_search_list: int = 128
    """The same for DISKANN."""
    bm25_k1: float = 1.2
    bm25_b: float = 0.75
    drop_ratio: float = 0.0
    """Share of the weakest query words left out; the embedded engine takes only 0."""
    partition_key: bool | None = None
    """Whether rows are spread by user. None: where the engine makes use of it, which the embedded one does not."""
    consistency: Literal["Strong", "Session", "Bounded", "Eventually"] = "Session"
    """Session: what this process wrote it finds at once, and what others wrote as soon as the engine has it."""
    shards: int = 1
    """Channels that a collection is written through."""
    replicas: int = 1
    """Copies in memory; more than one needs as many query nodes."""
    flush_rows: int = 64
    """Rows written after which the embedded engine is told to settle: it searches each unsettled row anew."""
    flush_after: float = 2.0
    """Seconds from one settling until a write brings on the next, and after a write until one comes anyway."""


def dense_build(config: MilvusConfig, *, embedded: bool) -> dict[str, Any]:
    """The index of vectors as it is made."""
    kind = "FLAT" if embedded else config.dense_index
    params = {"M": config.hnsw_m, "efConstruction": config.hnsw_ef_construction} if kind == "HNSW" else {}
    return {"index_type": kind, "metric_type": config.metric, "params": params}


def dense_search(config: MilvusConfig, limit: int, *, embedded: bool) -> dict[str, Any]:
    """How it is searched for so many candidates."""
    kind = "FLAT" if embedded else config.dense_index
    params = {
        "HNSW": {"ef": max(config.hnsw_ef, limit)},
        "DISKANN": {"search_list": max(config.diskann_search_list, limit)},
    }
    return {"metric_type": config.metric, "params": params.get(kind, {})}


def sparse_search(config: MilvusConfig, *, embedded: bool) -> dict[str, Any]:
    """How words are searched for; the embedded engine leaves out none."""
    params = {"drop_ratio_search": config.drop_ratio} if config.drop_ratio and not embedded else {}
    return {"metric_type": "BM25", "params": params}


class MemoryVectorStore(Milvus):
    """LangChain's store with a schema made before the first write, and rows whose vectors are at hand.

    Its own `upsert` embeds the text it is given, which here is stemmed words, and on an error logs the row.
    """

    def make_collection(self, dimensions: int) -> None:
        """Create the collection with its indexes and load it. Blocks."""
        self._init(
            embeddings=[[[0.0] * dimensions]],
            metadatas=[dict.fromkeys(SCALARS)],
            timeout=self.timeout,
        )

    async def write(self, collection: str, entries: Sequence[IndexEntry], timeout: float) -> None:  # noqa: ASYNC109
        """Store the entries, replacing those of the same id."""
        await self.aclient.upsert(collection, [row(entry) for entry in entries], timeout=timeout)


def open_store(
    config: MilvusConfig, collection: str, *, embedded: bool, partition_key: bool = False
) -> MemoryVectorStore:
    """A store over one collection, which need not exist yet. Blocks while it connects."""
    sparse = {"bm25_k1": config.bm25_k1, "bm25_b": config.bm25_b}
    return MemoryVectorStore(
        embedding_function=_GivenVectors(),
        builtin_function=BM25BuiltInFunction(
            input_field_names=WORDS, output_field_names=SPARSE, analyzer_params={"tokenizer": "standard"}
        ),
        collection_name=collection,
        connection_args=connection(config),
        primary_field=KEY,
        text_field=WORDS,
        vector_field=[DENSE, SPARSE],
        metadata_schema={
            name: {**schema, "is_partition_key": True} if partition_key and name == "user_id" else schema
            for name, schema in SCALARS.items()
        },
        index_params=[
            dense_build(config, embedded=embedded),
            {"index_type": "SPARSE_INVERTED_INDEX", "metric_type": "BM25", "params": sparse},
        ],
        search_params=[dense_search(config, 1, embedded=embedded), sparse_search(config, embedded=embedded)],
        num_shards=None if embedded else config.shards,
        replica_number=1 if embedded else config.replicas,
        consistency_level=config.consistency,
        timeout=config.timeout,
    )


def connection(config: MilvusConfig) -> dict[str, Any]:
    """What a client is made with."""
    # gRPC waits up to two minutes before it tries a lost address again, and all channels to it share that wait.
    # A ping in every ten seconds, pymilvus' habit, has the embedded engine close the connection ("too_many_pings").
    options = {
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.min_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 500,
        "grpc.use_local_subchannel_pool": 1,
        "grpc.keepalive_time_ms": 330_000,
    }
    return {"uri": config.uri, "token": config.token, "timeout": config.timeout, "grpc_options": options}


def row(entry: IndexEntry) -> dict[str, Any]:
    """The entry as the engine stores it. Empty ids stand for none: comparisons with null are never true."""
    return {
        KEY: str(entry.id),
        WORDS: engine_words(entry.words),
        DENSE: entry.vector.tolist(),
        "user_id": str(entry.user_id),
        "session_id": str(entry.session_id or ""),
        "message_id": str(entry.message_id or ""),
        "kind": entry.kind.value,
        "role": entry.role,
        "seq": entry.seq,
        "created_at": milliseconds(entry.created_at),
    }


def engine_words(words: str) -> str:
    """Words that any engine's tokeniser leaves whole. Some cut Indian scripts at their vowel signs or drop what they
    take for punctuation, so a word beyond ASCII goes in as a short hash, in texts and questions alike."""
    plain = (word if word.isascii() and word.isalnum() else _hashed(word) for word in words.split())
    text = " ".join(plain)
    return text if len(text) <= WORDS_LIMIT else text[:WORDS_LIMIT].rsplit(" ", 1)[0]


def _hashed(word: str) -> str:
    return "x" + blake2b(word.encode(), digest_size=7).hexdigest()


def _text(length: int) -> dict[str, Any]:
    return {"dtype": DataType.VARCHAR, "max_length": length}


SCALARS: dict[str, dict[str, Any]] = {
    "user_id": _text(36),
    "session_id": _text(36),
    "message_id": _text(36),
    "kind": _text(16),
    "role": _text(16),
    "seq": {"dtype": DataType.INT64},
    "created_at": {"dtype": DataType.INT64},
}
"""The fields to filter by, as the engine stores them."""


class _GivenVectors(Embeddings):
    """The vector store wants an embedder to know that there is a dense field; vectors come with the entries."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("entries carry their vectors")

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("queries carry their vectors")
