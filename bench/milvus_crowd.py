"""The dense search of one user's 10,000 memories within a million of others, on the Milvus server of `bench.tuning`.

    python -m bench milvus_crowd

MEMOCHA_BENCH_CROWD: how many others. Exact search (FLAT), rows spread by user, as the service makes a collection.
"""

import os
import tempfile
from pathlib import Path

from bench.report import Report
from bench.searches import Data
from bench.tuning import NotHere, on_milvus_server, real_vectors

CROWD = int(os.environ.get("MEMOCHA_BENCH_CROWD", "1000000"))
OF_ONE = 10_000


async def measure() -> Report:
    users = CROWD // OF_ONE + 1
    data = Data.make(await real_vectors(), users * OF_ONE, users)
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        try:
            return Report({"rows": len(data.vectors)} | await on_milvus_server(Path(folder), data, "FLAT"))
        except NotHere as error:
            return Report({}, notes=[f"The Milvus server was left out: {error}"])
