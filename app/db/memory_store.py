"""The memories behind the index, as the graph reads them."""

from collections.abc import Sequence
from uuid import UUID

from app.db.convert import sources_of
from app.db.engine import Database
from app.db.recallable import Recallable
from graphs.memory.index import IndexFilter, need_user
from graphs.memory.records import Memory, Source


class PostgresMemoryStore:
    """`graphs.memory.ports.MemoryStore` over Postgres. Raises `DatabaseUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        """Those of the ids that are the user's, active and not superseded, in any order. Without their sources."""
        need_user(user_id)
        if not ids:
            return []
        async with self._database.reading() as tx:
            return await Recallable(tx).get(user_id, ids)

    async def around(self, filter: IndexFilter, ids: Sequence[UUID], best: Sequence[UUID]) -> list[Memory]:  # noqa: A002
        """The same, and the episodes beside the best of them."""
        if not ids:
            return []
        async with self._database.reading() as tx:
            return await Recallable(tx).around(filter, ids, best)

    async def sources(self, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, tuple[Source, ...]]:
        """By memory of the user, the messages that it came from, oldest first."""
        need_user(user_id)
        async with self._database.reading() as tx:
            return await sources_of(tx, ids, of=user_id)

    async def speakers(self, user_id: UUID) -> frozenset[str]:
        """The names of those who speak in the user's memories."""
        need_user(user_id)
        async with self._database.reading() as tx:
            return await Recallable(tx).speakers(user_id)

    async def telling(self, filter: IndexFilter, limit: int) -> list[Memory]:  # noqa: A002
        """Up to `limit` facts and pinned memories, and up to `limit` of the user's newest messages."""
        async with self._database.reading() as tx:
            return await Recallable(tx).telling(filter, limit)

    async def search_words(
        self,
        filter: IndexFilter,  # noqa: A002
        text: str,
        limit: int,
    ) -> list[tuple[Memory, float]]:
        """The best by words alone, best first."""
        async with self._database.reading() as tx:
            return await Recallable(tx).search_words(filter, text, limit)
