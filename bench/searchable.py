"""How soon what was said can be found: from a turn's `done` to a search over HTTP that finds its message.

100 turns of a user with 1,000 memories, one after the other, each with a word that was never said before. The baseline
is one such search for a word that is found at once, since a wait cannot come out shorter than that.
"""

import asyncio
import random
import time

import httpx

from bench.client import client, turn
from bench.model import TimedModelServer
from bench.product import product, stores
from bench.report import Report, Target, ratio, spread
from bench.seed import seed
from bench.texts import SHAPES, sentence

TURNS = 100
WARM_UP = 5
LOOK_EVERY = 0.01
GIVE_UP = 30.0
"""Seconds."""
MOST = 1_000.0
"""p95, milliseconds."""
SYLLABLES = ("ba", "du", "fi", "go", "ka", "lo", "mi", "nu", "pe", "ro", "su", "ta", "ve", "wi", "zo")


async def measure() -> Report:
    dice = random.Random(4)
    async with TimedModelServer(text="I will keep that in mind.") as model, stores() as here:
        await seed(here, memories=1_000, users=1, dice=dice)
        async with product(here, model) as running, client(running.url) as http:
            waits, searches, degraded = [], [], 0
            for number in range(TURNS + WARM_UP):
                word = "".join(dice.choices(SYLLABLES, k=6)) + "x"
                wait, blind = await _until_found(http, word, dice)
                search = await _one_search(http, word)
                if number >= WARM_UP:
                    waits.append(wait * 1000)
                    searches.append(search * 1000)
                    degraded += blind
    waited, one = spread(waits), spread(searches)
    return Report(
        {"from done to found, ms": waited, "one search, ms": one, "found by words in Postgres": degraded},
        {"p50 / one search": ratio(waited["p50"], one["p50"]), "p95 / one search": ratio(waited["p95"], one["p95"])},
        [Target("from done to found, p95 ms", waited["p95"], MOST)],
    )


async def _until_found(http: httpx.AsyncClient, word: str, dice: random.Random) -> tuple[float, bool]:
    """Seconds until the message is found, and whether that was while the index did not answer."""
    said = f"{sentence(dice, SHAPES)} The name on it is {word}."
    message_id = (await turn(http, said)).events["run"]["user_message_id"]
    done = time.perf_counter()
    while time.perf_counter() - done < GIVE_UP:
        answer = (await http.get("/api/memories/search", params={"q": f"What is {word}?", "k": 5})).json()
        if any(source["message_id"] == message_id for item in answer["items"] for source in item["sources"]):
            return time.perf_counter() - done, answer["degraded"]
        await asyncio.sleep(LOOK_EVERY)
    raise RuntimeError(f"a message was not found within {GIVE_UP:g} s")


async def _one_search(http: httpx.AsyncClient, word: str) -> float:
    began = time.perf_counter()
    (await http.get("/api/memories/search", params={"q": f"What is {word}?", "k": 5})).raise_for_status()
    return time.perf_counter() - began
