"""A large import over HTTP into embedded parts: pace against the embedder alone, memory, searches meanwhile, a kill.

20,000 short messages as Memocha's lines. At two fifths the service is killed (SIGKILL) and started again. The pace is
held against the embedder alone in this process, on the texts that are embedded of a sample of the same messages,
measured before the import, while the service is down, and after it. Digests are off: they are made later, of any talk.
"""

import asyncio
import json
import os
import random
import signal
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from app.db.ids import LOCAL_USER_ID
from app.embedded.net import pick_port
from app.embedded.postgres import PostgresPart
from app.embedded.service import ServicePart
from app.settings import Settings
from bench.client import client
from bench.machine import cpu_seconds, rss_mib
from bench.model import MODEL, TimedModelServer
from bench.product import running, stores
from bench.report import Report, Target, ratio, spread
from bench.seed import embedder
from bench.texts import ASKED, SHAPES, sentence
from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.managed import ManagedIndex
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.second_look import told_sentences
from graphs.memory.writer import embedded_text

MESSAGES = int(os.environ.get("MEMOCHA_BENCH_IMPORT") or 20_000)
A_SESSION = 20
SAMPLE = 1_280
"""Messages of which the embedder alone embeds what is embedded of them, each time."""
TOGETHER = 128
"""Messages that it is given at once, as an import gives them."""
KILL_AT = 0.4
LOOK_EVERY = 1.0
"""Seconds between two looks at job and memory, and between two searches."""
IDLE_SEARCHES = 100
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Watched:
    """What was seen of an import from outside."""

    progress: list[tuple[float, int]] = field(default_factory=list)
    """Seconds on the clock, lines done."""
    memory: list[tuple[int, float]] = field(default_factory=list)
    """Lines done, MiB."""
    processor: list[float] = field(default_factory=list)
    """Seconds of the service's that were used at each look."""
    searches: list[float] = field(default_factory=list)
    """Milliseconds."""
    failed_searches: int = 0

    def pace(self) -> float:
        """Lines a second, from the first that was seen done to the last."""
        first, last = self._span()
        (began, done), (ended, all_done) = self.progress[first], self.progress[last]
        return (all_done - done) / (ended - began)

    def processor_ms(self) -> float:
        """Of the service a line, milliseconds."""
        first, last = self._span()
        return (
            1000 * (self.processor[last] - self.processor[first]) / (self.progress[last][1] - self.progress[first][1])
        )

    def _span(self) -> tuple[int, int]:
        done = [each for _, each in self.progress]
        return next(at for at, each in enumerate(done) if each > done[0]), done.index(done[-1])


async def measure() -> Report:
    async with TimedModelServer(text="Fine.") as model, stores() as here:
        environment = environment_of(here.folder, here.postgres.url, model.base_url) | {
            "MEMOCHA_MILVUS_URI": here.milvus.uri
        }
        minilm = await embedder()
        index = MilvusIndex(MilvusConfig(uri=here.milvus.uri), embedder=minilm.name, dimensions=minilm.dimensions)
        return await measured(here.folder, here.postgres, environment, minilm, index, MESSAGES)


def environment_of(folder: Path, database_url: str, model_url: str) -> dict[str, str]:
    return {
        "MEMOCHA_DATA_DIR": str(folder),
        "MEMOCHA_DATABASE_URL": database_url,
        "MEMOCHA_LLM": f"openai:{MODEL}",
        "MEMOCHA_LLM_BASE_URL": model_url,
        "MEMOCHA_LLM_CHECK": "false",
        "MEMOCHA_FACTS": "off",
        "MEMOCHA_TITLES": "off",
        "MEMOCHA_DIGESTS": "off",
    }


