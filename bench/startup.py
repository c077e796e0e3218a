"""How long `memocha up` takes on a machine that has everything already: from the command to /ready, five times.

The local model loads beside it and is not waited for. Where the time goes: what each part took, as the supervisor says,
and what the service's imports take alone (`python -X importtime`).
"""

import asyncio
import os
import re
import signal
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from pathlib import Path
from typing import Any

from app.embedded.net import LOOPBACK, http_status, pick_port
from bench.report import Report, Target, ratio

RUNS = 5
MOST = 6.0
"""Seconds, median."""
SERVICE = "import app.cli, app.serve, app.main"
IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \| ( *)(\S+)")


async def measure() -> Report:
    with tempfile.TemporaryDirectory(prefix="memocha-bench-") as folder:
        first, _ = await _up(Path(folder))
        runs = [await _up(Path(folder)) for _ in range(RUNS)]
    ready = [took for took, _ in runs]
    median = round(statistics.median(ready), 2)
    bare = await _timed("pass")
    imports = await _timed(SERVICE)
    names = sorted({name for _, parts in runs for name in parts})
    figures: dict[str, Any] = {
        "ready, s": {"median": median, "least": round(min(ready), 2), "most": round(max(ready), 2)},
        "first start, s": round(first, 2),
        "parts, s": {name: statistics.median(parts[name] for _, parts in runs if name in parts) for name in names},
        "imports of the service, s": round(imports, 2),
        "python alone, s": round(bare, 3),
        "own time of the imports by package, ms": await _by_package(),
    }
    return Report(
        figures,
        {"ready / the service's imports": ratio(median, imports)},
        [Target("second start, median s", median, MOST)],
    )


async def _up(data_dir: Path) -> tuple[float, dict[str, float]]:
    """Seconds until ready, and what the supervisor says of each part that was ready by then."""
    port = pick_port()
    environment = {**os.environ, "MEMOCHA_DATA_DIR": str(data_dir), "MEMOCHA_PORT": str(port)}
    for name in ("MEMOCHA_DATABASE_URL", "MEMOCHA_MILVUS_URI", "MEMOCHA_LLM"):
        environment.pop(name, None)
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app.cli", "up", stdout=PIPE, stderr=STDOUT, env=environment
    )
    try:
        while await http_status(LOOPBACK, port, "/ready") != 200:
            if process.returncode is not None:
                raise RuntimeError("memocha up ended before it was ready")
            await asyncio.sleep(0.01)
        took = time.perf_counter() - began
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        said, _ = await process.communicate()
    parts = re.findall(r"^\s*(\w+)\s+runs, ([\d.]+) s", said.decode(), re.MULTILINE)
    return took, {name: float(seconds) for name, seconds in parts}


async def _timed(code: str) -> float:
    """Seconds of a Python process, the median of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=DEVNULL, stderr=DEVNULL)
        await process.wait()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


async def _by_package() -> dict[str, int]:
    """Milliseconds that the modules of each package take themselves, without what they import; the larger ones."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "importtime", "-c", SERVICE, stdout=DEVNULL, stderr=PIPE
    )
    _, told = await process.communicate()
    own: dict[str, int] = {}
    for line in told.decode().splitlines():
        if found := IMPORTED.match(line):
            package = found[4].partition(".")[0]
            own[package] = own.get(package, 0) + int(found[1])
    largest = sorted(own.items(), key=lambda item: -item[1])
    return {package: round(took / 1000) for package, took in largest if took >= 20_000}
