"""Processor time that a streamed token costs: the service against the graph alone, each a process of its own.

An answer of 400 tokens, at the pace of a fast model and as fast as it can be written. The baseline is
`graph.astream(stream_mode="messages")` with its checkpoints in memory, nothing recalled, nothing stored and nobody to
send it to. `whole` is all that a turn costs, shared out among its tokens; `token` is what another token costs, from
answers of 400 and of 40. Where the jobs are done in the same process, embedding the answer is counted too.
"""

import asyncio
import sys
from typing import Any

from bench.client import client, turn
from bench.graph_process import GraphProcess
from bench.machine import cpu_seconds
from bench.model import TimedModelServer
from bench.product import Product, product, stores
from bench.report import Report, Target, ratio
from tests.support.model_server import Behaviour

LONG, SHORT = 400, 40
"""Tokens."""
SERVICES = {"service": {"MEMOCHA_WORKER": "false"}, "service and jobs": {"MEMOCHA_WORKER": "true"}}
"""With the jobs in a worker of their own, as in production, and all in one process, as `memocha up` has it."""
PACES: dict[str, float | None] = {"100 tokens/s": 100.0, "at once": None}
TURNS = 4
REMEMBERED = 1.0
"""Seconds after a turn until its jobs are done, counted with it."""
MOST = 1.5


async def measure() -> Report:
    assert sys.platform == "linux", "processor times are read from /proc"
    figures: dict[str, Any] = {pace: {} for pace in PACES}
    async with TimedModelServer() as model, stores() as here:
        for what, settings in SERVICES.items():
            async with product(here, model, settings) as running:
                for pace, rate in PACES.items():
                    taken = [await _service(running, model, size, rate) for size in (LONG, SHORT)]
                    figures[pace][f"{what}, us"] = _per_token(*taken)
                figures[f"{what}, idle, ms a second"] = round(1000 * await _idle(running), 1)
        async with GraphProcess(model.base_url) as alone:
            for pace, rate in PACES.items():
                taken = [await _graph(alone, model, size, rate) for size in (LONG, SHORT)]
                figures[pace]["graph alone, us"] = _per_token(*taken)
    ratios = {
        f"{share}, {pace}: {what} / graph alone": ratio(
            figures[pace][f"{what}, us"][share], figures[pace]["graph alone, us"][share]
        )
        for pace in PACES
        for share in ("whole", "token")
        for what in SERVICES
    }
    targets = [
        Target(
            f"processor time a token, 400 a turn, {what} / graph alone",
            ratios[f"whole, 100 tokens/s: {what} / graph alone"],
            MOST,
        )
        for what in SERVICES
    ]
    return Report(figures, ratios, targets)


def _per_token(long: float, short: float) -> dict[str, float]:
    """Microseconds."""
    return {"whole": round(1e6 * long / LONG, 1), "token": round(1e6 * (long - short) / (LONG - SHORT), 1)}


def _text(size: int) -> str:
    return " ".join(f"word{number % 97}" for number in range(size))


async def _service(running: Product, model: TimedModelServer, size: int, rate: float | None) -> float:
    """Processor seconds of one turn."""
    model.default = Behaviour(text=_text(size), rate=rate)
    async with client(running.url) as http:
        for _ in range(2):
            await turn(http, "Tell me a long story about the cellar.")
        await asyncio.sleep(REMEMBERED)
        before = cpu_seconds(running.pid)
        for _ in range(TURNS):
            timed = await turn(http, "Tell me a long story about the cellar.")
            assert timed.events["done"]["finish_reason"] == "stop"
        await asyncio.sleep(REMEMBERED)
        return (cpu_seconds(running.pid) - before) / TURNS


async def _graph(alone: GraphProcess, model: TimedModelServer, size: int, rate: float | None) -> float:
    model.default = Behaviour(text=_text(size), rate=rate)
    await alone.turns(2)
    before = cpu_seconds(alone.pid)
    await alone.turns(TURNS)
    return (cpu_seconds(alone.pid) - before) / TURNS


async def _idle(running: Product) -> float:
    """Processor seconds a second while nobody talks: included in what a turn costs."""
    await asyncio.sleep(3)
    before = cpu_seconds(running.pid)
    await asyncio.sleep(5)
    return (cpu_seconds(running.pid) - before) / 5
