"""A Postgres that is stopped and keeps its sockets open, as a paused container does: played by a wire that holds all."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from app import status
from app.breakers import Breakers
from app.checkpoints import open_saver
from app.db import watched
from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.watched import WatchedConnection, answers
from app.status import Status
from tests.chaos.wire import Wire
from tests.support.instance import until

BOUND = 10.0
"""Seconds, with margin for a busy machine; without the watch the waits here would never end."""


@pytest.fixture(autouse=True)
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "ASK_AFTER", 0.2)
    monkeypatch.setattr(watched, "ANSWERS_WITHIN", 0.3)


@pytest.fixture
async def wire(module_database_url: str) -> AsyncIterator[Wire]:
    server = urlsplit(module_database_url)
    async with Wire(("127.0.0.1", 0), (str(server.hostname), int(server.port or 0))).open() as wire:
        yield wire


@pytest.fixture
def wired_url(wire: Wire, module_database_url: str) -> str:
    port = urlsplit(module_database_url).port
    return module_database_url.replace(f":{port}/", f":{wire.at[1]}/")  # type: ignore[index]


async def test_a_transaction_on_a_silent_server_ends(wire: Wire, wired_url: str) -> None:
    database = Database(wired_url, pool_size=2)
    await database.ping()
    wire.stopped = True
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    assert time.monotonic() - began < BOUND + 5, "the wait, and one for a new connection"
    wire.heal()
    await database.ping()
    await database.close()


async def test_a_statement_in_the_middle_of_which_the_server_falls_silent_ends(wire: Wire, wired_url: str) -> None:
    database = Database(wired_url, pool_size=2)
    began = time.monotonic()
    with pytest.raises(DatabaseUnavailable):  # noqa: PT012
        async with database.transaction() as tx:
            await tx.execute(text("SELECT 1"))
            wire.stopped = True
            await tx.execute(text("SELECT 1"))
    assert time.monotonic() - began < BOUND
    wire.heal()
    await database.close()


async def test_who_asks_how_it_is_does_not_wait(wire: Wire, wired_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """For longer than a look lasts; and one connection is taken by it, however often it is asked."""
    monkeypatch.setattr(watched, "ASK_AFTER", 60.0)
    monkeypatch.setattr(status, "LOOK", 0.2)
    database = Database(wired_url, pool_size=3)
    await database.ping()
    looks = Status(database=database, generations=None, models=_Models(), redis=None, breakers=Breakers())  # type: ignore[arg-type]
    wire.stopped = True
    for _ in range(3):
        began = time.monotonic()
        assert (await looks._postgres()).state == "down"
        assert time.monotonic() - began < 5, "cancelled, it would come back after 10 s"
    assert database._engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    wire.heal()
    await until(lambda: _well(looks), "it is well again", 5.0)
    await database.close()


class _Models:
    def choose(self, _: None) -> SimpleNamespace:
        return SimpleNamespace(config=None)


async def _well(looks: Status) -> bool:
    return (await looks._postgres()).state == "ok"


async def test_a_slow_statement_is_waited_for(wired_url: str) -> None:
    database = Database(wired_url, pool_size=2)
    async with database.transaction() as tx:
        await tx.execute(text("SELECT pg_sleep(1.2)"))
    await database.close()


async def test_who_listens_waits_for_ever(wired_url: str) -> None:
    async with await WatchedConnection.connect(wired_url, autocommit=True) as listening:
        await listening.execute("LISTEN something")

        async def hear() -> str:
            async for notice in listening.notifies():
                return notice.payload
            raise AssertionError("it ends with a notice")

        hearing = asyncio.create_task(hear())
        async with await psycopg.AsyncConnection.connect(wired_url, autocommit=True) as telling:
            await telling.execute("SELECT pg_sleep(0.8)")
            await telling.execute("NOTIFY something, 'heard'")
        assert await asyncio.wait_for(hearing, BOUND) == "heard"


async def test_a_checkpoint_is_not_waited_for_either(wire: Wire, wired_url: str) -> None:
    async with open_saver(wired_url, 1) as saver:
        await saver.drop("a thread")
        wire.stopped = True
        began = time.monotonic()
        await saver.drop("a thread")
        assert time.monotonic() - began < BOUND + 10, "logged, and left to the next run"
        wire.heal()


async def test_who_refuses_is_there(wire: Wire) -> None:
    host, port = wire.at[0], wire.at[1]  # type: ignore[index]
    assert await answers(host, port)
    assert await answers(host, 1), "that nobody listens is an answer too"
    wire.stopped = True
    assert not await answers(host, port)
