"""Making the memory index anew beside the one that serves: for another embedder, or on demand.

    begin    a new, empty generation; from here on what is forgotten goes out of it too
    fill     all memories in the order of their ids, some at a time; the place is kept in the rows
    catch up what the serving generation took meanwhile, until that is little
    swap     the alias, then the rows in one transaction with what is left to be indexed again
    drop     the generation that served before

Each step can be done any number of times; a killed process is followed by the next one that finds the row.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import structlog

from app.db.index_state import IndexStates
from app.db.indexing import Indexing
from app.db.models import IndexState
from app.generations import Generations
from app.jobs.settle import Settler
from graphs.errors import IndexGone
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

    async def begin(self) -> None:
        """Have a new generation filled, unless one for this embedder is being filled already. Raises
        `IndexUnavailable`."""
        wanted = self._generations.embedder.name
        async with self._database.transaction() as tx:
            state = await IndexStates(tx, self._generations.place).hold()
            if state.building is not None and state.building_embedder == wanted:
                return
            state.former = await self._index.serving()
            state.building, state.building_embedder = await self._index.begin(), wanted
            state.position = state.batch = state.builder = state.builder_until = None
            state.processed, state.total = 0, await Indexing(tx).count()
            state.caught_up_at = await IndexStates(tx, self._generations.place).now()
        log.info("the index is made anew", embedder=wanted, memories=state.total)
        await self._generations.look()

    async def step(self) -> bool:
        """One batch, or one of the other steps; whether there is more for this process to do at once. Raises
        `IndexUnavailable` and `DatabaseUnavailable`; try again."""
        state = await self._claim()
        if state is None or state.building is None or state.caught_up_at is None:
            return False
        into = self._generations.handle(state.building)
        settler = Settler(
            self._database, MemoryWriter(self._generations.embedder, into, self._generations.sentences), mark=False
        )
        if state.batch is not None:
            await _settle(settler, {UUID(user): list(map(UUID, ids)) for user, ids in state.batch.items()})
        async with self._database.transaction() as tx:
            page = await Indexing(tx).page(state.position, self._batch)
        if not page:
            return await self._catch_up(settler, state.building, state.caught_up_at - SLACK)
        await self._put(settler, state.building, page)
        async with self._changing(state.building) as held:
            held.position = page[-1][1]
            held.processed += len(page)
            held.total = max(held.total, held.processed)
        return True

    async def _claim(self) -> IndexState | None:
        """The state, if there is something that this process is to do; drops what a finished one left."""
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            state = await states.read()
            if state is None or state.building_embedder not in (None, self._generations.embedder.name):
                return None
            if state.building is not None:
                return await states.claim(state.building, self._me)
        await self._drop_former(state)
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
        await self._generations.handle(generation).flush()
        await self._index.serve(generation)
        async with self._database.transaction() as tx:
            states = IndexStates(tx, self._generations.place)
            await states.without_writers()
            state = await states.hold()
            if state.building != generation:
                return
            state.epoch += 1
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