async def measured(
    folder: Path, postgres: PostgresPart, environment: dict[str, str], minilm: MiniLM, index: ManagedIndex, count: int
) -> Report:
    """The report of importing so many messages."""
    dice = random.Random(7)
    said = [sentence(dice, SHAPES) for _ in range(count)]
    texts = embedded_texts(said[:SAMPLE])
    used = time.process_time()
    alone = [await _alone(minilm, texts)]
    used = 1000 * (time.process_time() - used) / len(texts)
    settings = Settings(data_dir=folder, port=pick_port())
    service = ServicePart(settings)
    service.environment = environment | {"MEMOCHA_PORT": str(settings.port)}
    before, after = Watched(), Watched()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(service))
        http = await stack.enter_async_context(client(service.address))
        began = time.perf_counter()
        answer = await http.post("/api/import", content=_lines(said), headers={"content-type": "application/x-ndjson"})
        answer.raise_for_status()
        job, received = answer.json()["id"], time.perf_counter() - began
        await _watch(http, service, job, before, dice, until=int(KILL_AT * count))
        assert service.pid is not None
        os.kill(service.pid, signal.SIGKILL)
        killed = time.perf_counter()
        alone.append(await _alone(minilm, texts))
        restarted = time.perf_counter()
        await service.start()
        await _watch(http, service, job, after, dice)
        assert service.pid is not None
        rss_after = rss_mib(service.pid)
        idle = await _idle(http, dice)
        alone.append(await _alone(minilm, texts))
        counts = await _counts(postgres.url)
        indexed = await index.count(LOCAL_USER_ID)
        await index.close()
        minilm.close()
    went_on = next(at for at, done in after.progress if done > before.progress[-1][1]) - restarted
    pace, meanwhile = statistics.mean((before.pace(), after.pace())), before.searches + after.searches
    lines_a_message = 1 + 1 / A_SESSION
    messages, texts_each = pace / lines_a_message, len(texts) / SAMPLE
    embedding = statistics.mean(alone)
    return Report(
        {
            "messages": count,
            "texts embedded a message": round(texts_each, 2),
            "lines taken in and checked, s": round(received, 1),
            "embedder alone, messages/s": {"before": alone[0], "at the kill": alone[1], "after": alone[2]},
            "import, messages/s": {
                "before the kill": round(before.pace() / lines_a_message, 1),
                "after it": round(after.pace() / lines_a_message, 1),
            },
            "processor time a message, ms": {
                "embedder alone": round(used, 2),
                "service, before the kill": round(before.processor_ms() * lines_a_message, 2),
                "service, after it": round(after.processor_ms() * lines_a_message, 2),
            },
            "service's memory, MiB": {**_memory(before, "before the kill"), **_memory(after, "after it")},
            "service's memory at the end, MiB": rss_after,
            "search meanwhile, ms": spread(meanwhile),
            "search when idle, ms": spread(idle),
            "searches meanwhile that failed": before.failed_searches + after.failed_searches,
            "killed at line": before.progress[-1][1],
            "down, s": round(restarted - killed, 1),
            "from its start to the first new line done, s": round(went_on, 1),
            "counts": {**counts, "in the index": indexed},
        },
        {
            "import / embedder alone": ratio(messages, embedding),
            "search meanwhile p50 / idle": ratio(spread(meanwhile)["p50"], spread(idle)["p50"]),
            "search meanwhile p95 / idle": ratio(spread(meanwhile)["p95"], spread(idle)["p95"]),
        },
        [
            Target("embedder alone / import", round(embedding / messages, 2), 1.11),
            Target("messages lost or doubled", sum(abs(each - count) for each in (
                counts["messages"], counts["ids of theirs"], counts["memories"], indexed)), 0),
        ],
    )  # fmt: skip


def embedded_texts(said: Sequence[str]) -> list[list[str]]:
    """What is embedded of each message: the whole, and the sentences for the second look."""
    texts = []
    for at, content in enumerate(said):
        message = SourceMessage(
            UUID(int=at), LOCAL_USER_ID, UUID(int=at), _role(at), None, content, at % A_SESSION, _when(at)
        )
        made = episodes(message)
        texts.append([text for memory in made for text in (embedded_text(memory), *told_sentences(memory))])
    return texts


