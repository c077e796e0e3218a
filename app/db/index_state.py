"""Which generation of the memory index serves, and how far the next one is."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import IndexState

LEASE = timedelta(seconds=15)
"""For which a process has a build to itself; each batch renews it."""


class IndexStates:
    """The state of the index in one place."""

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
                IndexState.building == generation,
                or_(IndexState.builder == builder, free),
            )
            .values(builder=builder, builder_until=func.now() + LEASE)
            .returning(IndexState)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return state

    async def among_writers(self) -> None:
        """Until the transaction ends no other generation begins to serve."""
        await self._tx.execute(
            text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:place, 0))"), {"place": self._lock}
        )

    async def without_writers(self) -> None:
        """Until the transaction ends nobody notes what the index took."""
        await self._tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:place, 0))"), {"place": self._lock})

    @property
    def _lock(self) -> str:
        return f"memocha index {self._place}"
