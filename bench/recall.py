"""How long recall takes on the embedded engines, beside LangChain's plain stores in the same run.

    python -m bench.recall

On Milvus Lite: a user's 1,000 memories among 10,000, and 10,000 of one user. On pgvector the same, and 10,000 of one
within a million of others (MEMOCHA_BENCH_CROWD: how many others). Each asks 200 questions after a warm-up, one after
the other, of memories that are flushed. `recall` is the whole: embedding, search, reading, ranking. The baseline is the
dense search of LangChain's own store over the same texts, vectors and filter, embedding included: `langchain_milvus`
with its defaults; `langchain_postgres` over the index's own table. Milvus Lite and Postgres run as processes of their
own. Absolute times hold on an idle machine; ratios are what is kept.
"""

import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_milvus import Milvus

from app.embedded import weights
from app.embedded.milvus import MilvusPart
from app.embedded.postgres import PostgresPart
from app.embedded.process import Command
from bench.crowd import fill
from bench.texts import ASKED, memories_of, sentence
from graphs.memory.in_memory import InMemoryStore
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, MemoryIndex, Vector
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import CANDIDATES, MemoryService
from graphs.memory.records import Memory
from graphs.memory.second_look import InMemorySentences, small
from graphs.memory.stem import stem_query
from graphs.memory.writer import embedded_text, entry

QUESTIONS = 200
WARM_UP = 20
TARGETS = {"1,000 of 10,000": 60.0, "10,000 of one": 150.0}
PGVECTOR_TARGETS = {
    "pgvector, 1,000 of 10,000": 40.0,
    "pgvector, 10,000 of one": 40.0,
    "pgvector, 10,000 of one within a crowd": 40.0,
}
"""p95 of recall, milliseconds, on an idle machine of two cores."""
CROWD = int(os.environ.get("MEMOCHA_BENCH_CROWD", "1000000"))
"""Memories of others in the last case."""
A_TURN = 4
"""Memories that are written together there, between those of others: nobody's lie side by side on the disk."""


class Embedded(Embeddings):
    """The same embedder, as LangChain takes it."""

    def __init__(self, minilm: MiniLM) -> None:
        self.minilm = minilm

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError("asked asynchronously here")

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError("asked asynchronously here")

    async def aembed_query(self, text: str) -> list[float]:
        return [float(part) for part in await self.minilm.embed_query(text)]


