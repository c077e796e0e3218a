"""How long recall takes on the embedded engine, beside plain langchain-milvus in the same run.

    python -m bench.recall

Two cases: a user's 1,000 memories among 10,000, and 10,000 of one user. Each asks 200 questions after a warm-up, one
after the other, of memories that are flushed. `recall` is the whole: embedding, search, reading, ranking. The baseline
is `langchain_milvus`' dense `asimilarity_search` with its defaults, over the same texts, vectors and filter, embedding
included. Milvus Lite runs as its own process. Absolute times hold on an idle machine; ratios are what is kept.
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
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from langchain_core.embeddings import Embeddings
from langchain_milvus import Milvus

from app.embedded import weights
from app.embedded.milvus import MilvusPart
from bench.texts import ASKED, memories_of, sentence
from graphs.memory.in_memory import InMemoryStore
from graphs.memory.index import IndexFilter, IndexQuery, Vector
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory
from graphs.memory.stem import stem_query
from graphs.memory.writer import embedded_text, entry

QUESTIONS = 200
WARM_UP = 20
TARGETS = {"1,000 of 10,000": 60.0, "10,000 of one": 150.0}
"""p95 of recall, milliseconds, on an idle machine of two cores."""


class Embedded(Embeddings):
    """The same embedder, as LangChain takes it."""

    def __init__(self, minilm: MiniLM) -> None:
        self.minilm = minilm

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise NotImplementedError

    def embed_query(self, text: str) -> list[float]:
        raise NotImplementedError

    async def aembed_query(self, text: str) -> list[float]:
        return [float(part) for part in await self.minilm.embed_query(text)]


async def measure() -> dict[str, Any]:
    """The figures of both cases."""
    models = weights_dir()
    model = await weights.fetch(weights.MINILM, models, _quiet)
    tokenizer = await weights.fetch(weights.MINILM_TOKENIZER, models, _quiet)
    minilm = MiniLM(model, tokenizer)
    figures: dict[str, Any] = {"load_before": os.getloadavg()[0], "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        for case, users in (("1,000 of 10,000", 10), ("10,000 of one", 1)):
            async with running_milvus(Path(folder) / str(users)) as uri:
                figures[case] = await one_case(uri, users, minilm) | {"target_p95_ms": TARGETS[case]}
    return figures


async def one_case(uri: str, users: int, minilm: MiniLM) -> dict[str, Any]:
    """10,000 memories of so many users, and the times of asking the first of them."""
    dice = random.Random(7)
    owners = [uuid4() for _ in range(users)]
    memories = [memory for owner in owners for memory in memories_of(owner, 10_000 // users, dice)]
    vectors = await embed_all(minilm, memories)
    index = MilvusIndex(MilvusConfig(uri=uri), embedder=minilm.name, dimensions=minilm.dimensions)
    await index.upsert([entry(memory, vector) for memory, vector in zip(memories, vectors, strict=True)])
    await index.flush()
    plain = await asyncio.to_thread(plain_store, uri, minilm, memories, vectors)

    service = MemoryService(embedder=minilm, index=index, store=InMemoryStore(memories), deadline=30)
    user = owners[0]
    where = IndexFilter(user)
    await settle(index, where)
    questions = [sentence(dice, ASKED) for _ in range(QUESTIONS + WARM_UP)]
    recall = await times(questions, lambda text: service.recall(RecallQuery(where, text, k=8)))
    baseline = await times(questions, lambda text: plain.asimilarity_search(text, k=8, expr=f'user_id == "{user}"'))
    embedding = await times(questions, minilm.embed_query)
    vector = vectors[0]
    dense = await times(questions, lambda text: index.search(IndexQuery(where, vector, None, 24)))
    sparse = await times(questions, lambda text: index.search(IndexQuery(where, None, stem_query(text), 24)))
    await index.close()
    return {
        "recall": recall, "langchain_milvus_dense": baseline, "embedding": embedding, "dense": dense, "bm25": sparse,
        "ratio_p50": round(recall["p50_ms"] / baseline["p50_ms"], 2),
        "ratio_p95": round(recall["p95_ms"] / baseline["p95_ms"], 2),
    }  # fmt: skip


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


async def settle(index: MilvusIndex, where: IndexFilter) -> None:
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


def weights_dir() -> Path:
    return Path(os.environ.get("MEMOCHA_MODELS_DIR") or "~/.cache/memocha/models").expanduser()


def _quiet(*_: object) -> None:
    """Fetches without a progress bar."""


if __name__ == "__main__":
    json.dump(asyncio.run(measure()), sys.stdout, indent=2)
    print()
