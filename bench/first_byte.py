"""How soon an answer begins at each door, against `/api/chat`: the stream's first byte, and the answer's first token.

The doors take turns, each with a new session, so that whatever else the machine does falls on all of them.
"""

import asyncio
import statistics
from typing import Any

from bench.client import client
from bench.doors import DOORS, FIRST, ask
from bench.model import TimedModelServer
from bench.product import product, stores
from bench.report import Report, Target, ratio, spread

ROUNDS = 60
WARM_UP = 5
PAUSE = 0.1
"""Seconds between two turns."""
BASE = "/api/chat"
MOST = 1.3


async def measure() -> Report:
    taken: dict[str, dict[str, list[float]]] = {name: {"first byte": [], "first token": []} for name in DOORS}
    async with (
        TimedModelServer(text=f"{FIRST} it was in the cellar.") as model,
        stores() as here,
        product(here, model, {"MEMOCHA_WORKER": "false"}) as running,
        client(running.url) as http,
    ):
        for turn in range(WARM_UP + ROUNDS):
            # Each follows each other as often.
            names = [*DOORS][turn % len(DOORS) :] + [*DOORS][: turn % len(DOORS)]
            for name in names:
                moments = await ask(http, DOORS[name], f"Where was it that day, the {turn}th?")
                if turn >= WARM_UP:
                    taken[name]["first byte"].append(1000 * moments.first_byte)
                    taken[name]["first token"].append(1000 * moments.first_token)
                await asyncio.sleep(PAUSE)
    figures: dict[str, Any] = {
        f"{name}, ms": {what: spread(values) for what, values in by_what.items()} for name, by_what in taken.items()
    }
    ratios = {
        f"{what} p50: {name} / {BASE}": ratio(
            statistics.median(taken[name][what]), statistics.median(taken[BASE][what])
        )
        for what in ("first byte", "first token")
        for name in DOORS
        if name != BASE
    }
    targets = [Target(what, value, MOST) for what, value in ratios.items()]
    return Report(figures, ratios, targets)
