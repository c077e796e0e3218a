"""The import_lines table: what was sent and is not stored yet."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import driver_connection
from app.db.models import ImportLine


class ImportLines:
    """The lines of one import."""

    def __init__(self, tx: AsyncSession, job_id: UUID) -> None:
        self._tx = tx
        self._job_id = job_id

    async def add(self, lines: Sequence[ImportLine]) -> None:
        """Store the lines, as fast as Postgres takes them."""
        connection = await driver_connection(self._tx)
        async with (
            connection.cursor() as cursor,
            cursor.copy("COPY import_lines (job_id, number, session_number, key, line) FROM STDIN") as copy,
        ):
            for line in lines:
                await copy.write_row((line.job_id, line.number, line.session_number, line.key, line.line))

    async def set_keys(self, keys: Mapping[int, str]) -> None:
        """Give lines, by number, the keys that were found out after they were stored."""
        for number, key in keys.items():
            await self._tx.execute(
                update(ImportLine).where(ImportLine.job_id == self._job_id, ImportLine.number == number).values(key=key)
            )

    async def after(self, number: int, *, limit: int, characters: int) -> list[ImportLine]:
        """The lines after that one, `limit` at the most, and so many characters, but one at least."""
        size = func.length(ImportLine.line)
        some = (
            select(ImportLine.number, (func.sum(size).over(order_by=ImportLine.number) - size).label("before"))
            .where(ImportLine.job_id == self._job_id, ImportLine.number > number, ImportLine.number <= number + limit)
            .subquery()
        )
        rows = await self._tx.scalars(
            select(ImportLine)
            .join(some, some.c.number == ImportLine.number)
            .where(ImportLine.job_id == self._job_id, some.c.before < characters)
            .order_by(ImportLine.number)
        )
        return list(rows)

    async def get(self, numbers: Sequence[int]) -> list[ImportLine]:
        """Those lines."""
        return list(
            await self._tx.scalars(
                select(ImportLine).where(ImportLine.job_id == self._job_id, ImportLine.number.in_(numbers))
            )
        )

    async def drop(self, after: int, upto: int) -> None:
        """Delete the messages and memories of that range, which are stored; their sessions are still asked for."""
        await self._tx.execute(
            delete(ImportLine)
            .where(
                ImportLine.job_id == self._job_id,
                ImportLine.number > after,
                ImportLine.number <= upto,
                ImportLine.session_number.is_distinct_from(ImportLine.number),
            )
            .execution_options(synchronize_session=False)
        )

    async def drop_all(self) -> None:
        """Delete what is left."""
        await self._tx.execute(
            delete(ImportLine).where(ImportLine.job_id == self._job_id).execution_options(synchronize_session=False)
        )
