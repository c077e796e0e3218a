"""When a sweep comes: some time after a deletion, when nobody is answered; again for what it had to leave."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from app.db.engine import libpq_url
from app.db.runs import Runs
from app.db.sweeping import Sweeping
from app.jobs.sweeping import SweepTasks
from graphs.errors import IndexUnavailable
from tests.integration.jobs.support import Service


class Flushed:
    """Counts the times that the index was told to settle."""

    def __init__(self) -> None:
        self.times = 0
        self.away = False

    async def __call__(self) -> None:
        if self.away:
            raise IndexUnavailable("away, as the test wants it")
        self.times += 1


@pytest.fixture
def flushed() -> Flushed:
    return Flushed()


@pytest.fixture
async def tasks(parts: Service, migrated_url: str, flushed: Flushed) -> AsyncIterator[SweepTasks]:
    yield SweepTasks(parts.database, parts.queue, libpq_url(migrated_url), flushed, timedelta(minutes=10))
    async with parts.database.transaction() as tx:
        await tx.execute(text("DELETE FROM unswept"))


async def deleted(parts: Service, minutes_ago: int) -> None:
    async with parts.database.transaction() as tx:
        await tx.execute(text("DELETE FROM unswept"))
        await Sweeping(tx).want()
        await tx.execute(text("UPDATE unswept SET at = at - make_interval(mins => :n)"), {"n": minutes_ago})


async def waiting(parts: Service) -> int:
    async with parts.database.transaction() as tx:
        return int(await tx.scalar(text("SELECT count(*) FROM unswept")) or 0)


async def place(parts: Service) -> int:
    """Changes when the table is written anew."""
    async with parts.database.transaction() as tx:
        return int(await tx.scalar(text("SELECT pg_relation_filenode('messages')")) or 0)


async def test_it_comes_some_time_after_a_deletion(parts: Service, tasks: SweepTasks, flushed: Flushed) -> None:
    was = await place(parts)
    await deleted(parts, 9)
    await tasks.sweep_files(0)
    assert (await place(parts), await waiting(parts), flushed.times) == (was, 1, 0)

    await deleted(parts, 11)
    await tasks.sweep_files(0)
    assert await place(parts) != was
    assert (await waiting(parts), flushed.times) == (0, 1)

    was = await place(parts)
    await tasks.sweep_files(0)
    assert await place(parts) == was, "nothing was deleted since"


async def test_it_waits_for_a_turn_to_end_and_for_the_index(
    parts: Service, tasks: SweepTasks, flushed: Flushed
) -> None:
    session = await parts.new_session()
    [message] = await parts.say(session, "Tea, please.", remember=False)
    was = await place(parts)
    await deleted(parts, 11)
    async with parts.database.transaction() as tx:
        run: UUID = (await Runs(tx).start(parts.user, session, message, owner="a process")).id
    await tasks.sweep_files(0)
    assert await place(parts) == was
    async with parts.database.transaction() as tx:
        await Runs(tx).finish(run, "a process", "done")
    flushed.away = True
    await tasks.sweep_files(0)
    assert (await place(parts), await waiting(parts)) == (was, 1)
    flushed.away = False
    await tasks.sweep_files(0)
    assert await place(parts) != was


async def test_what_was_held_is_swept_later(parts: Service, tasks: SweepTasks) -> None:
    await deleted(parts, 11)
    async with parts.database.transaction() as tx:
        await tx.execute(text("LOCK TABLE messages IN ACCESS SHARE MODE"))
        await tasks.sweep_files(0)
    assert await waiting(parts) == 1
    was = await place(parts)
    await tasks.sweep_files(0)
    assert await place(parts) == was, "put off, not tried again at once"
