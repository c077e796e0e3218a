"""What a turn costs beside the model as its session grows: one session of 1,000 turns over HTTP.

The model answers at once, so what is left of a turn's time is ours. Checkpoint bytes are what Postgres holds of the
session's checkpoints while the model answers, which goes with the window, and once the run has ended. `cpu_ms` is the
service's processor time a turn, its background work included: it says what the wall clock cannot on a machine that
others use too.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Sequence

import httpx
import psycopg

from app.db.checkpoints import TABLES
from bench.client import client, turn
from bench.machine import cpu_seconds, rss_mib
from bench.model import TimedModelServer
from bench.product import Product, product, stores
from bench.report import Report, Target, ratio
from bench.texts import SHAPES, sentence
from tests.support.model_server import Behaviour

TURNS = 1_000
WARM_UP = 30
AROUND = {"10": (5, 15), "100": (92, 107), "1000": (985, 1000)}
"""The first and last turn of what a figure is the median of."""
THINKS = 0.5
"""Seconds that the model takes in a turn whose checkpoints are looked at: they are written beside it."""
TIDIED = 10.0
"""Seconds within which a run's checkpoints must have gone after it."""
MOST = 1.2


async def measure() -> Report:
    async with (
        TimedModelServer() as model,
        stores() as here,
        product(here, model) as running,
        client(running.url) as http,
    ):
        await _turns(http, model, running, WARM_UP, random.Random(1))
        return report(await _turns(http, model, running, TURNS, random.Random(2)))


class Course:
    """What was measured of each turn; turn 1 is at 0."""

    def __init__(self) -> None:
        self.beside: list[float] = []
        """Milliseconds without the model."""
        self.whole: list[float] = []
        self.cpu: list[float] = []
        """Seconds of processor time that the service had used when the turn had ended."""
        self.prompt_tokens: list[int] = []
        self.memories: list[int] = []
        self.bytes_during: dict[int, int] = {}
        self.bytes_after: dict[int, int] = {}
        self.rss_mib: dict[int, float] = {}


async def _turns(
    http: httpx.AsyncClient, model: TimedModelServer, running: Product, count: int, dice: random.Random
) -> Course:
    course, session_id = Course(), None
    for number in range(1, count + 1):
        looked_at = str(number) in AROUND and session_id is not None
        answer = " ".join(sentence(dice, SHAPES) for _ in range(4))
        model.will(Behaviour(text=answer, think=THINKS if looked_at else 0.0))
        question = " ".join(sentence(dice, SHAPES) for _ in range(2))
        going_on = asyncio.create_task(turn(http, question, session_id))
        if looked_at and session_id:
            while not model.requests:
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.6 * THINKS)
            course.bytes_during[number] = await checkpoint_bytes(running.database_url, session_id)
        timed = await going_on
        session_id = timed.session_id
        course.whole.append(timed.done * 1000)
        course.cpu.append(cpu_seconds(running.pid))
        course.beside.append((timed.done - model.take().whole) * 1000)
        course.prompt_tokens.append(timed.events["usage"]["prompt_tokens"])
        course.memories.append(len(timed.events["memories"]["items"]))
        if looked_at:
            course.bytes_after[number] = await settled_bytes(running.database_url, session_id)
            course.rss_mib[number] = rss_mib(running.pid)
    return course


async def settled_bytes(url: str, session_id: str) -> int:
    """What is left once the run's end has been tidied up; all there is where that does not come to pass."""
    deadline = time.monotonic() + TIDIED
    while (left := await checkpoint_bytes(url, session_id)) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    return left


async def checkpoint_bytes(url: str, session_id: str) -> int:
    """What Postgres keeps of a session's checkpoints."""
    async with await psycopg.AsyncConnection.connect(url) as connection:
        total = 0
        for table in TABLES:
            query = f"SELECT coalesce(sum(pg_column_size(t.*)), 0) FROM {table} AS t WHERE thread_id = %s"
            row = await (await connection.execute(query, [session_id])).fetchone()  # type: ignore[arg-type]
            total += int(row[0]) if row else 0
        return total


def report(course: Course) -> Report:
    figures = {f"turn {name}": _around(course, name) for name in AROUND}
    figures["beside the model, ms, median of each 100 turns"] = {
        str(at + 100): round(_median(course.beside, at + 1, at + 100), 1) for at in range(0, TURNS, 100)
    }

    def grown(key: str, to: str, since: str) -> float:
        return ratio(figures[f"turn {to}"][key], figures[f"turn {since}"][key])

    measures = {"time": "beside_ms", "CPU": "cpu_ms", "checkpoint bytes": "checkpoints_during", "RSS": "rss_mib"}
    ratios = {
        f"{label}: turn {to} / turn {since}": grown(key, to, since)
        for to, since in (("1000", "10"), ("1000", "100"), ("100", "10"))
        for label, key in measures.items()
    }
    kept = MOST * figures["turn 10"]["checkpoints_after"]
    return Report(
        figures,
        ratios,
        [
            Target("time beside the model, turn 1,000 / turn 10", grown("beside_ms", "1000", "10"), MOST),
            Target(
                "checkpoint bytes during a run, turn 1,000 / turn 10", grown("checkpoints_during", "1000", "10"), MOST
            ),
            Target("checkpoint bytes kept after turn 1,000", figures["turn 1000"]["checkpoints_after"], kept),
        ],
    )


def _around(course: Course, name: str) -> dict[str, float]:
    first, last = AROUND[name]
    return {
        "beside_ms": round(_median(course.beside, first, last), 1),
        "cpu_ms": round(1000 * (course.cpu[last - 1] - course.cpu[first - 2]) / (last - first + 1), 1),
        "whole_ms": round(_median(course.whole, first, last), 1),
        "prompt_tokens": _median(course.prompt_tokens, first, last),
        "memories": _median(course.memories, first, last),
        "checkpoints_during": course.bytes_during[int(name)],
        "checkpoints_after": course.bytes_after[int(name)],
        "rss_mib": course.rss_mib[int(name)],
    }


def _median(values: Sequence[float], first: int, last: int) -> float:
    return statistics.median(values[first - 1 : last])