async def measure() -> dict[str, Any]:
    """The figures of the cases on Milvus Lite."""
    minilm = await embedder()
    figures: dict[str, Any] = {"load_before": os.getloadavg()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        for case, users in (("1,000 of 10,000", 10), ("10,000 of one", 1)):
            async with running_milvus(Path(folder) / str(users)) as uri:
                figures[case] = await on_milvus(uri, users, minilm)
    return figures


async def measure_pgvector() -> dict[str, Any]:
    """The figures of the cases on pgvector: the embedded Postgres, and one with more memory for the crowd."""
    minilm = await embedder()
    figures: dict[str, Any] = {"load_before": os.getloadavg()[0], "cores": os.cpu_count(), "crowd": CROWD}
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        async with running_postgres(Path(folder)) as url:
            for case, users in (("pgvector, 1,000 of 10,000", 10), ("pgvector, 10,000 of one", 1)):
                figures[case] = await on_pgvector(url, f"users_{users}", users, minilm)
        async with running_postgres(Path(folder) / "server", shared_buffers="2GB", max_wal_size="4GB") as url:
            figures["pgvector, 10,000 of one within a crowd"] = await on_pgvector(url, "crowd", 1, minilm, crowd=CROWD)
    return figures


async def embedder() -> MiniLM:
    """The default embedder."""
    models = weights_dir()
    model = await weights.fetch(weights.MINILM, models, _quiet)
    return MiniLM(model, await weights.fetch(weights.MINILM_TOKENIZER, models, _quiet))


async def on_milvus(uri: str, users: int, minilm: MiniLM) -> dict[str, Any]:
    """10,000 memories of so many users, and the times of asking the first of them."""
    made = await Memories.make(users, minilm)
    index = MilvusIndex(MilvusConfig(uri=uri), embedder=minilm.name, dimensions=minilm.dimensions)
    await index.prepare()
    await index.upsert(made.entries)
    await index.flush()
    plain = await asyncio.to_thread(plain_store, uri, minilm, made.memories, made.vectors)
    user = made.memories[0].user_id
    taken = await ask(index, made, minilm)
    baseline = await times(
        made.questions, lambda text: plain.asimilarity_search(text, k=8, expr=f'user_id == "{user}"')
    )
    await index.close()
    return compared(taken, baseline, "langchain_milvus_dense")


async def on_pgvector(url: str, schema: str, users: int, minilm: MiniLM, crowd: int = 0) -> dict[str, Any]:
    """The same, among so many memories of others beside."""
    made = await Memories.make(users, minilm)
    index = PgvectorIndex(PgvectorConfig(url=url, schema=schema), embedder=minilm.name, dimensions=minilm.dimensions)
    await index.prepare()
    store, names = await index.opened()
    step = A_TURN if crowd else len(made.entries)
    for at in range(0, len(made.entries), step):
        await index.upsert(made.entries[at : at + step])
        share = crowd * step // len(made.entries)
        await asyncio.to_thread(fill, url, names, share, minilm.dimensions, seed=at)
    await index.flush()
    taken = await ask(index, made, minilm)
    user = {"user_id": made.memories[0].user_id}

    async def plain(text: str) -> object:
        vector = await minilm.embed_query(text)
        return await store.asimilarity_search_by_vector(vector.tolist(), k=8, filter=user)

    baseline = await times(made.questions, plain)
    await index.close()
    return compared(taken, baseline, "langchain_postgres_dense")


@dataclass(frozen=True)
class Memories:
    """10,000 memories and what is asked of them."""

    memories: list[Memory]
    vectors: Vector
    questions: list[str]

    @classmethod
    async def make(cls, users: int, minilm: MiniLM) -> "Memories":
        dice = random.Random(7)
        owners = [uuid4() for _ in range(users)]
        memories = [memory for owner in owners for memory in memories_of(owner, 10_000 // users, dice)]
        vectors = await embed_all(minilm, memories)
        return cls(memories, vectors, [sentence(dice, ASKED) for _ in range(QUESTIONS + WARM_UP)])

    @cached_property
    def entries(self) -> list[IndexEntry]:
        return [entry(memory, vector) for memory, vector in zip(self.memories, self.vectors, strict=True)]


async def ask(index: MemoryIndex, made: Memories, minilm: MiniLM) -> dict[str, dict[str, float]]:
    """The times of recall for the first user, and of its parts, one at a time."""
    sentences = InMemorySentences()
    # As if each had two sentences: what is compared is as much as for real messages, whatever it finds.
    twice = {
        memory.id: small(np.stack([vector, vector])) for memory, vector in zip(made.memories, made.vectors, strict=True)
    }
    await sentences.put(minilm.name, twice)
    store = InMemoryStore(made.memories)
    service = MemoryService(embedder=minilm, index=index, store=store, sentences=sentences, deadline=30)
    where = IndexFilter(made.memories[0].user_id)
    await settle(index, where)
    vector = made.vectors[0]
    return {
        "recall": await times(made.questions, lambda text: service.recall(RecallQuery(where, text, k=8))),
        "embedding": await times(made.questions, minilm.embed_query),
        "dense": await times(made.questions, lambda text: index.search(IndexQuery(where, vector, None, CANDIDATES))),
        "bm25": await times(
            made.questions, lambda text: index.search(IndexQuery(where, None, stem_query(text), CANDIDATES))
        ),
    }


def compared(taken: dict[str, Any], baseline: dict[str, float], name: str) -> dict[str, Any]:
    """With the baseline and the ratios to it."""
    return taken | {
        name: baseline,
        "ratio_p50": round(taken["recall"]["p50_ms"] / baseline["p50_ms"], 2),
        "ratio_p95": round(taken["recall"]["p95_ms"] / baseline["p95_ms"], 2),
    }


def plain_store(uri: str, minilm: MiniLM, memories: Sequence[Memory], vectors: Vector) -> Milvus:
    """langchain-milvus with its defaults, dense only."""
    store = Milvus(Embedded(minilm), collection_name="plain", connection_args={"uri": uri})
    store.add_embeddings(
        [memory.text for memory in memories],
        [vector.tolist() for vector in vectors],
        metadatas=[{"user_id": str(memory.user_id)} for memory in memories],
        ids=[str(memory.id) for memory in memories],
    )
    store.client.flush("plain")
    return store


async def times(questions: Sequence[str], ask: Callable[[str], Awaitable[object]]) -> dict[str, float]:
    """p50 and p95 of one question at a time, milliseconds."""
    taken = []
    for text in questions:
        start = time.perf_counter()
        await ask(text)
        taken.append((time.perf_counter() - start) * 1000)
    taken = taken[WARM_UP:]
    return {
        "p50_ms": round(statistics.median(taken), 1),
        "p95_ms": round(statistics.quantiles(taken, n=20)[-1], 1),
    }


async def embed_all(minilm: MiniLM, memories: Sequence[Memory]) -> Vector:
    """The vectors of 1,000 texts; the others get them moved by noise, since embedding all takes minutes and search
    does not look at what they mean."""
    real = await minilm.embed_documents([embedded_text(memory) for memory in memories[:1000]])
    noise = np.random.default_rng(7)
    copies = [real + noise.normal(0, 0.02, real.shape).astype(np.float32) for _ in range(len(memories) // 1000)]
    vectors = np.concatenate(copies)[: len(memories)]
    unit: Vector = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


async def settle(index: MemoryIndex, where: IndexFilter) -> None:
    """Wait until the engine has merged what was written in the background, or 60 s: ten searches of steady time."""
    query = IndexQuery(where, np.full(384, 384**-0.5, dtype=np.float32), stem_query("Where is the piano?"), 24)
    for _ in range(60):
        taken = []
        for _ in range(10):
            start = time.perf_counter()
            await index.search(query)
            taken.append(time.perf_counter() - start)
        if max(taken) < 1.5 * statistics.median(taken):
            return
        await asyncio.sleep(1)


@asynccontextmanager
async def running_milvus(folder: Path) -> AsyncIterator[str]:
    """Milvus Lite as `memocha up` starts it."""
    part = MilvusPart(folder)
    await part.start()
    try:
        yield part.uri
    finally:
        await part.stop()


@asynccontextmanager
async def running_postgres(folder: Path, **options: str) -> AsyncIterator[str]:
    """Postgres as `memocha up` starts it, with other settings where a server of its own would have them."""

    class Server(PostgresPart):
        def command(self) -> Command:
            made = super().command()
            return replace(made, argv=(*made.argv, *(f"--{name}={value}" for name, value in options.items())))

    folder.mkdir(exist_ok=True)
    part = Server(folder)
    await part.start()
    try:
        yield part.url
    finally:
        await part.stop()


def weights_dir() -> Path:
    return Path(os.environ.get("MEMOCHA_MODELS_DIR") or "~/.cache/memocha/models").expanduser()


def _quiet(*_: object) -> None:
    """Fetches without a progress bar."""


async def both() -> dict[str, Any]:
    return await measure() | await measure_pgvector()


if __name__ == "__main__":
    json.dump(asyncio.run(both()), sys.stdout, indent=2)
    print()
