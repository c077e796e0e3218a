"""An index that is lost: nobody makes an empty one by asking, words are searched at once, and it is made anew."""

import asyncio

import pytest

from app.jobs.settle import Settler
from app.rebuilding import Rebuild
from graphs.errors import IndexUnavailable
from tests.integration.jobs.support import until
from tests.integration.jobs.world import FACTS, Letters, World, fits, held, kept, memory_of, settled, steps

CELLO = "the cello I play"


async def none_left(world: World) -> bool:
    return await world.unindexed() == 0


async def test_from_the_loss_on_words_are_searched_and_nothing_is_made(world: World) -> None:
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    async with world.process(one) as now:
        assert await now.look()
        await world.lose()
        assert await world.found(now, CELLO) == (FACTS[1], True)
        assert await memory_of(now) == (
            "degraded",
            "The memory index is gone; words alone are searched until it was made anew.",
        )
        new = await world.tell("I keep bees.")
        for each in ([ids[0]], new):
            with pytest.raises(IndexUnavailable):
                await Settler(world.database, now).settle(world.user, each)
        await world.forget(ids[0])
        with pytest.raises(IndexUnavailable):
            await Settler(world.database, now).settle(world.user, [ids[0]])
        assert await world.found(now, CELLO) == (FACTS[1], True)
        assert await world.serving() is None
        assert not await now.look()
        assert now.unfilled
        rebuild = Rebuild(now)
        await rebuild.begin()
        await steps(rebuild)
        await Settler(world.database, now).settle(world.user, new)
        assert await world.found(now, CELLO) == (FACTS[1], False)
        assert await held(now.index, one, world.user) == {*ids[1:], *new}
        assert (await memory_of(now))[0] == "ok"


async def test_who_wrote_before_it_is_made_anew_writes_to_the_new_one(world: World) -> None:
    one = Letters("one", 0)
    await settled(world, one, *FACTS)
    async with world.process(one) as api, world.process(one) as worker:
        assert await api.look()
        before = await api.now()
        await world.lose()
        await worker.look()
        rebuild = Rebuild(worker)
        await rebuild.begin()
        async with world.database.transaction() as tx:
            assert not await api.still(tx, before)
        building = (await world.state()).building
        assert building is not None
        await api.now()
        assert api.live.pair.index is api.handle(building)
        new = await world.tell("I keep bees.")
        await Settler(world.database, api).settle(world.user, new)
        assert await held(api.handle(building), one, world.user) == set(new)
        assert await world.serving() is None


@pytest.mark.usefixtures("looks_often")
async def test_until_a_worker_has_begun_the_index_is_being_opened(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    await settled(world, one, *FACTS)
    began, may_go_on = asyncio.Event(), asyncio.Event()

    class Slow(Rebuild):
        async def begin(self) -> None:
            began.set()
            await may_go_on.wait()
            await super().begin()

    async with there.process(one) as now, kept(now, Slow(now)):
        await began.wait()
        assert now.reached
        assert await memory_of(now) == (
            "degraded",
            "The memory index is being opened; until then words alone are searched.",
        )
        may_go_on.set()
        await until(fits(now))
        assert (await memory_of(now))[0] == "ok"


@pytest.mark.usefixtures("looks_often")
async def test_an_index_that_is_lost_meanwhile_is_made_anew(world: World) -> None:
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    async with world.process(one) as api, world.process(one) as worker:
        rebuild = Rebuild(worker, batch=1)
        async with kept(api, None), kept(worker, rebuild):
            await until(lambda: fits(api)() and fits(worker)())
            one.away = True  # so that it is not done before it was looked at
            await world.lose()
            await until(lambda: api.progress is not None and worker.progress is not None)
            assert (await memory_of(api))[0] == "degraded"
            one.away = False
            await until(lambda: fits(api)() and fits(worker)())
            assert await world.found(api, CELLO) == (FACTS[1], False)
            assert await held(worker.index, one, world.user) == set(ids)
            await until(lambda: none_left(world))  # it serves first, and then settles what came in meanwhile


@pytest.mark.usefixtures("looks_often")
async def test_an_index_that_somebody_made_again_does_not_pass_for_full(world: World) -> None:
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    lost = await world.serving()
    await world.lose()
    async with world.process(one) as now:
        assert await now.index.prepare()
        assert await now.index.serving() not in (None, lost)
        assert not await now.look()
        assert await world.found(now, CELLO) == (FACTS[1], True)
        async with kept(now, Rebuild(now)):
            await until(fits(now))
        assert await held(now.index, one, world.user) == set(ids)
