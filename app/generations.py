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
from graphs.memory.managed import ManagedIndex
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


class Generations:
    """Keeps `live` at what serves. Memories always go there, and are forgotten everywhere.

    When what serves was made by another embedder than the one that is asked for, that one is opened beside it, and
    questions and new memories go to the two of them until the new generation is full and takes over.
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
    ) -> None:
        """`place` names the index in the database; `setting` is how `embedder` was asked for, and `reopen` opens one
        by such a setting, or gives None."""
        self.database = database
        self.sentences = PostgresSentences(database)
        self.place = place
        self.embedder = embedder
        self.index = index
        self.setting = setting
        self._reopen = reopen
        self._wanted = Pair(embedder, index)
        self.live = Live(self._wanted)
        self._epoch: int | None = None
        self._handles: dict[str, ManagedIndex] = {}
        self._unused: list[tuple[float, ManagedIndex]] = []
        self._looking = asyncio.Lock()
        self.progress: Progress | None = None
        """As of the last look; None: nothing is being built."""

    async def look(self) -> bool:
        """See what serves and go over to it; whether it is of the embedder that is asked for. Raises
        `IndexUnavailable` and `DatabaseUnavailable`."""
        async with self._looking:
            return await self._look()

    async def now(self) -> Target:
        """`app.jobs.settle.Targets`"""
        state = await self._read()
        if state is not None and state.epoch != self._epoch:
            await self.look()
            state = await self._read()
        pair = self.live.pair
        beside = (self.handle(state.building),) if state is not None and state.building is not None else ()
        return Target(
            MemoryWriter(pair.embedder, pair.index, self.sentences),
            tuple(index for index in beside if index is not pair.index),
            state.epoch if state is not None else 0,
        )

    async def still(self, tx: AsyncSession, target: Target) -> bool:
        """`app.jobs.settle.Targets`"""
        states = IndexStates(tx, self.place)
        await states.among_writers()
        state = await states.read()
        return (state.epoch if state is not None else 0) == target.epoch

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
        state = await self._read()
        try:
            made = await self.index.prepare()
            fits = True
        except IndexMismatch:
            made = fits = False
        if made:
            await self._fill_again()
        if state is None or self._epoch != state.epoch or fits != (self.live.pair is self._wanted):
            await self._go_over(state, fits=fits)
        if fits:
            await self._note(state)
        self._tell(state)
        await self._let_go()
        return fits

    async def _read(self) -> IndexState | None:
        async with self.database.transaction() as tx:
            return await IndexStates(tx, self.place).read()

    async def _fill_again(self) -> None:
        async with self.database.transaction() as tx:
            count = await Indexing(tx).expect_all_again()
        log.info("the index is new; memories will be indexed", count=count)

    async def _note(self, state: IndexState | None) -> None:
        """Write down whose vectors serve, for when another embedder is asked for."""
        if state is None or (state.embedder, state.setting) != (self.embedder.name, self.setting):
            async with self.database.transaction() as tx:
                held = await IndexStates(tx, self.place).hold()
                held.embedder, held.setting = self.embedder.name, self.setting
            self._epoch = held.epoch

    async def _go_over(self, state: IndexState | None, *, fits: bool) -> None:
        before = self.live.pair
        self.live.go_over(self._wanted if fits else await self._other(state))
        self._epoch = state.epoch if state is not None else None
        if isinstance(before.index, type(self.index)) and before.index not in (
            self.index,
            self.live.pair.index,
            *self._handles.values(),
        ):
            self._unused.append((time.monotonic() + CLOSE_AFTER, before.index))
        if before is not self.live.pair:
            now = self.live.pair
            log.info(
                "memories are served", embedder=now.embedder.name, complete=now.complete, wanted=self.embedder.name
            )

    async def _other(self, state: IndexState | None) -> Pair:
        """What serves with the embedder that made it; where that cannot be opened, what is being filled."""
        former = await self._former(state)
        serving = await self.index.serving()
        if former is not None and serving is not None:
            index = self.index.generation(serving, embedder=former.name, dimensions=former.dimensions)
            try:
                await index.prepare()
            except IndexUnavailable:
                await index.close()
                raise
            return Pair(former, index)
        if state is not None and state.building is not None and state.building_embedder == self.embedder.name:
            return Pair(self.embedder, self.handle(state.building), complete=False)
        return self._wanted

    async def _former(self, state: IndexState | None) -> Embedder | None:
        if state is None or state.setting is None:
            return None
        former = await self._reopen(state.setting)
        return former if former is not None and former.name == state.embedder else None

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
