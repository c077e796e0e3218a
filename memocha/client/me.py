"""The user that the key stands for."""

from typing import TypedDict

from app.schemas import ErasureReceipt, Me
from memocha.client.connection import Connection


class Limits(TypedDict, total=False):
    """What is kept; None: as much as of everyone."""

    memories: int | None
    days: int | None


class Changes(TypedDict, total=False):
    """What to change of the user; what is left out stays, None clears."""

    memory_enabled: bool
    about_me: str | None
    how_to_answer: str | None
    language: str | None
    retention: Limits | None


class User:
    """All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self) -> Me:
        """What is set, and what the service does for everyone."""
        return await self._connection.ask(Me, "GET", "/api/me")

    async def change(self, changes: Changes) -> Me:
        """Change it; how it is then."""
        return await self._connection.ask(Me, "PATCH", "/api/me", json=changes)

    async def erase(self) -> ErasureReceipt:
        """Delete all that is kept: conversations, memories, imports, settings. It cannot be undone."""
        return await self._connection.ask(ErasureReceipt, "DELETE", "/api/me/data")
