"""Clients of events: one that does not keep up is let go, and what works is told when it changes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import pytest

from app import listening
from app.background import background
from app.db.engine import Database
from app.listening import QUEUE, Listener, Listening
from app.status import Dependency, Status


async def test_one_that_does_not_keep_up_is_let_go() -> None:
    listener = Listener()
    for number in range(QUEUE):
        listener.give(b"%d" % number)
    assert not listener.closed
    listener.give(b"one too many")
    assert listener.closed
    listener.give(b"and another")
    assert await listener.waiting.get() is None
    assert listener.waiting.empty()


class World:
    """What works."""

    def __init__(self) -> None:
        self.found = {"postgres": Dependency("ok"), "memory": Dependency("ok")}
        self.looks = 0

    async def look(self) -> dict[str, Dependency]:
        self.looks += 1
        return dict(self.found)


async def test_what_works_is_told_when_it_changes_and_looked_at_while_anyone_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "LOOK", 0.01)
    world = World()
    made = Listening(url="", database=cast("Database", None), status=cast("Status", cast("Any", world)))
    async with background(made.watch(), name="watch"):
        await asyncio.sleep(0.05)
        assert world.looks == 0
        stream = made.follow(uuid4())
        assert (await anext(stream)).startswith(b"event: hello\n")
        first = await asyncio.wait_for(anext(stream), 5)
        assert first.startswith(b'event: status\ndata: {"status":"ok"')
        before = world.looks
        while world.looks < before + 3:
            await asyncio.sleep(0.01)
        world.found["memory"] = Dependency("degraded", "it is away")
        changed = await asyncio.wait_for(anext(stream), 5)
        assert b'"status":"degraded"' in changed
        assert b"it is away" in changed
        late = made.follow(uuid4())
        await anext(late)
        assert await anext(late) == changed, "who comes later is told at once"
        await cast("Any", stream).aclose()
        await cast("Any", late).aclose()
        await asyncio.sleep(0.05)
        before = world.looks
        await asyncio.sleep(0.05)
        assert world.looks <= before + 1


async def test_it_ends_with_the_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Listening(url="", database=cast("Database", None), status=cast("Status", cast("Any", World())))
    stream = made.follow(uuid4(), datetime.now(UTC) + timedelta(seconds=0.2))
    assert (await anext(stream)).startswith(b"event: hello\n")
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(stream), 5)
    ended = made.follow(uuid4(), datetime.now(UTC) - timedelta(seconds=1))
    async with asyncio.timeout(5):
        assert len([event async for event in ended]) <= 1
    # No credential lasts longer than a day without being shown again.
    monkeypatch.setattr(listening, "LONGEST", 0.1)
    endless = made.follow(uuid4())
    await anext(endless)
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(endless), 5)
