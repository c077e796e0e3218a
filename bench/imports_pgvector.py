"""The import of `bench.imports` into pgvector, in the embedded Postgres: 100,000 messages."""

import os
import tempfile
from pathlib import Path

from app.embedded.postgres import PostgresPart
from bench.imports import environment_of, measured
from bench.model import TimedModelServer
from bench.product import running
from bench.report import Report
from bench.seed import embedder
from graphs.memory.pgvector import PgvectorIndex
from graphs.memory.pgvector_store import PgvectorConfig

MESSAGES = int(os.environ.get("MEMOCHA_BENCH_IMPORT") or 100_000)


async def measure() -> Report:
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        postgres = PostgresPart(Path(folder))
        async with TimedModelServer(text="Fine.") as model, running(postgres):
            environment = environment_of(Path(folder), postgres.url, model.base_url) | {"MEMOCHA_INDEX": "pgvector"}
            minilm = await embedder()
            index = PgvectorIndex(
                PgvectorConfig(url=postgres.url, schema="memory_index"),
                embedder=minilm.name,
                dimensions=minilm.dimensions,
            )
            return await measured(Path(folder), postgres, environment, minilm, index, MESSAGES)
