"""When written rows are settled."""

import asyncio

from graphs.errors import IndexUnavailable
from graphs.memory.flushing import Flusher

LONG = 3600.0


class Engine:
    """Counts how often it was told to settle."""

    def __init__(self, rows: int, after: float) -> None:
        self.flushes = 0
        self.away = False
        self.flusher = Flusher(rows, after, self.flush)

    async def flush(self) -> None:
        self.flushes += 1
        if self.away:
            raise IndexUnavailable("away, as the test wants it")
        self.flusher.settled()


async def test_the_first_write_is_settled_with_it_and_those_that_follow_soon_wait() -> None:
    engine = Engine(rows=1000, after=LONG)
    await engine.flusher.wrote(2)
    assert engine.flushes == 1
    for _ in range(10):
        await engine.flusher.wrote(2)
    assert engine.flushes == 1
    await engine.flusher.close()


async def test_many_rows_are_settled_at_once() -> None:
    engine = Engine(rows=64, after=LONG)
    for _ in range(1 + 2 * 64):
        await engine.flusher.wrote(1)
    assert engine.flushes == 3
    await engine.flusher.close()


async def test_a_write_settles_those_before_it_once_the_last_flush_is_long_ago() -> None:
    engine = Engine(rows=1000, after=0.05)
    await engine.flusher.wrote(2)
    await asyncio.sleep(0.1)
    await engine.flusher.wrote(2)
    assert engine.flushes == 2
    await engine.flusher.close()


async def test_what_no_write_follows_is_settled_later() -> None:
    engine = Engine(rows=1000, after=0.05)
    await engine.flusher.wrote(2)
    await engine.flusher.wrote(2)
    assert engine.flushes == 1
    async with asyncio.timeout(5):
        while engine.flushes < 2:
            await asyncio.sleep(0.01)
    await engine.flusher.close()


async def test_a_write_does_not_fail_with_its_flush_which_is_tried_again() -> None:
    engine = Engine(rows=1000, after=0.05)
    engine.away = True
    await engine.flusher.wrote(2)
    assert engine.flushes == 1
    async with asyncio.timeout(5):
        while engine.flushes < 3:
            await asyncio.sleep(0.01)
        engine.away = False
        flushes = engine.flushes
        while engine.flushes == flushes:
            await asyncio.sleep(0.01)
    await engine.flusher.close()


async def test_writes_during_a_flush_do_not_queue_behind_it() -> None:
    engine = Engine(rows=1000, after=LONG)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        engine.flushes += 1
        begun.set()
        await go_on.wait()
        engine.flusher.settled()

    engine.flusher = Flusher(1000, LONG, slow)
    first = asyncio.create_task(engine.flusher.wrote(2))
    await begun.wait()
    await asyncio.wait_for(engine.flusher.wrote(2), 5)
    assert engine.flushes == 1
    go_on.set()
    await first
    await engine.flusher.close()