def _role(at: int) -> Any:
    return "assistant" if at % 2 else "user"


def _when(at: int) -> datetime:
    return BEGAN + timedelta(minutes=at)


async def _lines(said: Sequence[str]) -> AsyncIterator[bytes]:
    lines: list[str] = []
    for at, content in enumerate(said):
        if at % A_SESSION == 0:
            session = {"id": f"s{at // A_SESSION}", "title": f"Talk {at // A_SESSION}"}
            lines.append(json.dumps({"session": {**session, "created_at": _when(at).isoformat()}}))
        message = {"id": f"m{at}", "role": _role(at), "content": content, "created_at": _when(at).isoformat()}
        lines.append(json.dumps({"message": message}))
        if len(lines) >= 500:
            yield ("\n".join(lines) + "\n").encode()
            lines = []
    yield ("\n".join(lines) + "\n").encode()


async def _alone(minilm: MiniLM, texts: Sequence[Sequence[str]]) -> float:
    """Messages a second, with nothing else to do in this process."""
    began = time.perf_counter()
    for start in range(0, len(texts), TOGETHER):
        await minilm.embed_documents([text for of_one in texts[start : start + TOGETHER] for text in of_one])
    return round(len(texts) / (time.perf_counter() - began), 1)


async def _watch(
    http: httpx.AsyncClient,
    service: ServicePart,
    job: str,
    seen: Watched,
    dice: random.Random,
    until: int | None = None,
) -> None:
    """Look at it until so many lines are done, or it has ended. Raises `RuntimeError` where it fails."""
    while True:
        state = (await http.get(f"/api/jobs/{job}")).raise_for_status().json()
        seen.progress.append((time.perf_counter(), state["processed"]))
        assert service.pid is not None
        seen.memory.append((state["processed"], rss_mib(service.pid)))
        seen.processor.append(cpu_seconds(service.pid))
        if state["state"] == "succeeded" or (until is not None and state["processed"] >= until):
            return
        if state["state"] == "failed":
            raise RuntimeError(f"the import failed: {state['error']}")
        if state["processed"]:
            try:
                seen.searches.append(await _search(http, dice))
            except httpx.HTTPError:
                seen.failed_searches += 1
        await asyncio.sleep(LOOK_EVERY)


async def _search(http: httpx.AsyncClient, dice: random.Random) -> float:
    began = time.perf_counter()
    asked = {"q": sentence(dice, ASKED), "k": 8}
    (await http.get("/api/memories/search", params=asked)).raise_for_status()
    return (time.perf_counter() - began) * 1000


async def _idle(http: httpx.AsyncClient, dice: random.Random) -> list[float]:
    taken = []
    for _ in range(IDLE_SEARCHES):
        taken.append(await _search(http, dice))
        await asyncio.sleep(0.1)
    return taken


def _memory(seen: Watched, when: str) -> dict[str, float]:
    """At the first progress, in the middle, at the end, and the most."""
    working = [mib for done, mib in seen.memory if done] or [0.0]
    return {
        f"{when}, at first": working[0],
        f"{when}, halfway": working[len(working) // 2],
        f"{when}, at last": working[-1],
        f"{when}, most": max(working),
    }


async def _counts(url: str) -> dict[str, int]:
    queries = {
        "sessions": "SELECT count(*) FROM sessions",
        "messages": "SELECT count(*) FROM messages",
        "ids of theirs": "SELECT count(DISTINCT (session_id, external_id)) FROM messages",
        "memories": "SELECT count(*) FROM memories WHERE indexed_at IS NOT NULL",
        "lines left": "SELECT count(*) FROM import_lines",
    }
    found = {}
    async with await psycopg.AsyncConnection.connect(url) as connection:
        for name, query in queries.items():
            row = await (await connection.execute(query)).fetchone()  # type: ignore[arg-type]
            assert row is not None
            found[name] = int(row[0])
    return found
