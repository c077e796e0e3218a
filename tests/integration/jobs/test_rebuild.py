"""The index made anew for another embedder while questions, messages and deletions go on, and after kills."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from sqlalchemy import text

from app.background import end
from app.cli.reindex import remake
from app.db.memories import Memories
from app.generations import Generations
from app.indexing import keep_index
from app.jobs.settle import Settler
from app.rebuilding import Rebuild
from graphs.errors import IndexUnavailable
from graphs.memory.e5 import E5
from graphs.memory.index import IndexFilter, IndexQuery
from graphs.memory.minilm import MiniLM
from graphs.memory.records import Memory, MemoryKind
from tests.integration.jobs.support import until
from tests.integration.jobs.world import FACTS, NOW, Letters, World, held, settled, steps
from tests.support.embedded import MiniLm


async def test_another_embedder_takes_over_while_questions_go_on(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        former = await now.index.serving()
        rebuild = Rebuild(now, batch=2)
        assert not await now.look()
        assert now.live.embedder.name == "one"
        assert await world.found(now, "the cello I play") == (FACTS[1], False)
        await rebuild.begin()
        assert await rebuild.step()
        await now.look()
        assert now.progress is not None
        assert (now.progress.processed, now.progress.total, now.progress.recalled) == (2, 4, True)
        assert await world.found(now, "the cello I play") == (FACTS[1], False)
        await steps(rebuild)
        assert now.live.embedder.name == "two"
        assert now.progress is None
        assert await world.found(now, "the cello I play") == (FACTS[1], False)
        assert await held(now.index, two, world.user) == set(ids)
        assert former is not None
        with pytest.raises(IndexUnavailable):
            await now.index.generation(former, embedder="one").count()
        state = await world.state()
        assert (state.embedder, state.building, state.former, state.epoch) == ("two", None, None, 3)
        assert await world.unindexed() == 0


async def test_what_is_said_and_forgotten_meanwhile_is_right_after_it(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        await now.look()
        rebuild, settler = Rebuild(now, batch=1), Settler(world.database, now)
        await rebuild.begin()
        await rebuild.step()
        await rebuild.step()
        new = await world.tell("I keep bees.")
        await settler.settle(world.user, new)
        assert await world.found(now, "which bees do I keep") == ("I keep bees.", False)
        # One that was copied already, and one that was not.
        await world.forget(ids[0], ids[3])
        await settler.settle(world.user, [ids[0], ids[3]])
        # An id that sorts before all that were copied.
        early = UUID(int=1 + world.user.int % 1000)
        async with world.database.transaction() as tx:
            memory = Memory(
                id=early, user_id=world.user, kind=MemoryKind.FACT, text="I swim on Mondays.", created_at=NOW
            )
            await Memories(tx).add_many(world.user, [memory])
        await settler.settle(world.user, [early])
        await steps(rebuild)
        assert await held(now.index, two, world.user) == {ids[1], ids[2], *new, early}
        assert await world.unindexed() == 0


async def test_when_it_takes_over_it_holds_what_was_said_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        await now.look()
        rebuild = Rebuild(now, batch=8)
        await rebuild.begin()
        await rebuild.step()
        # A new one whose id sorts before all that were copied.
        early = UUID(int=2 + world.user.int % 1000)
        async with world.database.transaction() as tx:
            memory = Memory(
                id=early, user_id=world.user, kind=MemoryKind.FACT, text="I swim on Mondays.", created_at=NOW
            )
            await Memories(tx).add_many(world.user, [memory])
        await Settler(world.database, now).settle(world.user, [early])
        serve = now.index.serve
        at_swap: set[UUID] = set()

        async def watched(name: str) -> None:
            at_swap.update(await held(now.handle(name), two, world.user))
            await serve(name)

        monkeypatch.setattr(now.index, "serve", watched)
        await steps(rebuild)
        assert at_swap == {*ids, early}


async def test_a_killed_rebuild_is_gone_on_with_and_leaves_nothing_forgotten(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as killed:
        await killed.look()
        rebuild = Rebuild(killed, batch=2)
        await rebuild.begin()
        await rebuild.step()
        building = (await world.state()).building
        assert building is not None
        # It dies after it has put a batch in and before it looks again; one of these is forgotten meanwhile.
        await rebuild._put(_Dying(killed), building, [(world.user, ids[2]), (world.user, ids[3])])  # type: ignore[arg-type]
        assert ids[3] in await held(killed.handle(building), two, world.user)
        await world.forget(ids[3])
    async with world.database.transaction() as tx:
        await tx.execute(
            text("UPDATE index_state SET builder_until = now() WHERE place = :place"), {"place": world.name}
        )
    async with world.process(two, one) as next_one:
        await next_one.look()
        again = Rebuild(next_one, batch=2)
        await again.begin()
        assert (await world.state()).building == building
        assert (await world.state()).processed == 2
        await steps(again)
        assert await held(next_one.index, two, world.user) == set(ids[:3])


class _Dying:
    """A settler that writes and never looks again."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations

    async def settle_all(self, user_id: UUID, ids: list[UUID]) -> None:
        state, _ = await self._generations._read()
        assert state is not None
        assert state.building is not None
        async with self._generations.database.transaction() as tx:
            from app.db.indexing import Indexing

            rows = await Indexing(tx).read(user_id, ids)
        from graphs.memory.writer import MemoryWriter

        writer = MemoryWriter(self._generations.embedder, self._generations.handle(state.building))
        await writer.write([memory for memory, _ in rows])


