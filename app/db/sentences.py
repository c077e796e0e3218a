"""The vectors of memories' sentences."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from app.db.engine import Database
from app.db.ids import among
from app.db.models import MemoryRow, SentenceVectorsRow
from graphs.memory.index import need_user
from graphs.memory.second_look import Small

_rows, _memories = SentenceVectorsRow.__table__.c, MemoryRow.__table__
_THESE = (
    select(_rows.memory_id, _rows.count, _rows.vectors)
    .join_from(SentenceVectorsRow.__table__, _memories, _memories.c.id == _rows.memory_id)
    .where(
        _rows.memory_id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        _rows.embedder == bindparam("embedder", type_=Text),
        _memories.c.user_id == bindparam("user_id", type_=Uuid),
    )
)
"""Made once, over the plain table: each recall asks."""


class PostgresSentences:
    """`graphs.memory.second_look.SentenceVectors` over Postgres. Raises `DatabaseUnavailable`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, embedder: str, vectors: Mapping[UUID, Small]) -> None:
        """Keep these in place of earlier ones. Memories that are gone are passed over."""
        async with self._database.transaction() as tx:
            # Held until the end, in the order of ids, so that none goes away between the look and the writing.
            there = (
                await tx.scalars(
                    select(MemoryRow.id)
                    .where(among(MemoryRow.id, list(vectors)))
                    .order_by(MemoryRow.id)
                    .with_for_update(read=True, key_share=True)
                )
            ).all()
            gone = [key for key in there if not len(vectors[key])]
            await tx.execute(
                delete(SentenceVectorsRow).where(
                    among(SentenceVectorsRow.memory_id, gone), SentenceVectorsRow.embedder == embedder
                )
            )
            rows = [
                {"memory_id": key, "embedder": embedder, "count": len(vectors[key]), "vectors": vectors[key].tobytes()}
                for key in there
                if len(vectors[key])
            ]
            if rows:
                new = insert(SentenceVectorsRow)
                changed = {"count": new.excluded.count, "vectors": new.excluded.vectors}
                of_one = [SentenceVectorsRow.memory_id, SentenceVectorsRow.embedder]
                await tx.execute(new.on_conflict_do_update(index_elements=of_one, set_=changed), rows)

    async def get(self, user_id: UUID, embedder: str, ids: Sequence[UUID]) -> dict[UUID, Small]:
        """Those of the user's memories that have any, each (n, dimensions) int8."""
        need_user(user_id)
        if not ids:
            return {}
        async with self._database.reading() as tx:
            rows = await tx.execute(_THESE, {"ids": list(ids), "embedder": embedder, "user_id": user_id})
            return {key: np.frombuffer(held, dtype=np.int8).reshape(count, -1) for key, count, held in rows}

    async def keep_only(self, embedder: str) -> None:
        """Drop what other embedders made."""
        async with self._database.transaction() as tx:
            await tx.execute(delete(SentenceVectorsRow).where(SentenceVectorsRow.embedder != embedder))
