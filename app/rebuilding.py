"""Making the memory index anew beside the one that serves: for another embedder, in another place, where it was lost,
or on demand.

    begin    a new, empty generation; from here on what is forgotten goes out of it too
    fill     all memories in the order of their ids, some at a time; the place is kept in the rows
    catch up what the serving generation took meanwhile, until that is little
    swap     the alias and the rows, with what is left to be indexed again, while nobody notes what the index took
    drop     the generation that served before, and what is left in other places

Each step can be done any number of times; a killed process is followed by the next one that finds the row.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.index_state import IndexStates
from app.db.indexing import Indexing
from app.db.models import IndexState
from app.generations import Generations
from app.jobs.settle import Settler
from graphs.errors import IndexGone, IndexUnavailable
from graphs.memory.writer import MemoryWriter

log = structlog.get_logger(__name__)

BATCH = 64
"""Memories at a time: what a kill has done again, and some seconds of a slow embedder."""
SLACK = timedelta(minutes=1)
"""Longest transaction that notes what the index took, by whose beginning that is dated."""
LITTLE = 256
"""What is caught up with in one go before the swap."""
PASSES = 10
"""Tries to get down to that; then it is swapped anyway, and the rest is missing for some seconds."""


class Rebuild:
    """Fills and swaps generations, a batch at a time. Any number of processes may have one."""

    def __init__(self, generations: Generations, *, batch: int = BATCH) -> None:
        self._generations = generations
        self._database = generations.database
        self._index = generations.index
        self._batch = batch
        self._me = uuid4()
        self._passes = 0
        self._told: set[str] = set()

    async def begin(self) -> None:
        """Have a new generation filled, unless one for this embedder is being filled already; from here on memories go
        to this place. Raises `IndexUnavailable`."""
        wanted = self._generations.embedder.name
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            await states.without_writers()
            state = await states.hold()
            if state.chosen and state.building is not None and state.building_embedder == wanted:
                return
            await states.choose(state)
            await self._anew(tx, state)
        log.info("the index is made anew", place=state.place, embedder=wanted, memories=state.total)
        await self._generations.look()

    async def _anew(self, tx: AsyncSession, state: IndexState) -> None:
        state.former = await self._index.serving()
        if state.complete and state.serving is not None and state.serving != state.former:
            log.warning("the index was lost, or is at another address", place=state.place, was=state.serving)
            state.complete = False
        state.building, state.building_embedder = await self._index.begin(), self._generations.embedder.name
        state.epoch += 1  # Who wrote before is to look what it writes to, and what to forget in beside it.
        state.position = state.batch = state.builder = state.builder_until = None
        state.processed, state.total = 0, await Indexing(tx).count()
        state.caught_up_at = await IndexStates(tx, state.place).now()

    async def give_up(self) -> None:
        """Drop what is being filled for another embedder, where what serves is what is asked for."""
        wanted = self._generations.embedder.name
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            await states.without_writers()
            state = await states.hold()
            if not state.complete or state.building is None or state.building_embedder == wanted:
                return
            await self._index.drop(state.building)
            log.info("the index is not made anew after all", embedder=state.building_embedder, serves=wanted)
            state.building = state.building_embedder = state.batch = state.position = None
        await self._generations.look()

    async def step(self) -> bool:
        """One batch, or one of the other steps; whether there is more for this process to do at once. Raises
        `IndexUnavailable` and `DatabaseUnavailable`; try again."""
        state = await self._claim()
        if state is None or state.building is None or state.caught_up_at is None:
            return False
        try:
            return await self._fill(state, state.building, state.caught_up_at)
        except IndexGone:
            return await self._again(state.building)

    async def _again(self, generation: str) -> bool:
        """After a generation was gone that we were filling: begin anew, if it was lost rather than given up."""
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            await states.without_writers()
            state = await states.hold()
            if not state.chosen or state.building != generation:
                return False
            await self._anew(tx, state)
        log.warning("what was being filled was lost; the index is made anew", place=state.place, was=generation)
        await self._generations.look()
        return False

    async def _fill(self, state: IndexState, building: str, caught_up_at: datetime) -> bool:
        into = self._generations.handle(building)
        settler = Settler(
            self._database, MemoryWriter(self._generations.embedder, into, self._generations.sentences), mark=False
        )
        if state.batch is not None:
            await _settle(settler, {UUID(user): list(map(UUID, ids)) for user, ids in state.batch.items()})
        async with self._database.transaction() as tx:
            page = await Indexing(tx).page(state.position, self._batch)
        if not page:
            return await self._catch_up(settler, building, caught_up_at - SLACK)
        await self._put(settler, building, page)
        async with self._changing(building) as held:
            held.position = page[-1][1]
            held.processed += len(page)
            held.total = max(held.total, held.processed)
        return True

    async def _claim(self) -> IndexState | None:
        """The state, if there is something that this process is to do; drops what a finished one left."""
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            state = await states.read()
            if state is None or not state.chosen:
                return None
            if state.building_embedder not in (None, self._generations.embedder.name):
                return None
            if state.building is not None:
                return await states.claim(state.building, self._me)
        await self._drop_former(state)
        await self._leave_others()
        return None

    async def _put(self, settler: Settler, generation: str, page: list[tuple[UUID, UUID]]) -> None:
        """Put memories in, noted before: the next process must look at what a killed one may have put there."""
        ids = _by_user(page)
        async with self._changing(generation) as held:
            held.batch = {str(user): list(map(str, each)) for user, each in ids.items()}
        await _settle(settler, ids)

    async def _catch_up(self, settler: Settler, generation: str, since: datetime) -> bool:
        async with self._database.transaction() as tx:
            began = await IndexStates(tx, self._generations.place).now()
            taken = await Indexing(tx).taken_since(since)
        for at in range(0, len(taken), self._batch):
            await self._put(settler, generation, taken[at : at + self._batch])
            async with self._database.transaction() as tx:
                if await IndexStates(tx, self._generations.place).claim(generation, self._me) is None:
                    return False
        self._passes += 1
        if len(taken) > LITTLE and self._passes < PASSES:
            async with self._changing(generation) as held:
                held.caught_up_at = began
            return True
        await self._swap(generation, since)
        return False

    async def _swap(self, generation: str, since: datetime) -> None:
        into = self._generations.handle(generation)
        await into.flush()
        await into.count()  # It may have been lost since the last memory went in.
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            await states.without_writers()
            state = await states.hold()
            if not state.chosen or state.building != generation:
                return
            # One that was given up never serves, since it is given up by who holds the row. Killed right after this
            # line, we leave an alias on what is still being built by the row: the next one does both again.
            await self._index.serve(generation)
            state.epoch += 1
            state.complete, state.serving = True, generation
            state.embedder, state.setting = self._generations.embedder.name, self._generations.setting
            state.building = state.building_embedder = state.batch = state.position = None
            left = await Indexing(tx).taken_since(since)
            await Indexing(tx).expect_since(since)
        log.info("the index was made anew", embedder=self._generations.embedder.name, memories=state.processed)
        self._passes = 0
        await self._generations.look()
        await self._drop_former(state)
        await _settle(Settler(self._database, self._generations), _by_user(left))

    async def _drop_former(self, state: IndexState) -> None:
        former = state.former
        if former is None:
            return
        if former != await self._index.serving():
            await self._index.drop(former)
        await self._generations.sentences.keep_only(self._generations.embedder.name)
        async with self._database.transaction() as tx:
            held = await IndexStates(tx, self._generations.place).hold()
            if held.building is None and held.former == former:
                held.former = None

    async def _leave_others(self) -> None:
        """Drop what is left in places that memories went to before, once this one has them all. What was forgotten
        since would stay there, and nobody would ask for it. Not along with the swap: processes that are still there
        see some seconds later that they are not to ask there any more."""
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            state = await states.read()
            others = await states.others() if state is not None and state.chosen and state.complete else []
        for other in others:
            if other.place not in self._told:
                await self._leave(other)

    async def _leave(self, other: IndexState) -> None:
        index = self._generations.other(other.place)
        if index is None:
            self._tell(other, "the settings do not say where it is")
            return
        try:
            noted = {name for name in (other.serving, other.building, other.former) if name}
            serving = await index.serving() if other.serving is None else None
            found = await index.leave(noted)
        except IndexUnavailable as error:
            self._tell(other, str(error))
            return
        finally:
            await index.close()
        if serving is not None and serving not in noted:
            self._tell(other, f"{serving} serves there, and it was never noted that it is this installation's")
            return
        if other.serving is not None and other.serving not in found:
            self._tell(other, f"{other.serving} is not where the settings point; what was noted of it is dropped")
        async with self._database.transaction() as tx:
            await IndexStates(tx, self._generations.place).leave(other)
        log.info("a place that memories went to before was left", place=other.place, dropped=sorted(found))

    def _tell(self, other: IndexState, reason: str) -> None:
        self._told.add(other.place)
        log.warning(
            "memories are left in an index that is not used any more; remove it by hand, those forgotten since too",
            place=other.place,
            reason=reason,
        )

    @asynccontextmanager
    async def _changing(self, generation: str) -> AsyncIterator[IndexState]:
        """The state, to be changed, if that generation is still the one that is built. Raises `IndexGone`."""
        async with self._database.transaction() as tx:
            held = await IndexStates(tx, self._generations.place).hold()
            if held.building != generation:
                raise IndexGone(f"{generation} is not built any more")
            yield held


async def _settle(settler: Settler, ids: dict[UUID, list[UUID]]) -> None:
    for user_id, of_user in ids.items():
        await settler.settle_all(user_id, of_user)


def _by_user(pairs: list[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for user_id, memory_id in pairs:
        found.setdefault(user_id, []).append(memory_id)
    return found
