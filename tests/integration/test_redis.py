"""What processes share lies in a real Redis; where that is away nothing waits long for it."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from redis.asyncio import Redis

from app.breakers import Breakers
from app.cli.doctor import Level, redis
from app.embedded.net import pick_port
from app.redis import AWAY, SharedRedis, connect, open_redis
from app.settings import Settings
from app.status import APART, OK, Status
from tests.support.redis import PASSWORD, RedisServer, running_redis

BOUND = 2.0
"""Seconds; what a question may take where Redis is silent is 0.6, the rest is for busy cores."""


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[RedisServer]:
    async with running_redis() as server:
        yield server


@pytest.fixture
async def client(server: RedisServer) -> AsyncIterator[Redis]:
    async with connect(server.url) as client:
        yield client


def settings(tmp_path: Path, url: SecretStr | None) -> Settings:
    return Settings(_env_file=None, data_dir=tmp_path, redis_url=url)  # type: ignore[call-arg]


async def told(shared: SharedRedis) -> object:
    """What /ready says of it."""
    models = SimpleNamespace(choose=lambda _: SimpleNamespace(config=None))
    status = Status(database=None, generations=None, models=models, redis=shared, breakers=Breakers())  # type: ignore[arg-type]
    return await status._looks["redis"]()


async def test_what_one_client_writes_another_reads(server: RedisServer, client: Redis) -> None:
    await client.set("memocha:test", "tea")
    async with connect(server.url) as other:
        assert await other.get("memocha:test") == b"tea"


async def test_a_killed_redis_is_said_to_be_away_and_to_be_back(server: RedisServer, client: Redis) -> None:
    shared = SharedRedis(client)
    assert await told(shared) == OK
    server.kill()
    assert await told(shared) == APART
    assert shared.reached is False
    assert REGISTRY.get_sample_value("memocha_redis_up") == 0
    await server.start()
    assert await told(shared) == OK
    assert REGISTRY.get_sample_value("memocha_redis_up") == 1


async def test_a_restart_between_two_commands_is_not_noticed(server: RedisServer, client: Redis) -> None:
    await client.ping()
    server.kill()
    await server.start()
    await client.ping()


async def test_a_silent_redis_costs_less_than_a_second(server: RedisServer, client: Redis) -> None:
    await client.ping()
    server.pause()
    try:
        for _ in range(2):  # over the connection that was open, and over a new one
            began = time.monotonic()
            with pytest.raises(AWAY):
                await client.get("memocha:test")
            assert time.monotonic() - began < BOUND
    finally:
        server.resume()
    await client.ping()


async def test_the_password_is_in_no_message(server: RedisServer, tmp_path: Path) -> None:
    wrong = SecretStr(server.address.replace(PASSWORD, "not-the-password"))
    nobody = SecretStr(f"redis://:{PASSWORD}@127.0.0.1:{pick_port()}/0")
    for url in (wrong, nobody):
        (finding,) = await redis(settings(tmp_path, url))
        assert finding.level is Level.NOTE
        for password in (PASSWORD, "not-the-password"):
            assert password not in f"{finding}"
            assert password not in repr(connect(url))


async def test_the_doctor_says_that_it_answers(server: RedisServer, tmp_path: Path) -> None:
    (finding,) = await redis(settings(tmp_path, server.url))
    assert finding.level is Level.OK
    assert await redis(settings(tmp_path, None)) == []


async def test_none_is_opened_where_none_is_configured(tmp_path: Path) -> None:
    async with open_redis(settings(tmp_path, None)) as shared:
        assert shared is None
