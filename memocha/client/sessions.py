"""Conversations."""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from app.schemas import ListedSession, Message, Receipt, Session
from memocha.client.connection import Connection


class Sessions:
    """The conversations of the user that the key stands for. All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, *, search: str | None = None, archived: bool | None = None) -> AsyncIterator[ListedSession]:
        """Every conversation, the last used first; with `search` those in which it was said."""
        params = {"search": search, "archived": archived, "limit": 100}
        return self._connection.pages(ListedSession, "/api/sessions", params)

    async def create(self, title: str = "") -> Session:
        """An empty one."""
        return await self._connection.ask(Session, "POST", "/api/sessions", json={"title": title} if title else {})

    async def get(self, session_id: UUID) -> Session:
        """One of them."""
        return await self._connection.ask(Session, "GET", f"/api/sessions/{session_id}")

    def messages(self, session_id: UUID) -> AsyncIterator[Message]:
        """What was said in it, the last page first, each page oldest first."""
        return self._connection.pages(Message, f"/api/sessions/{session_id}/messages", {})

    async def delete(self, session_id: UUID, *, memories: Literal["keep", "delete"] = "delete") -> Receipt:
        """Delete it with all that was said in it, and its memories unless they are to be kept."""
        return await self._connection.ask(
            Receipt, "DELETE", f"/api/sessions/{session_id}", params={"memories": memories}
        )
