"""Where memories are indexed, which generation serves there, and how far the next one is."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import IndexState

LEASE = timedelta(seconds=15)
"""For which a process has a build to itself; each batch renews it."""


class IndexStates:
    """The state of the index in one place, and which of the places is the chosen one."""

    def __init__(self, tx: AsyncSession, place: str) -> None:
        self._tx = tx
        self._place = place

    async def read(self) -> IndexState | None:
        """The state; None: nothing was noted yet."""
        state: IndexState | None = await self._tx.scalar(
            select(IndexState).where(IndexState.place == self._place).execution_options(populate_existing=True)
        )
        return state

    async def hold(self) -> IndexState:
        """The state, which nobody else changes until the transaction ends."""
        await self._tx.execute(insert(IndexState).values(place=self._place).on_conflict_do_nothing())
        return (
            await self._tx.execute(
                select(IndexState)
                .where(IndexState.place == self._place)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        ).scalar_one()

    async def elsewhere(self) -> str | None:
        """The chosen place, if it is another one."""
        place: str | None = await self._tx.scalar(
            select(IndexState.place).where(IndexState.chosen, IndexState.place != self._place)
        )
        return place

    async def choose(self, state: IndexState) -> None:
        """Have memories go to this place, which is held, and to no other. Ask for `without_writers` before: it is then
        that who wrote to another place, and has not noted it yet, cannot note it any more."""
        if state.chosen:
            return
        await self._tx.execute(
            update(IndexState)
            .where(IndexState.chosen, IndexState.place != self._place)
            .values(chosen=False, complete=False, epoch=IndexState.epoch + 1)
            .execution_options(synchronize_session=False)
        )
        state.chosen, state.complete = True, False
        state.epoch += 1

    async def others(self) -> list[IndexState]:
        """The places that memories went to before."""
        return list(
            await self._tx.scalars(
                select(IndexState)
                .where(IndexState.place != self._place, ~IndexState.chosen)
                .order_by(IndexState.place)
                .execution_options(populate_existing=True)
            )
        )

    async def leave(self, other: IndexState) -> None:
        """Forget a place in which nothing of ours is left, unless it was chosen again meanwhile."""
        await self._tx.execute(
            delete(IndexState)
            .where(IndexState.place == other.place, ~IndexState.chosen, IndexState.epoch == other.epoch)
            .execution_options(synchronize_session=False)
        )

    async def now(self) -> datetime:
        """By the database's clock."""
        return (await self._tx.execute(select(func.now()))).scalar_one()

    async def claim(self, generation: str, builder: UUID) -> IndexState | None:
        """Have the filling of a generation to oneself for `LEASE`; None where another has it, or it is done."""
        free = or_(IndexState.builder_until.is_(None), IndexState.builder_until < func.now())
        state: IndexState | None = await self._tx.scalar(
            update(IndexState)
            .where(
                IndexState.place == self._place,
                IndexState.chosen,
                IndexState.building == generation,
                or_(IndexState.builder == builder, free),
            )
            .values(builder=builder, builder_until=func.now() + LEASE)
            .returning(IndexState)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return state

    async def among_writers(self) -> None:
        """Until the transaction ends no other generation begins to serve, and no other place is chosen."""
        await self._tx.execute(
            text("SELECT pg_advisory_xact_lock_shared(hashtextextended('memocha index writers', 0))")
        )

    async def without_writers(self) -> None:
        """Until the transaction ends nobody notes what the index took, in whichever place. Before `hold`, so that two
        who want both do not wait for one another."""
        await self._tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('memocha index writers', 0))"))
