"""Limits that processes count together in a real Redis; while it is away each goes on counting by itself."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from limits import RateLimitItemPerMinute
from prometheus_client import REGISTRY
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.errors import TooManyAttempts
from app.redis import connect
from app.security import windows as module
from app.security.attempts import OF_BOTH, Attempts
from app.security.windows import AGAIN, PREFIX, Windows
from tests.support.redis import RedisServer, running_redis

BOUND = 2.0
"""Seconds; what one question may lose to a silent Redis is 0.6, the rest is for busy cores."""
TEN = RateLimitItemPerMinute(10, namespace="ten")


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[RedisServer]:
    async with running_redis() as server:
        yield server


@asynccontextmanager
async def patient(server: RedisServer) -> AsyncIterator[Redis]:
    """A client that waits on busy cores: what is counted in the process alone would be right as well, and not the same."""
    async with Redis.from_url(server.address, socket_timeout=20, retry=Retry(NoBackoff(), 1)) as client:
        yield client


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Redis]:
    async with patient(server) as client:
        await client.flushdb()
        yield client


@pytest.fixture
async def other(server: RedisServer) -> AsyncIterator[Redis]:
    async with patient(server) as client:
        yield client


def alone() -> float:
    return REGISTRY.get_sample_value("memocha_limits_alone_total") or 0.0


async def together(made: Windows) -> None:
    """Wait until it counts in Redis again."""
    async with asyncio.timeout(10 * AGAIN):
        while made._away:
            await made.left(TEN, "whoever")
            await asyncio.sleep(0.02)


async def test_two_processes_count_as_one(client: Redis, other: Redis) -> None:
    one, two = Windows(client), Windows(other)
    taken = await asyncio.gather(*(made.hit(TEN, "ada") for _ in range(20) for made in (one, two)))
    assert sum(taken) == 10
    for made in (one, two):
        left = await made.left(TEN, "ada")
        assert (left.limit, left.left, left.window) == (10, 0, 60)
        assert 50 < left.more_in <= 60
        assert await made.fits(TEN, "bob")
    assert all([key.startswith(PREFIX.encode()) async for key in client.scan_iter()])
    assert all([0 < await client.ttl(key) <= 60 async for key in client.scan_iter()])


async def test_attempts_at_two_processes_are_counted_together(client: Redis, other: Redis) -> None:
    one, two = Attempts(Windows(client)), Attempts(Windows(other))
    tried = (made.count("ada", "203.0.113.7") for _ in range(OF_BOTH.amount) for made in (one, two))
    ended = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(each is None for each in ended) == OF_BOTH.amount
    refused = [each for each in ended if isinstance(each, TooManyAttempts)]
    assert len(refused) == OF_BOTH.amount
    assert all(14 * 60 < each.retry_after <= 15 * 60 for each in refused)
    assert not [key async for key in client.scan_iter() if b"ada" in key], "logins are not in Redis"
    await one.forgive("ada", "203.0.113.7")
    await two.count("ada", "203.0.113.7")


async def test_a_killed_redis_leaves_each_to_itself_until_it_is_back(
    server: RedisServer, client: Redis, other: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AGAIN", 0.2)
    one, two, before = Windows(client), Windows(other), alone()
    for _ in range(10):
        assert await one.hit(TEN, "eve")
    server.kill()
    try:
        for made in (one, two):
            taken = [await made.hit(TEN, "eve") for _ in range(15)]
            assert sum(taken) == 10, "it is bounded without Redis too"
        assert alone() >= before + 30
    finally:
        await server.start()
    await together(one)
    await together(two)
    since = alone()
    taken = [await made.hit(TEN, "eve") for _ in range(8) for made in (one, two)]
    assert sum(taken) == 10, "a Redis that began anew counts from then on"
    assert alone() == since


async def test_a_silent_redis_holds_up_one_request_at_a_time_and_never_the_loop(server: RedisServer) -> None:
    async with connect(server.url) as client:
        await _silence(server, client)


async def _silence(server: RedisServer, client: Redis) -> None:
    made, pulses, stop = Windows(client), 0, asyncio.Event()
    await together(made)
    await made.hit(TEN, "zoe")

    async def pulse() -> None:
        nonlocal pulses
        while not stop.is_set():
            await asyncio.sleep(0.005)
            pulses += 1

    beating = asyncio.create_task(pulse())
    server.pause()
    try:
        began = time.monotonic()
        taken = await asyncio.gather(*(made.hit(TEN, "zoe") for _ in range(12)))
        assert sum(taken) == 10
        assert time.monotonic() - began < BOUND
        assert pulses > 10, "the loop stood still"
        began = time.monotonic()
        for _ in range(200):
            await made.hit(TEN, "zoe")
        assert time.monotonic() - began < BOUND, "who comes after it does not wait for it again and again"
    finally:
        server.resume()
        stop.set()
        await beating
    await together(made)
