"""Memories that were indexed elsewhere: words are searched until there is a full index, and nothing is left behind."""

import asyncio

import pytest
from sqlalchemy import text

from app.cli.reindex import remake
from app.db.engine import Database
from app.db.migrate import upgrade
from app.jobs.settle import Settler
from app.rebuilding import Rebuild
from graphs.errors import IndexUnavailable
from tests.integration.jobs.support import until
from tests.integration.jobs.world import FACTS, Letters, World, fits, held, kept, memory_of, settled, steps
from tests.support.embedded import new_database

CELLO = "the cello I play"


async def test_the_first_start_has_nothing_to_make(world: World) -> None:
    one = Letters("one", 0)
    async with world.process(one) as api, world.process(one) as worker:
        assert await memory_of(api) == (
            "degraded",
            "The memory index is being opened; until then words alone are searched.",
        )
        assert await api.look()
        assert await worker.look()
        assert (await memory_of(api))[0] == "ok"
        ids = await world.tell(*FACTS)
        await Settler(world.database, worker).settle(world.user, ids)
        assert await api.look()
        assert await world.found(api, CELLO) == (FACTS[1], False)
        assert (await world.state()).epoch == 1


async def test_another_engine_is_filled_before_it_is_asked_and_the_former_is_left(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    async with there.process(one) as now:
        rebuild = Rebuild(now, batch=2)
        assert not await now.look()
        assert await world.found(now, CELLO) == (FACTS[1], True)
        await rebuild.begin()
        assert await rebuild.step()
        assert not await now.look()
        assert await world.found(now, CELLO) == (FACTS[1], True)
        state, detail = await memory_of(now)
        assert state == "degraded"
        assert "2 of 4" in detail
        assert await world.serving() is not None
        new = await world.tell("I keep bees.")
        await Settler(world.database, now).settle(world.user, new)
        await steps(rebuild)
        assert await world.found(now, CELLO) == (FACTS[1], False)
        assert (await memory_of(now))[0] == "ok"
        assert await held(now.index, one, world.user) == {*ids, *new}
        assert not await rebuild.step()
    assert await world.unindexed() == 0
    assert await world.serving() is None
    assert await world.places() == {there.name: True}


async def test_going_back_to_a_former_engine_brings_nothing_back(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    former = await world.serving()
    assert former is not None
    world.known.pop(world.name)  # it cannot be reached while we are there
    async with there.process(one) as now:
        rebuild = Rebuild(now)
        await rebuild.begin()
        await steps(rebuild)
        await world.forget(ids[0])
        new = await world.tell("I keep bees.")
        await Settler(world.database, now).settle(world.user, [ids[0], *new])
        assert not await rebuild.step()
        assert await world.places() == {world.name: False, there.name: True}
    async with world.process(one) as back:
        assert await back.index.serving() == former
        assert not await back.look()
        assert await world.found(back, "which bees do I keep") == ("I keep bees.", True)
        rebuild = Rebuild(back)
        await rebuild.begin()
        await steps(rebuild)
        assert await world.found(back, "which bees do I keep") == ("I keep bees.", False)
        assert await held(back.index, one, world.user) == {*ids[1:], *new}
        with pytest.raises(IndexUnavailable):
            await back.handle(former).count()
        assert not await rebuild.step()
    assert await there.serving() is None
    assert await world.places() == {world.name: True}


async def test_a_place_whose_index_is_not_the_noted_one_is_left_alone(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    await settled(world, one, *FACTS)
    serving = await world.serving()
    async with world.database.transaction() as tx:
        await tx.execute(text("UPDATE index_state SET serving = 'of another installation'"))
    async with there.process(one) as now:
        await now.look()
        rebuild = Rebuild(now)
        await rebuild.begin()
        await steps(rebuild)
        assert not await rebuild.step()
        assert await world.places() == {there.name: True}
    assert await world.serving() == serving


async def test_what_serves_there_and_was_never_noted_is_left_alone(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    await settled(world, one, *FACTS)
    serving = await world.serving()
    async with world.database.transaction() as tx:
        await tx.execute(text("UPDATE index_state SET serving = NULL"))
    async with there.process(one) as now:
        await now.look()
        rebuild = Rebuild(now)
        await rebuild.begin()
        await steps(rebuild)
        assert not await rebuild.step()
        assert await world.places() == {world.name: False, there.name: True}, "a worker says so again at its start"
        assert await world.serving() == serving
        await world.lose()
        assert not await Rebuild(now).step()
        assert await world.places() == {there.name: True}


async def test_what_is_lost_while_it_is_filled_is_begun_anew(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    async with there.process(one) as now:
        rebuild = Rebuild(now, batch=2)
        await rebuild.begin()
        await rebuild.step()
        building = (await there.state()).building
        assert building is not None
        await now.index.drop(building)
        assert not await rebuild.step()
        assert (await there.state()).building not in (None, building)
        await steps(rebuild)
        assert (await there.state()).serving != building
        assert await now.look()
        assert await held(now.index, one, world.user) == set(ids)


async def test_a_killed_move_is_gone_on_with(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    async with there.process(one) as killed:
        rebuild = Rebuild(killed, batch=2)
        await rebuild.begin()
        await rebuild.step()
        building = (await there.state()).building
        assert building is not None
    async with there.database.transaction() as tx:
        await tx.execute(text("UPDATE index_state SET builder_until = now()"))
    async with there.process(one) as now:
        assert not await now.look()
        rebuild = Rebuild(now, batch=2)
        await rebuild.begin()
        assert (await there.state()).processed == 2
        await steps(rebuild)
        assert (await there.state()).serving == building
        assert await held(now.index, one, world.user) == set(ids)


@pytest.mark.usefixtures("looks_often")
async def test_who_is_at_the_former_place_neither_writes_nor_decides(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    async with world.process(one) as old, there.process(one) as new:
        async with kept(old, Rebuild(old)):
            await until(fits(old))
            target = await old.now()
            await new.look()
            rebuild = Rebuild(new, batch=2)
            await rebuild.begin()
            async with world.database.transaction() as tx:
                assert not await old.still(tx, target)
            late = await world.tell("I keep bees.")
            await world.forget(ids[0])
            with pytest.raises(IndexUnavailable):
                await Settler(world.database, old).settle(world.user, [*late, ids[0]])
            assert await world.unindexed() == 1
            await until(lambda: old.elsewhere == there.name)
            assert await world.found(old, CELLO) == (FACTS[1], True)
            await steps(rebuild)
            await Settler(world.database, new).settle(world.user, [*late, ids[0]])
            assert not await rebuild.step()
            await until(lambda: old.reached is True and old.elsewhere == there.name)
            assert await memory_of(old) == (
                "degraded",
                "Memories are in another index than this one; words alone are searched.",
            )
        assert await held(new.index, one, world.user) == {*ids[1:], *late}
    assert await world.serving() is None, "it is not made again by who looks there"
    assert await world.places() == {there.name: True}


@pytest.mark.usefixtures("looks_often")
async def test_who_does_no_jobs_follows(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    await settled(world, one, *FACTS)
    async with there.process(one) as api, kept(api, None):
        await until(lambda: api.reached is True)
        assert await world.found(api, CELLO) == (FACTS[1], True)
        assert (await memory_of(api))[0] == "degraded"
        assert await there.serving() is None
        assert await world.places() == {world.name: True}
        async with there.process(one) as worker, kept(worker, Rebuild(worker)):
            await until(fits(api))
        assert await world.found(api, CELLO) == (FACTS[1], False)


async def test_reindex_goes_over_too(world: World) -> None:
    one, there = Letters("one", 0), world.elsewhere()
    ids = await settled(world, one, *FACTS)
    async with there.process(one) as now:
        assert await remake(now, lambda done, total: None) == 4
        assert await now.look()
        assert await held(now.index, one, world.user) == set(ids)
        assert not await Rebuild(now).step()
    assert await world.serving() is None


async def test_an_installation_of_before_takes_what_serves(world: World) -> None:
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    serving = await world.serving()
    async with world.database.transaction() as tx:
        await tx.execute(text("UPDATE index_state SET serving = NULL"))
    async with world.process(one) as now:
        assert await now.look()
        assert (await world.state()).serving == serving
        assert await held(now.index, one, world.user) == set(ids)


async def test_an_installation_of_before_whose_index_is_gone_is_filled(world: World) -> None:
    one = Letters("one", 0)
    await settled(world, one, *FACTS)
    await world.lose()
    async with world.database.transaction() as tx:
        await tx.execute(text("UPDATE index_state SET serving = NULL"))
    async with world.process(one) as now:
        assert not await now.look()
        assert now.unfilled
        assert await world.found(now, CELLO) == (FACTS[1], True)


async def test_rows_without_any_place_are_indexed_anew(world: World) -> None:
    """As after an upgrade where several places had been in use, or rows were restored."""
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    async with world.database.transaction() as tx:
        await tx.execute(text("DELETE FROM index_state"))
    async with world.process(one) as now:
        assert not await now.look()
        with pytest.raises(IndexUnavailable):
            await Settler(world.database, now).settle(world.user, ids)
        rebuild = Rebuild(now)
        await rebuild.begin()
        await steps(rebuild)
        assert await now.look()
        assert await held(now.index, one, world.user) == set(ids)


@pytest.mark.parametrize(
    ("places", "chosen"), [([], []), (["milvus a"], ["milvus a"]), (["milvus a", "pgvector b"], [])]
)
async def test_the_upgrade_goes_on_with_the_only_place(postgres_url: str, places: list[str], chosen: list[str]) -> None:
    async with new_database(postgres_url) as url:
        await asyncio.to_thread(upgrade, url, "0008")
        database = Database(url, 2)
        try:
            async with database.transaction() as tx:
                for place in places:
                    await tx.execute(
                        text("INSERT INTO index_state (place, embedder) VALUES (:place, 'one')"), {"place": place}
                    )
            await asyncio.to_thread(upgrade, url)
            async with database.transaction() as tx:
                found = await tx.execute(text("SELECT place FROM index_state WHERE chosen AND complete"))
                assert [row.place for row in found] == chosen
        finally:
            await database.close()
