"""Processor time that a streamed token costs: the service, by the door it is asked at, against the graph alone.

An answer of 400 tokens, at the pace of a fast model and as fast as it can be written. The baseline is
`graph.astream(stream_mode="messages")` with its checkpoints in memory, nothing recalled, nothing stored and nobody to
send it to, in a process of its own. `whole` is all that a turn costs, shared out among its tokens; `token` is what
another token costs, from answers of 400 and of 40. The doors and the baseline take turns, and each figure is the median
of its rounds. Where the jobs are done in the same process, embedding the answer is counted too: how much that is, by
the length of the answer, is measured by embedding the same texts in this process.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from app.db.ids import LOCAL_USER_ID
from bench.client import client
from bench.doors import DOORS, ask, story
from bench.graph_process import GraphProcess
from bench.machine import cpu_seconds
from bench.model import LONGEST, TimedModelServer
from bench.product import Product, product, stores
from bench.report import Report, Target, ratio
from bench.seed import embedder
from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.minilm import MiniLM
from graphs.memory.records import Role
from graphs.memory.writer import embedded_text
from tests.support.model_server import Behaviour

LONG, SHORT = 400, 40
"""Tokens."""
PACES: dict[str, float | None] = {"100 tokens/s": 100.0, "at once": None}
ROUNDS, ROUNDS_BY_LENGTH = 5, 3
TURNS = {LONG: 1, SHORT: 2}
"""A round, by the length of the answer."""
LENGTHS = {100: 3, 300: 2, 1_000: 1}
"""Turns of one taking, by the length of the answer, tokens."""
RESTS, IDLE = 0.5, 0.03
"""Seconds. The jobs of turns are done, and counted with them, when the one took no more processor time than the other;
looking for jobs takes a third of it."""
ALONE = "graph alone"
TOGETHER = "/api/chat, jobs in the same process"
EMBEDDING = "embedding alone"
QUESTION = "Tell me a long story about the cellar."
MOST = dict.fromkeys(DOORS, 2.0) | {"/api/chat": 1.5, TOGETHER: 1.5}

Take = Callable[[int], Awaitable[None]]
"""Takes so many turns."""


async def measure() -> Report:
    assert sys.platform == "linux", "processor times are read from /proc"
    figures: dict[str, Any] = {pace: {} for pace in PACES}
    ratios: dict[str, float] = {}
    room = {"MEMOCHA_MAX_TOKENS": str(LONGEST)}
    async with TimedModelServer() as model, GraphProcess(model.base_url) as alone:
        graph = {ALONE: (alone.pid, alone.turns)}
        # With the jobs in a worker of their own, as in production, and all in one process, as `memocha up` has it. Each
        # with stores of its own: what the one leaves to be remembered would be done, and counted, in the other.
        async with stores() as here, product(here, model, {"MEMOCHA_WORKER": "false"}) as running:
            doors = {name: (running.pid, _through(running, name)) for name in DOORS}
            await _compare(model, graph | doors, figures, ratios)
        async with stores() as here, product(here, model, {"MEMOCHA_WORKER": "true", **room}) as running:
            together = {TOGETHER: (running.pid, _through(running, "/api/chat", rest=True))}
            await _compare(model, graph | together, figures, ratios)
            await _by_length(model, graph | together, figures, ratios)
    targets = [
        Target(f"processor time a token, 400 a turn, {name} / {ALONE}", ratios[f"whole, 100 tokens/s: {name}"], most)
        for name, most in MOST.items()
    ]
    return Report(figures, {f"{what} / {ALONE}": value for what, value in ratios.items()}, targets)


def _through(running: Product, name: str, *, rest: bool = False) -> Take:
    """`rest`: until the jobs are done, too."""

    async def take(turns: int) -> None:
        async with client(running.url) as http:
            for _ in range(turns):
                await ask(http, DOORS[name], QUESTION)
        while rest:
            before = cpu_seconds(running.pid)
            await asyncio.sleep(RESTS)
            if cpu_seconds(running.pid) - before <= IDLE:
                break

    return take


async def _compare(
    model: TimedModelServer,
    asked: Mapping[str, tuple[int, Take]],
    figures: dict[str, Any],
    ratios: dict[str, float],
) -> None:
    """Put down what each costs, and its ratio to the graph alone in the same rounds."""
    for pace, rate in PACES.items():
        taken: dict[str, list[dict[str, float]]] = {name: [] for name in asked}
        for number in range(ROUNDS + 1):
            for name, (pid, take) in asked.items():
                spent = {size: await _spent(model, pid, take, size, turns, rate) for size, turns in TURNS.items()}
                if number:  # the first warms up
                    taken[name].append(_per_token(spent[LONG], spent[SHORT]))
        cost = {name: _medians(rounds) for name, rounds in taken.items()}
        for name, each in cost.items():
            figures[pace].setdefault(f"{name}, us", each)
            if name != ALONE:
                ratios |= {f"{share}, {pace}: {name}": ratio(each[share], cost[ALONE][share]) for share in each}


async def _by_length(
    model: TimedModelServer,
    asked: Mapping[str, tuple[int, Take]],
    figures: dict[str, Any],
    ratios: dict[str, float],
) -> None:
    """Put down what a turn costs by the length of its answer, and what of that is embedding."""
    minilm, rate = await embedder(), PACES["100 tokens/s"]
    for size, turns in LENGTHS.items():
        taken: dict[str, list[float]] = {name: [] for name in [*asked, EMBEDDING]}
        for _ in range(ROUNDS_BY_LENGTH):
            for name, (pid, take) in asked.items():
                taken[name].append(await _spent(model, pid, take, size, turns, rate))
            taken[EMBEDDING].append(await _embedding(minilm, size))
        cost = {name: 1e3 * statistics.median(each) for name, each in taken.items()}
        figures[f"{size} tokens, ms a turn"] = {name: round(each, 1) for name, each in cost.items()}
        apart = cost[TOGETHER] - cost[EMBEDDING]
        ratios[f"{size} tokens: {TOGETHER}"] = ratio(cost[TOGETHER], cost[ALONE])
        ratios[f"{size} tokens: {TOGETHER}, less embedding"] = ratio(apart, cost[ALONE])
    minilm.close()


async def _embedding(minilm: MiniLM, size: int) -> float:
    """Processor seconds of embedding what was said in one turn, by itself."""
    said: dict[Role, str] = {"user": QUESTION, "assistant": story(size)}
    sources = [
        SourceMessage(uuid4(), LOCAL_USER_ID, uuid4(), role, None, content, seq, datetime.now(UTC))
        for seq, (role, content) in enumerate(said.items())
    ]
    texts = [embedded_text(memory) for source in sources for memory in episodes(source)]
    before = time.process_time()
    await minilm.embed_documents(texts)
    return time.process_time() - before


async def _spent(model: TimedModelServer, pid: int, take: Take, size: int, turns: int, rate: float | None) -> float:
    """Processor seconds of one turn."""
    model.default = Behaviour(text=story(size), rate=rate)
    before = cpu_seconds(pid)
    await take(turns)
    return (cpu_seconds(pid) - before) / turns


def _per_token(long: float, short: float) -> dict[str, float]:
    """Microseconds."""
    return {"whole": 1e6 * long / LONG, "token": 1e6 * (long - short) / (LONG - SHORT)}


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {share: round(statistics.median(each[share] for each in rounds), 1) for share in rounds[0]}
