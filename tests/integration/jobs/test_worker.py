"""The worker: how soon it begins, and what becomes of jobs when it, or Postgres, goes away in the middle."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db.engine import Database
from app.db.users import Users
from app.jobs.queue import JobQueue
from app.jobs.settle import Settler
from app.jobs.stalled import Stalled
from app.jobs.tasks import Tasks
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.writer import MemoryWriter
from tests.integration.jobs.support import Service, TestIndex, query, until, working
from tests.support.embedded import MiniLm

ROOT = Path(__file__).parents[3]


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]


async def test_a_memory_can_be_found_soon_after_the_commit(parts: Service) -> None:
    session = await parts.new_session()
    took: list[float] = []
    async with working(parts.queue):
        for number in range(30):
            word = f"word{number}"
            await parts.say(session, f"the {word}")
            took.append(await until(lambda word=word: parts.remembers(word)))  # type: ignore[misc]
    print(f"searchable after commit, jobs alone: p50 {sorted(took)[15] * 1000:.0f} ms, p95 {p95(took) * 1000:.0f} ms")
    assert p95(took) < 1.0


async def test_the_jobs_of_a_killed_worker_are_done_by_another(parts: Service, migrated_url: str) -> None:
    session = await parts.new_session()
    await parts.say(session, "My dog is called Biscuit")
    doomed = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.jobs.killed_worker", migrated_url,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert doomed.stdout is not None
    async with asyncio.timeout(60):
        while b"writing" not in await doomed.stdout.readline():
            pass
    doomed.send_signal(signal.SIGKILL)
    await doomed.wait()
    assert await parts.jobs("doing") == ["index_messages"]
    async with working(parts.queue):
        took = await until(lambda: parts.remembers("Biscuit"), within=30)
        print(f"taken over {took:.1f} s after the kill")
        assert took < 20
        # What comes after is not held up meanwhile, and the job is not done for ever more.
        await parts.say(session, "another word")
        assert await until(lambda: parts.remembers("another")) < 5

        async def all_done() -> bool:
            return await parts.jobs("doing") == []

        await until(all_done)
    assert len(await parts.rows()) == 2


async def test_a_job_whose_end_could_not_be_noted_is_found(parts: Service) -> None:
    session = await parts.new_session()
    await parts.say(session, "My dog is called Biscuit")
    manager = parts.queue.app.job_manager
    worker_id = await manager.register_worker()
    assert await manager.fetch_job(None, worker_id) is not None
    stalled = Stalled(parts.queue)
    assert await stalled.retry(worker_id) == 0, "it may just be beginning"
    assert await stalled.retry(worker_id) == 1
    assert await parts.jobs("todo") == ["index_messages"]
    await parts.drained()
    assert parts.remembers("Biscuit")


async def test_a_stalled_job_gives_way_to_one_of_the_same_name(parts: Service) -> None:
    session = await parts.new_session()
    manager = parts.queue.app.job_manager
    worker_id = await manager.register_worker()
    for _ in range(2):
        async with parts.database.transaction() as tx:
            await parts.queue.reconcile_session(tx, parts.user, session)
        if not await parts.jobs("doing"):
            await manager.fetch_job(None, worker_id)
    assert (await parts.jobs("doing"), await parts.jobs("todo")) == (["reconcile_session"],) * 2
    stalled = Stalled(parts.queue)
    for _ in range(2):
        await stalled.retry(worker_id)
    assert (await parts.jobs("doing"), await parts.jobs("todo")) == ([], ["reconcile_session"])


async def test_the_worker_comes_back_after_postgres_was_away(parts: Service) -> None:
    session = await parts.new_session()
    async with working(parts.queue):
        await parts.say(session, "first word")
        await until(lambda: parts.remembers("first"))
        for _ in range(3):
            async with parts.database.transaction() as tx:
                await tx.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                        "AND application_name = 'memocha-jobs'"
                    )
                )
            await asyncio.sleep(0.3)
        await parts.say(session, "second word")
        print(f"back after {await until(lambda: parts.remembers('second'), within=30):.1f} s")


async def test_a_worker_that_is_stopped_gives_its_jobs_back(parts: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.jobs.worker.GRACE", 0.2)
    session = await parts.new_session()
    await parts.say(session, "My dog is called Biscuit")
    begun = asyncio.Event()

    async def hang() -> None:
        begun.set()
        await asyncio.Event().wait()

    parts.index.before_write = hang
    async with working(parts.queue):
        await asyncio.wait_for(begun.wait(), 10)
    assert await parts.jobs("todo") == ["index_messages"]
    await parts.drained()
    assert parts.remembers("Biscuit")


async def test_on_the_real_index_and_embedder(migrated_url: str, milvus_uri: str, minilm_files: MiniLm) -> None:
    """From the commit to being found: at most a second (p95)."""
    embedder = MiniLM(minilm_files.model, minilm_files.tokenizer)
    config = MilvusConfig(uri=milvus_uri, alias=f"jobs_{uuid4().hex}")
    index = MilvusIndex(config, embedder=embedder.name, dimensions=embedder.dimensions)
    await index.prepare()
    database, queue = Database(migrated_url), JobQueue(migrated_url)
    await queue.open()
    tasks = Tasks(database, queue, Settler(database, MemoryWriter(embedder, index)))
    parts = Service(database, queue, TestIndex(), tasks)
    parts.tasks.register()
    async with database.transaction() as tx:
        await Users(tx).create("someone", user_id=parts.user)
    session = await parts.new_session()
    took: list[float] = []
    async with working(queue):
        for number in range(30):
            word = f"xylophone{number}"
            await parts.say(session, f"My favourite instrument of the day is the {word}.")
            started = time.monotonic()

            async def found(word: str = word) -> bool:
                return bool(await index.search(query(parts.user, word)))

            await until(found, within=30)
            took.append(time.monotonic() - started)
    print(f"searchable after commit: p50 {sorted(took)[15] * 1000:.0f} ms, p95 {p95(took) * 1000:.0f} ms")
    await index.close()
    await queue.close()
    await database.close()
    assert p95(took[1:]) < 1.0
