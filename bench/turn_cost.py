"""What a turn costs beside the model as its session grows: one session of 1,000 turns over HTTP.

The model answers at once, so what is left of a turn's time is ours. Checkpoint bytes are what Postgres keeps of the
session's checkpoints when it has just been pruned, and the most that gathers between two prunes.
"""

import random
import statistics
from collections.abc import Sequence

import httpx
import psycopg

from app.db.checkpoints import TABLES
from bench.client import client, turn
from bench.machine import rss_mib
from bench.model import TimedModelServer
from bench.product import Product, product, stores
from bench.report import Report, Target, ratio
from bench.texts import SHAPES, sentence
from tests.support.model_server import Behaviour

TURNS = 1_000
WARM_UP = 30
AROUND = {"10": (5, 15), "100": (92, 107), "1000": (985, 1000)}
"""The first and last turn of what a figure is the median of."""
PRUNED = {"10": 11, "100": 101, "1000": 991}
"""The turns nearest to it after which the service has pruned."""
FULLEST = {"10": 10, "100": 100, "1000": 1000}
"""The turns nearest to it after which it is about to prune."""
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
        self.prompt_tokens: list[int] = []
        self.memories: list[int] = []
        self.checkpoint_bytes: dict[int, int] = {}
        self.rss_mib: dict[int, float] = {}


async def _turns(
    http: httpx.AsyncClient, model: TimedModelServer, running: Product, count: int, dice: random.Random
) -> Course:
    course, session_id = Course(), None
    looked_at = {*PRUNED.values(), *FULLEST.values()}
    for number in range(1, count + 1):
        model.will(Behaviour(text=" ".join(sentence(dice, SHAPES) for _ in range(4))))
        timed = await turn(http, " ".join(sentence(dice, SHAPES) for _ in range(2)), session_id)
        session_id = timed.session_id
        course.whole.append(timed.done * 1000)
        course.beside.append((timed.done - model.take().whole) * 1000)
        course.prompt_tokens.append(timed.events["usage"]["prompt_tokens"])
        course.memories.append(len(timed.events["memories"]["items"]))
        if number in looked_at:
            course.checkpoint_bytes[number] = await checkpoint_bytes(running.database_url, session_id)
            course.rss_mib[number] = rss_mib(running.pid)
    return course


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

    ratios = {
        f"{label}: turn {to} / turn {since}": grown(key, to, since)
        for to, since in (("1000", "10"), ("1000", "100"), ("100", "10"))
        for label, key in (("time", "beside_ms"), ("checkpoint bytes", "checkpoint_bytes"), ("RSS", "rss_mib"))
    }
    return Report(
        figures,
        ratios,
        [
            Target("time beside the model, turn 1,000 / turn 10", grown("beside_ms", "1000", "10"), MOST),
            Target("checkpoint bytes, turn 1,000 / turn 10", grown("checkpoint_bytes", "1000", "10"), MOST),
        ],
    )


def _around(course: Course, name: str) -> dict[str, float]:
    first, last = AROUND[name]
    return {
        "beside_ms": round(_median(course.beside, first, last), 1),
        "whole_ms": round(_median(course.whole, first, last), 1),
        "prompt_tokens": _median(course.prompt_tokens, first, last),
        "memories": _median(course.memories, first, last),
        "checkpoint_bytes": course.checkpoint_bytes[PRUNED[name]],
        "before_pruning": course.checkpoint_bytes[FULLEST[name]],
        "rss_mib": course.rss_mib[FULLEST[name]],
    }


def _median(values: Sequence[float], first: int, last: int) -> float:
    return statistics.median(values[first - 1 : last])
