"""What the parameters of the dense search bring: how much of the exact answer is found, and in what time.

    python -m bench tuning

The best 24 of one user's memories among those of nine others (MEMOCHA_BENCH_ROWS in all), asked for 100 times: on
pgvector exactly and by HNSW, and on the Milvus server of the PyPI package `milvus`, which is 2.3.5 and so has no BM25.
That server listens on every interface: it runs in a network namespace of its own, or not at all.
"""

import asyncio
import json
import os
import random
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from langchain_postgres.v2.indexes import HNSWIndex

from bench.recall import running_postgres
from bench.report import Report
from bench.searches import WANTED, Data, search_all
from bench.seed import embedder
from bench.texts import memories_of
from graphs.memory.index import IndexEntry, IndexFilter, IndexQuery, Vector
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import METRIC, PgvectorConfig
from graphs.memory.records import MemoryKind
from graphs.memory.writer import embedded_text

ROWS = int(os.environ.get("MEMOCHA_BENCH_ROWS", "100000"))
USERS = 10
EF = (24, 40, 100, 200, 400, 1000)
SCHEMA = "tuning"
SERVER_LIMIT = 1800
"""Seconds that the Milvus server is given for all of its part."""


async def measure() -> Report:
    data = Data.make(await real_vectors(), ROWS, USERS)
    figures: dict[str, Any] = {"rows": ROWS}
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        async with running_postgres(Path(folder), shared_buffers="1GB", maintenance_work_mem="1GB") as url:
            figures |= await on_pgvector(url, data)
        try:
            figures |= await on_milvus_server(Path(folder), data)
        except NotHere as error:
            notes.append(f"The Milvus server was left out: {error}")
    return Report(figures, notes=notes)


async def real_vectors() -> Vector:
    """A thousand sentences, embedded."""
    minilm = await embedder()
    sentences = memories_of(uuid4(), 1000, random.Random(7))
    vectors = await minilm.embed_documents([embedded_text(each) for each in sentences])
    minilm.close()
    return vectors


async def on_pgvector(url: str, data: Data) -> dict[str, Any]:
    """The exact search, then HNSW by `ef`. The index is made when the rows are in, as a reindex does not."""
    owners = [uuid4() for _ in range(data.users)]
    ids = [uuid4() for _ in data.vectors]
    rows = {key: row for row, key in enumerate(ids)}
    answers = data.answers()
    now = datetime.now(UTC)

    async def ask(index: PgvectorIndex) -> dict[str, Any]:
        async def one(question: Vector) -> set[int]:
            return {rows[hit.id] for hit in await index.search(query(owners[0], question))}

        return await search_all(data, answers, one)

    exact = PgvectorIndex(PgvectorConfig(url=url, schema=SCHEMA), embedder="tuning", dimensions=data.vectors.shape[1])
    await exact.prepare()
    await exact.upsert(
        [
            IndexEntry(key, owners[data.owner(row)], MemoryKind.EPISODE, "", data.vectors[row], now)
            for row, key in enumerate(ids)
        ]
    )
    await exact.flush()
    figures: dict[str, Any] = {"pgvector, exact": await ask(exact)}
    store, _ = await exact.opened()
    await exact.close()

    maker = PgvectorIndex(PgvectorConfig(url=url, schema=SCHEMA, timeout=3600), embedder="tuning",
                          dimensions=data.vectors.shape[1])  # fmt: skip
    store, _ = await maker.opened()
    start = asyncio.get_running_loop().time()
    await store.aapply_vector_index(HNSWIndex(name="hnsw_tuning", m=16, ef_construction=64, distance_strategy=METRIC))
    figures["pgvector, HNSW M 16 efConstruction 64, made in s"] = round(asyncio.get_running_loop().time() - start)
    await maker.flush()
    await maker.close()
    chosen = PgvectorIndex(
        PgvectorConfig(url=url, schema=SCHEMA, dense_index="hnsw"), embedder="tuning", dimensions=data.vectors.shape[1]
    )
    figures["pgvector, HNSW there, Postgres chooses"] = await ask(chosen)
    await chosen.close()
    # It takes the exact search wherever it holds that to be cheaper; so that HNSW is measured, it may not sort.
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE memocha SET enable_sort = off")
    for ef in EF:
        config = PgvectorConfig(url=url, schema=SCHEMA, dense_index="hnsw", hnsw_ef=ef)
        index = PgvectorIndex(config, embedder="tuning", dimensions=data.vectors.shape[1])
        figures[f"pgvector, HNSW, ef {ef}"] = await ask(index)
        await index.close()
    return figures


def query(user: UUID, question: Vector) -> IndexQuery:
    return IndexQuery(IndexFilter(user), question, None, WANTED)


class NotHere(Exception):
    """The Milvus server cannot be run here; the message says why."""


async def on_milvus_server(folder: Path, data: Data, *kinds: str) -> dict[str, Any]:
    """The figures of `bench.milvus_server`, which runs where nothing but itself is reached and reaches in. `kinds`: of
    index, with the partition key alone; none: all, with it and without."""
    if find_spec("milvus") is None:
        raise NotHere("the package is not installed: pip install --no-deps milvus==2.3.5")
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        raise NotHere("`unshare` and `ip` are needed for a network namespace")
    data.save(folder / "data.npz")
    # Processes of its own too: whatever ends it, the server goes with it.
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        alone += ["--user", "--map-root-user"]
    script = 'ip link set lo up && exec "$@"'
    child = await asyncio.create_subprocess_exec(
        *alone, "sh", "-c", script, "sh", sys.executable, "-m", "bench.milvus_server", str(folder), *kinds
    )
    try:
        code = await asyncio.wait_for(child.wait(), SERVER_LIMIT)
    except TimeoutError:
        raise NotHere(f"it took longer than {SERVER_LIMIT} s") from None
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()
    if code != 0:
        raise NotHere(f"it ended with code {code}")
    figures: dict[str, Any] = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    return figures