async def test_a_kill_between_the_alias_and_the_rows_is_put_right(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as killed:
        await killed.look()
        rebuild = Rebuild(killed)
        await rebuild.begin()
        await rebuild.step()
        building = (await world.state()).building
        assert building is not None
        await killed.index.serve(building)
    async with world.database.transaction() as tx:
        await tx.execute(
            text("UPDATE index_state SET builder_until = now() WHERE place = :place"), {"place": world.name}
        )
    async with world.process(two, one) as now:
        assert await now.look()
        await steps(Rebuild(now))
        state = await world.state()
        assert (state.embedder, state.building, state.former, state.epoch) == ("two", None, None, 3)
        assert await held(now.index, two, world.user) == set(ids)


async def test_a_generation_that_was_given_up_does_not_serve(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        await now.look()
        before = await now.index.serving()
        rebuild = Rebuild(now)
        await rebuild.begin()
        building = (await world.state()).building
        assert building is not None
        flush = now.handle(building).flush

        async def given_up_meanwhile() -> None:
            await flush()
            async with world.database.transaction() as tx:
                await tx.execute(
                    text("UPDATE index_state SET building = 'another' WHERE place = :place"), {"place": world.name}
                )

        monkeypatch.setattr(now.handle(building), "flush", given_up_meanwhile)
        assert await rebuild.step()
        assert not await rebuild.step()
        assert await now.index.serving() == before
        assert (await world.state()).embedder == "one"


async def test_what_was_begun_for_another_embedder_is_given_up_by_who_goes_back(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        await now.look()
        await Rebuild(now, batch=2).begin()
        building = (await world.state()).building
    assert building is not None
    async with world.process(one, two) as back:
        keeping = asyncio.create_task(keep_index(back, Rebuild(back)))
        try:
            await until(lambda: not_building(world))
            await until(lambda: back.progress is None)
        finally:
            await end(keeping, again_after=1.0)
        with pytest.raises(IndexUnavailable):
            await back.handle(building).count()
        assert await held(back.index, one, world.user) == set(ids)
        assert (await world.state()).epoch == 2


async def not_building(world: World) -> bool:
    return (await world.state()).building is None


async def test_who_goes_back_does_not_serve_what_was_passed_over(world: World) -> None:
    """Where the former embedder could not be opened, new memories went to the new generation alone."""
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two) as now:
        await now.look()
        await Rebuild(now, batch=1).begin()
        new = await world.tell("I keep bees.")
        await Settler(world.database, now).settle(world.user, new)
    async with world.process(one) as back:
        assert not await back.look()
        assert await world.found(back, "which bees do I keep") == ("I keep bees.", True)
        rebuild = Rebuild(back)
        await rebuild.begin()
        await steps(rebuild)
        assert await world.found(back, "which bees do I keep") == ("I keep bees.", False)
        assert await held(back.index, one, world.user) == {*ids, *new}


async def test_without_the_former_embedder_words_are_searched_until_it_is_done(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    await settled(world, one, *FACTS)
    async with world.process(two) as now:
        await now.look()
        rebuild = Rebuild(now, batch=2)
        await rebuild.begin()
        await rebuild.step()
        await now.look()
        assert now.progress is not None
        assert not now.progress.recalled
        assert await world.found(now, "the cello I play") == (FACTS[1], True)
        new = await world.tell("I keep bees.")
        await Settler(world.database, now).settle(world.user, new)
        await steps(rebuild)
        assert await world.found(now, "the cello I play") == (FACTS[1], False)
        assert await world.found(now, "which bees do I keep") == ("I keep bees.", False)


async def test_a_process_with_the_old_setting_follows_and_does_not_make_it_anew(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    await settled(world, one, *FACTS)
    async with world.process(one, two) as old, world.process(two, one) as new:
        assert await old.look()
        question = await old.live.embedder.embed_query("the cello I play")
        await new.look()
        rebuild = Rebuild(new, batch=2)
        await rebuild.begin()
        await rebuild.step()
        # What the old process takes while the other fills: it knows no more than that something is being filled.
        late = await world.tell("I keep bees.")
        await Settler(world.database, old).settle(world.user, late)
        await steps(rebuild)
        # A question that was embedded before the swap is not answered with the other embedder's vectors.
        with pytest.raises(IndexUnavailable):
            await old.live.index.search(IndexQuery(IndexFilter(world.user), question, None, 5))
        later = await world.tell("My bicycle is red.")
        await Settler(world.database, old).settle(world.user, later)
        assert old.live.embedder.name == "two"
        assert await world.found(old, "which bees do I keep") == ("I keep bees.", False)
        assert await world.found(new, "is my bicycle red") == ("My bicycle is red.", False)
        assert not await Rebuild(old).step()
        assert (await world.state()).embedder == "two"


async def test_an_embedder_that_goes_away_meanwhile_is_waited_for(world: World) -> None:
    one, two = Letters("one", 0), Letters("two", 7)
    ids = await settled(world, one, *FACTS)
    async with world.process(two, one) as now:
        keeping = asyncio.create_task(keep_index(now, Rebuild(now, batch=1)))
        two.away = True
        try:
            async with asyncio.timeout(10):
                while now.progress is None:
                    await asyncio.sleep(0.02)
            assert await world.found(now, "the cello I play") == (FACTS[1], False)
            two.away = False
            async with asyncio.timeout(20):
                while (await world.state()).embedder != "two" or now.progress is not None:
                    await asyncio.sleep(0.05)
        finally:
            keeping.cancel()
            await asyncio.wait({keeping})
        assert await held(now.index, two, world.user) == set(ids)


async def test_reindex_makes_the_same_embedders_index_anew_and_tells_how_far_it_is(world: World) -> None:
    one = Letters("one", 0)
    ids = await settled(world, one, *FACTS)
    told: list[tuple[int, int]] = []
    async with world.process(one) as now:
        await now.look()
        before = await now.index.serving()
        assert await remake(now, lambda done, total: told.append((done, total))) == 4
        assert await now.index.serving() != before
        assert await held(now.index, one, world.user) == set(ids)
    assert told[-1] == (4, 4)


async def test_minilm_to_e5(world: World, minilm_files: MiniLm, e5_file: object) -> None:
    """With the real models: a question in another language finds nothing before and its fact after."""
    minilm, e5 = MiniLM(minilm_files.model, minilm_files.tokenizer), E5(e5_file)  # type: ignore[arg-type]
    await settled(world, minilm, *FACTS)
    async with AsyncExitStack() as stack:
        now = await stack.enter_async_context(world.process(e5, minilm))
        await now.look()
        rebuild = Rebuild(now, batch=2)
        await rebuild.begin()
        await rebuild.step()
        assert await world.found(now, "What is my dog called?") == (FACTS[0], False)
        await steps(rebuild)
        assert await world.found(now, "Wie heißt mein Hund?") == (FACTS[0], False)
        assert await world.found(now, "我会演奏什么乐器") == (FACTS[1], False)
