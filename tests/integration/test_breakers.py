"""What one process finds out others know within about a second, by a real Redis, and nothing waits for it."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.breakers import EVERY, Breakers, open_breakers
from app.redis import SharedRedis, connect
from graphs.errors import IndexUnavailable
from graphs.memory.in_memory import InMemoryStore
from graphs.memory.index import IndexFilter
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MemoryService, index_breaker
from graphs.memory.writer import MemoryWriter
from graphs.policies.breaker import Breaker
from tests.support import embedded
from tests.support.instance import until
from tests.support.redis import RedisServer, running_redis
from tests.unit.memory.support import LetterEmbedder, said

SOON = 5.0
"""Seconds for what takes `EVERY` on an idle machine."""


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[RedisServer]:
    async with running_redis() as server:
        yield server


@pytest.fixture(autouse=True)
async def _forget(server: RedisServer) -> None:
    async with connect(server.url) as client:
        await client.flushdb()


@asynccontextmanager
async def process(server: RedisServer) -> AsyncIterator[Breaker]:
    """What a process has: its breaker, shared."""
    async with connect(server.url) as client, open_breakers(SharedRedis(client)) as breakers:
        yield breakers.keep(index_breaker())


def fail(breaker: Breaker, times: int = 3) -> None:
    for _ in range(times):
        with pytest.raises(IndexUnavailable), breaker.calling():
            raise IndexUnavailable("away")


async def test_an_opening_and_a_closing_are_known_to_others(server: RedisServer) -> None:
    async with process(server) as one, process(server) as other:
        fail(one)
        began = time.monotonic()
        await until(lambda: other.state == "open", "the other opens too", SOON)
        print(f"opened elsewhere after {time.monotonic() - began:.2f} s")
        assert 0 < other.again_in <= one.trip.again_after
        other.looked(well=False)
        other.looked(well=True)
        await until(lambda: one.state == "closed", "and closes with it", SOON)
        # A third one, begun later, is told nothing that is over.
        async with process(server) as third:
            await asyncio.sleep(3 * EVERY)
            assert (one.state, other.state, third.state) == ("closed",) * 3


async def says(stream: asyncio.StreamReader, line: bytes) -> None:
    """Read up to and with that line; its log stands between."""
    while (read := await stream.readline()) != line:
        assert read, "it ended"


async def test_another_process_of_the_system_follows(server: RedisServer) -> None:
    async with process(server) as one:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.breaker_process", server.address), stdout=asyncio.subprocess.PIPE
        )
        assert child.stdout is not None
        try:
            async with asyncio.timeout(30):
                await says(child.stdout, b"closed\n")
                fail(one)
                await says(child.stdout, b"open\n")
                await says(child.stdout, b"closed\n")  # It found out by itself that all is well.
            await until(lambda: one.state == "closed", "and says so", SOON)
        finally:
            child.kill()
            await child.wait()


async def test_a_silent_redis_blocks_nothing_and_each_goes_on_by_itself(server: RedisServer) -> None:
    gaps: list[float] = []

    async def tick() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            gaps.append(time.perf_counter() - before)

    async with process(server) as one, process(server) as other:
        await asyncio.sleep(2 * EVERY)
        ticking = asyncio.create_task(tick())
        server.pause()
        try:
            began = time.perf_counter()
            fail(one)
            for _ in range(1000):
                with pytest.raises(IndexUnavailable), one.calling():
                    raise AssertionError
            took = time.perf_counter() - began
            await asyncio.sleep(1.5)
            assert (one.state, other.state) == ("open", "closed")
        finally:
            server.resume()
            ticking.cancel()
        print(f"longest gap {max(gaps) * 1000:.0f} ms; 1,003 calls in {took * 1000:.1f} ms")
        # A way to a silent Redis is 300 ms; a busy machine makes a gap of some tens by itself.
        assert max(gaps) < 0.25
        await until(lambda: other.state == "open", "what was found out meanwhile is told", SOON)


async def test_nothing_is_shared_without_one_and_nothing_is_lost_with_a_killed_one(server: RedisServer) -> None:
    async with process(server) as one, process(server) as other:
        server.kill()
        fail(one)
        assert one.state == "open"
        await asyncio.sleep(2 * EVERY)
        assert other.state == "closed"
        await server.start()
        await until(lambda: other.state == "open", "it is told when Redis is back", SOON)
    async with open_breakers(None) as breakers:
        alone = breakers.keep(index_breaker())
        fail(alone)
        assert alone.state == "open"


async def test_a_milvus_that_was_away_is_searched_again_without_a_question_that_tries_it() -> None:
    with embedded.scratch() as folder:
        async with embedded.running_milvus(folder) as part:
            embedder, store = LetterEmbedder(), InMemoryStore()
            index = MilvusIndex(
                MilvusConfig(uri=part.uri, alias="breaks"), embedder="letters", dimensions=embedder.dimensions
            )
            await index.prepare()
            service = MemoryService(embedder=embedder, index=index, store=store, deadline=2)
            memory = said("My dog is called Biscuit.")
            store.add([memory])
            await MemoryWriter(embedder, index).write([memory])
            breakers = Breakers()

            async def look() -> bool:
                try:
                    await index.count()
                except IndexUnavailable:
                    return False
                return True

            breakers.keep(service.breaker, look)
            watching = asyncio.create_task(breakers.watch())
            await part.stop()
            for _ in range(3):
                answer = await service.recall(RecallQuery(IndexFilter(memory.user_id), "dog"))
                assert answer.degraded
            assert service.breaker.state == "open"
            answer = await service.recall(RecallQuery(IndexFilter(memory.user_id), "dog"))
            assert ([item.memory.text for item in answer.items], answer.degraded) == ([memory.text], True)
            await part.start()
            await until(lambda: service.breaker.state == "closed", "it is seen to be back", 20)
            answer = await service.recall(RecallQuery(IndexFilter(memory.user_id), "dog"))
            assert not answer.degraded
            watching.cancel()
            await index.close()
