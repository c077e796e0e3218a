"""Which generation of the memory index serves, as this process sees it, and which one is being filled."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.index_state import IndexStates
from app.db.indexing import Indexing
from app.db.models import IndexState
from app.db.sentences import PostgresSentences
from app.jobs.settle import Target
from graphs.errors import IndexMismatch, IndexUnavailable
from graphs.memory.live import Live, Pair
from graphs.memory.managed import FormerIndex, ManagedIndex
from graphs.memory.metrics import REBUILD
from graphs.memory.ports import Embedder
from graphs.memory.writer import MemoryWriter

log = structlog.get_logger(__name__)

CLOSE_AFTER = 30.0
"""Seconds after which an index that serves no more is let go: questions that began with it have ended."""

Reopen = Callable[[str], Awaitable[Embedder | None]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the next generation is."""

    processed: int
    total: int
    embedder: str
    recalled: bool
    """Whether memories are found by meaning until it is done, since their former embedder could be opened."""


def nowhere(place: str) -> FormerIndex | None:
    """For who can open no other place than its own."""
    del place
    return None


class Generations:
    """Keeps `live` at what serves. Memories always go there, and are forgotten everywhere.

    When what serves was made by another embedder than the one that is asked for, that one is opened beside it, and
    questions and new memories go to the two of them until the new generation is full and takes over. Where nothing
    serves that has all memories - they are indexed in another place, or the index was lost - words alone are searched
    until there is one.
    """

    def __init__(
        self,
        database: Database,
        *,
        place: str,
        embedder: Embedder,
        index: ManagedIndex,
        setting: str,
        reopen: Reopen,
        other: Callable[[str], FormerIndex | None] = nowhere,
    ) -> None:
        """`place` names the index in the database; `setting` is how `embedder` was asked for, and `reopen` opens one
        by such a setting, or gives None. `other` gives the index in another place, to be closed by who asked, or None
        where it cannot be reached."""
        self.database = database
        self.sentences = PostgresSentences(database)
        self.place = place
        self.embedder = embedder
        self.index = index
        self.setting = setting
        self.other = other
        self._reopen = reopen
        self._wanted = Pair(embedder, index)
        self._former: tuple[tuple[str | None, str | None, str | None], Pair | None] | None = None
        self.live = Live(Pair(embedder, index, complete=False))
        self.live.opened.clear()
        self._epoch: int | None = None
        self._handles: dict[str, ManagedIndex] = {}
        self._unused: list[tuple[float, ManagedIndex]] = []
        self._looking = asyncio.Lock()
        self.progress: Progress | None = None
        """As of the last look; None: nothing is being built."""
        self.elsewhere: str | None = None
        """As of the last look: the place that memories go to, if it is not this one."""
        self.reached: bool | None = None
        """Whether the last look reached the index; None: the first has not ended yet."""
        self.deciding = False
        """Whether this process is about to see for the first time whether the index is to be made anew."""
        self.unfilled = False
        """As of the last look: no index has all memories, none is being made that will, and whoever asks for this
        embedder may make one."""

    async def look(self) -> bool:
        """See what serves and go over to it; whether it has all memories, by the embedder that is asked for. Raises
        `IndexUnavailable` and `DatabaseUnavailable`."""
        async with self._looking:
            try:
                fits = await self._look()
            except IndexUnavailable:
                self.reached = False
                raise
            finally:
                self.live.opened.set()
            self.reached = True
            return fits

    async def now(self) -> Target:
        """`app.jobs.settle.Targets`"""
        state, elsewhere = await self._read()
        if self._epoch is None or state is None or state.epoch != self._epoch or elsewhere is not None:
            await self.look()
            state, elsewhere = await self._read()
        if elsewhere is not None:
            raise IndexUnavailable(f"memories go to {elsewhere} now, and not to {self.place}")
        if state is None or not state.chosen or self._epoch is None:
            raise IndexUnavailable(f"a worker has yet to begin with {self.place}")
        if state.epoch != self._epoch:
            raise IndexUnavailable(f"another generation begins in {self.place} at this moment")
        pair, epoch = self.live.pair, self._epoch
        if not pair.complete:
            if state.building is None:
                raise IndexUnavailable(f"nothing in {self.place} has all memories, and it is not being made yet")
            if state.complete:
                await self._passed_over(epoch)
        beside = (self.handle(state.building),) if state.building is not None else ()
        return Target(
            MemoryWriter(pair.embedder, pair.index, self.sentences),
            tuple(index for index in beside if index is not pair.index),
            epoch,
        )

    async def still(self, tx: AsyncSession, target: Target) -> bool:
        """`app.jobs.settle.Targets`"""
        states = IndexStates(tx, self.place)
        await states.among_writers()
        state = await states.read()
        return state is not None and state.chosen and state.epoch == target.epoch

    def handle(self, generation: str) -> ManagedIndex:
        """A generation of the embedder that is asked for."""
        if generation not in self._handles:
            self._handles[generation] = self.index.generation(generation)
        return self._handles[generation]

    async def close(self) -> None:
        """Let go of all but the index that was given."""
        for index in [*self._handles.values(), *(index for _, index in self._unused)]:
            await index.close()
        if self.live.pair.index not in (self.index, *self._handles.values()):
            await self.live.pair.index.close()

    async def _look(self) -> bool:
        state, self.elsewhere = await self._read()
        serving: str | None = None
        fits = False
        if self.elsewhere is None:
            # Nothing is made by looking where memories are already: what was lost must not pass for what is there.
            serving = await self.index.serving()
            state = await self._agree(state, serving)
            if serving is None:
                serving = await self.index.serving()
            fits = state is not None and serves(state, serving) and await self._ours()
        if fits:
            state = await self._note(state)
        chosen = state if state is not None and state.chosen else None
        self.unfilled = self.elsewhere is None and not fits and (chosen is None or self._lacks(chosen))
        self._go_over(await self._choose(chosen, serving, fits=fits), state)
        self._tell(chosen)
        await self._let_go()
        return fits

    async def _read(self) -> tuple[IndexState | None, str | None]:
        """The state of this place, and the chosen one where that is another."""
        async with self.database.transaction() as tx:
            states = IndexStates(tx, self.place)
            return await states.read(), await states.elsewhere()

    def _lacks(self, state: IndexState) -> bool:
        return state.building is None and state.embedder == self.embedder.name

    async def _ours(self) -> bool:
        try:
            await self.index.open()
        except IndexMismatch:
            return False
        return True

    async def _agree(self, state: IndexState | None, serving: str | None) -> IndexState | None:
        """Note what can be noted without making anything anew: which generation it is that serves, and at the very
        first start that this place is the one."""
        if state is None or not state.chosen:
            return await self._first(state) if serving is None else state
        if not state.complete or state.serving is not None:
            return state
        async with self.database.transaction() as tx:
            held = await IndexStates(tx, self.place).hold()
            if held.chosen and held.complete and held.serving is None:
                held.serving, held.complete = serving, serving is not None
        return held

    async def _first(self, state: IndexState | None) -> IndexState | None:
        """Begin with an empty index, where no place was chosen yet and no index is said to hold anything."""
        async with self.database.transaction() as tx:
            if await Indexing(tx).any_taken():
                return state
        await self.index.prepare()
        serving = await self.index.serving()
        async with self.database.transaction() as tx:
            states = IndexStates(tx, self.place)
            await states.without_writers()
            if await states.elsewhere() is not None or await Indexing(tx).any_taken():
                return await states.read()
            held = await states.hold()
            if not held.chosen:
                await states.choose(held)
                held.complete, held.serving = True, serving
                held.embedder, held.setting = self.embedder.name, self.setting
        log.info("the index is new", place=self.place)
        return held

    async def _passed_over(self, epoch: int) -> None:
        """Note that what serves does not get what is remembered from here on: only what is being built does."""
        async with self.database.transaction() as tx:
            held = await IndexStates(tx, self.place).hold()
            if held.epoch == epoch:
                held.complete = False

    async def _note(self, state: IndexState | None) -> IndexState | None:
        """Write down whose vectors serve, for when another embedder is asked for."""
        if state is not None and (state.embedder, state.setting) == (self.embedder.name, self.setting):
            return state
        async with self.database.transaction() as tx:
            held = await IndexStates(tx, self.place).hold()
            held.embedder, held.setting = self.embedder.name, self.setting
        return held

    def _go_over(self, pair: Pair, state: IndexState | None) -> None:
        before = self.live.pair
        # With no pause between the two: who writes takes both.
        self.live.go_over(pair)
        self._epoch = state.epoch if state is not None else None
        if pair == before:
            return
        if isinstance(before.index, type(self.index)) and before.index not in (
            self.index,
            pair.index,
            *self._handles.values(),
        ):
            self._unused.append((time.monotonic() + CLOSE_AFTER, before.index))
        log.info("memories are served", embedder=pair.embedder.name, complete=pair.complete, wanted=self.embedder.name)

    async def _choose(self, state: IndexState | None, serving: str | None, *, fits: bool) -> Pair:
        """What serves; where that is another embedder's, with the one that made it; else what is being filled."""
        if fits:
            return self._wanted
        if state is not None and state.complete and serving is not None and serving == state.serving:
            former = await self._with_former(state, serving)
            if former is not None:
                return former
        if state is not None and state.building is not None and state.building_embedder == self.embedder.name:
            return Pair(self.embedder, self.handle(state.building), complete=False)
        return Pair(self.embedder, self.index, complete=False)

    async def _with_former(self, state: IndexState, serving: str) -> Pair | None:
        """What serves, with its own embedder; None where that cannot be opened. It is tried once."""
        key = (state.embedder, state.setting, serving)
        if self._former is None or self._former[0] != key:
            self._former = (key, await self._open_former(state, serving))
        return self._former[1]

    async def _open_former(self, state: IndexState, serving: str) -> Pair | None:
        former = await self._reopen(state.setting) if state.setting is not None else None
        if former is None or former.name != state.embedder:
            return None
        index = self.index.generation(serving, embedder=former.name, dimensions=former.dimensions)
        try:
            await index.open()
        except IndexMismatch:
            await index.close()
            return None
        except IndexUnavailable:
            await index.close()
            raise
        return Pair(former, index)

    def _tell(self, state: IndexState | None) -> None:
        if state is None or state.building is None:
            self.progress = None
        else:
            self.progress = Progress(
                state.processed, state.total, state.building_embedder or "", recalled=self.live.pair.complete
            )
        REBUILD.labels("processed").set(self.progress.processed if self.progress else 0)
        REBUILD.labels("total").set(self.progress.total if self.progress else 0)

    async def _let_go(self) -> None:
        while self._unused and self._unused[0][0] < time.monotonic():
            _, index = self._unused.pop(0)
            await index.close()


def serves(state: IndexState, generation: str | None) -> bool:
    """Whether the generation, if it is there, has all memories."""
    if not state.chosen or generation is None:
        return False
    return (state.complete and generation == state.serving) or generation == state.building
