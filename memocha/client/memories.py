"""The memory by itself, for programs that bring their own model."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict, overload
from uuid import UUID, uuid4

from app.schemas import Job, ListedMemory, Memory, MemoryDetail, Receipt, SearchResult
from graphs.memory.records import MemoryKind, MemoryState
from memocha.client.connection import Connection, given
from memocha.client.jobs import Jobs
from memocha.client.transfer import Transfer


class SaidMessage(TypedDict):
    """A message to remember."""

    role: Literal["user", "assistant"]
    content: str
    name: NotRequired[str]
    """The speaker, in a talk between named people."""
    id: NotRequired[str]
    """Your own id: said again under it, nothing changes. It comes back in the `sources` of what is found."""
    created_at: NotRequired[str]
    """RFC 3339; else now."""


class Memories:
    """Everything remembered of the user that the key stands for. All methods raise `Unreachable` and `Refused`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transfer = Transfer(connection)
        self._jobs = Jobs(connection)

    @overload
    async def add(self, what: str, *, valid_from: datetime | None = None) -> Memory: ...
    @overload
    async def add(
        self, what: Sequence[SaidMessage], *, session: str | UUID | None = None, title: str | None = None
    ) -> Job: ...
    async def add(
        self,
        what: str | Sequence[SaidMessage],
        *,
        valid_from: datetime | None = None,
        session: str | UUID | None = None,
        title: str | None = None,
    ) -> Memory | Job:
        """Remember a statement, or what was said in a conversation.

        `session`: your own id of the conversation, or Memocha's; more messages under it go to its end, and `search`
        narrows to it. Whatever it is can be found when this returns. Raises `JobFailed`, and `ValueError` where there
        is nothing to remember.
        """
        if isinstance(what, str):
            body = {"text": what} | given({"valid_from": valid_from})
            return await self._connection.ask(Memory, "POST", "/api/memories", json=body)
        if not what:
            raise ValueError("there is nothing to remember: no message was given")
        # Without an id a longer conversation would be taken for another one each time.
        head = {"session": {"id": str(session or f"client:{uuid4()}")} | given({"title": title})}
        job = await self._transfer.send(_pieces(head, what))
        return await self._jobs.end(job.id)

    async def search(
        self,
        question: str,
        *,
        k: int = 10,
        kind: MemoryKind | None = None,
        session_id: UUID | None = None,
        session: str | UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        pinned: bool | None = None,
        changed: bool | None = None,
    ) -> SearchResult:
        """The k best, best first.

        `session`: the id of a conversation as `add` takes it, `session_id` as Memocha gives it; `since` and `until`:
        when it was said; `changed`: facts that took another's place.
        """
        params = given(
            {
                "q": question,
                "k": k,
                "kind": kind,
                "session_id": session_id,
                "session": session,
                "since": since,
                "until": until,
                "pinned": pinned,
                "changed": changed,
            }
        )
        return await self._connection.ask(SearchResult, "GET", "/api/memories/search", params=params)

    def all(
        self,
        *,
        kind: MemoryKind | None = None,
        session_id: UUID | None = None,
        session: str | UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        pinned: bool | None = None,
        state: MemoryState | None = None,
    ) -> AsyncIterator[ListedMemory]:
        """Every memory, what was said last first. Narrowed as a search is."""
        params = {
            "kind": kind,
            "session_id": session_id,
            "session": session,
            "since": since,
            "until": until,
            "pinned": pinned,
            "state": state,
            "limit": 200,
        }
        return self._connection.items(ListedMemory, "/api/memories", params)

    async def get(self, memory_id: UUID) -> MemoryDetail:
        """One, with its sources and what was changed of it."""
        return await self._connection.ask(MemoryDetail, "GET", f"/api/memories/{memory_id}")

    async def change(
        self, memory_id: UUID, *, text: str | None = None, pinned: bool | None = None, state: MemoryState | None = None
    ) -> ListedMemory:
        """Put it differently, pin it, or pause it; what is left out stays."""
        changes = {"text": text, "pinned": pinned, "state": state}
        body = {name: value for name, value in changes.items() if value is not None}
        return await self._connection.ask(ListedMemory, "PATCH", f"/api/memories/{memory_id}", json=body)

    async def delete(self, memory_id: UUID) -> Receipt:
        """Forget it, with what was derived from the same message."""
        return await self._connection.ask(Receipt, "DELETE", f"/api/memories/{memory_id}")

    async def clear(self) -> Receipt:
        """Forget all. The conversations stay, and are not remembered again."""
        return await self._connection.ask(Receipt, "DELETE", "/api/memories")


async def _pieces(head: dict[str, Any], messages: Sequence[SaidMessage]) -> AsyncIterator[bytes]:
    yield f"{json.dumps(head)}\n".encode()
    for message in messages:
        yield f"{json.dumps({'message': message})}\n".encode()
