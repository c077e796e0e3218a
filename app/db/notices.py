"""Notices: what has just become true, told to every process by the transaction that makes it so (NOTIFY).

They hold ids and numbers alone, nothing that anybody said or named: who hears one reads the rows. A transaction that is
rolled back tells nothing.
"""

import json
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import JobRow

CHANNEL = "memocha_events"
IDS = 150
"""In one notice at the most: Postgres takes 8,000 bytes, and an id is 39 of them."""

Kind = Literal["title", "remembered", "forgotten", "job", "session", "run", "memories", "me", "access"]


class Notices:
    """Told when the transaction is committed."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def title(self, user_id: UUID, session_id: UUID) -> None:
        """A session has got its title."""
        await self._tell(user_id, "title", {"session_id": session_id})

    async def remembered(self, user_id: UUID, session_id: UUID, message_id: UUID, ids: Sequence[UUID]) -> None:
        """Facts were learned from a message."""
        for some in _parts(ids):
            await self._tell(user_id, "remembered", {"session_id": session_id, "message_id": message_id, "ids": some})

    async def forgotten(
        self, user_id: UUID, ids: Sequence[UUID] = (), *, session_id: UUID | None = None, everything: bool = False
    ) -> None:
        """These memories are gone, and all that came from the session, or all there were."""
        parts = _parts(ids)
        for some in parts if parts or (session_id is None and not everything) else [[]]:
            await self._tell(user_id, "forgotten", {"ids": some, "session_id": session_id, "all": everything})

    async def job(self, job: JobRow) -> None:
        """How far a job is."""
        told = ("id", "kind", "state", "processed", "total", "error", "skipped", "imported")
        await self._tell(job.user_id, "job", {name: getattr(job, name) for name in told})

    async def session(self, user_id: UUID, session_id: UUID, *, deleted: bool = False) -> None:
        """A session was made, changed or deleted, or something was said in it."""
        await self._tell(user_id, "session", {"session_id": session_id, "deleted": deleted})

    async def run(self, user_id: UUID, session_id: UUID, run_id: UUID) -> None:
        """A run begins."""
        await self._tell(user_id, "run", {"session_id": session_id, "run_id": run_id})

    async def memories(self, user_id: UUID) -> None:
        """Memories were added or changed by hand, or left."""
        await self._tell(user_id, "memories", {})

    async def me(self, user_id: UUID) -> None:
        """What the user has set is otherwise."""
        await self._tell(user_id, "me", {})

    async def access(self, user_id: UUID) -> None:
        """A credential of the user's is taken no more: whoever follows has to show theirs again."""
        await self._tell(user_id, "access", {})

    async def _tell(self, user_id: UUID, kind: Kind, data: dict[str, Any]) -> None:
        payload = json.dumps({"user": user_id, "event": kind, "data": data}, default=str, separators=(",", ":"))
        await self._tx.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": CHANNEL, "payload": payload})


def _parts(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + IDS] for start in range(0, len(ids), IDS)]
