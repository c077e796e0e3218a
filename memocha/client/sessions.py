"""Conversations."""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from app.schemas import ListedSession, Message, Receipt, Session
from memocha.client.connection import Connection, given


class Sessions:
    """The conversations of the user that the key stands for. All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(
        self, *, search: str | None = None, archived: bool | Literal["any"] | None = None
    ) -> AsyncIterator[ListedSession]:
        """Every conversation, the last used first; with `search` those in which it was said; with
        `archived` those of the archive, or `any`."""
        params = {"search": search, "archived": archived, "limit": 100}
        return self._connection.items(ListedSession, "/api/sessions", params)

    async def create(self, title: str = "") -> Session:
        """An empty one."""
        return await self._connection.ask(Session, "POST", "/api/sessions", json={"title": title} if title else {})

    async def get(self, session_id: UUID) -> Session:
        """One of them."""
        return await self._connection.ask(Session, "GET", f"/api/sessions/{session_id}")

    async def change(
        self,
        session_id: UUID,
        *,
        title: str | None = None,
        archived: bool | None = None,
        memory_enabled: bool | None = None,
        head: UUID | None = None,
    ) -> Session:
        """Rename it, put it into the archive or take it out, turn its memory on or off, or show the branch that goes
        through the message `head`; what is left out stays."""
        changes = {"title": title, "archived": archived, "memory_enabled": memory_enabled}
        body = {name: value for name, value in changes.items() if value is not None} | given({"head": head})
        return await self._connection.ask(Session, "PATCH", f"/api/sessions/{session_id}", json=body)

    def messages(self, session_id: UUID) -> AsyncIterator[Message]:
        """What was said in it, the last page first, each page oldest first."""
        return self._connection.items(Message, f"/api/sessions/{session_id}/messages", {})

    async def history(self, session_id: UUID) -> list[Message]:
        """All that was said in it, oldest first."""
        pages = self._connection.pages(Message, f"/api/sessions/{session_id}/messages", {"limit": 200})
        return [message for page in reversed([page async for page in pages]) for message in page]

    async def delete(self, session_id: UUID, *, memories: Literal["keep", "delete"] = "delete") -> Receipt:
        """Delete it with all that was said in it, and its memories unless they are to be kept."""
        return await self._connection.ask(
            Receipt, "DELETE", f"/api/sessions/{session_id}", params={"memories": memories}
        )
