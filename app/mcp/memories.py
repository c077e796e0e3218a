"""The memory as the tools see it, over the service's own HTTP interface: they can do what any client can, no more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from graphs.memory.records import MemoryKind


class ToolMemory(BaseModel):
    """A memory, as much of it as a model has use for."""

    id: UUID
    kind: MemoryKind
    text: str
    role: str | None = Field(description="Who said it: user or assistant; null for what nobody said in these words.")
    created_at: datetime = Field(description="When it was said.")
    valid_to: datetime | None = Field(description="Until when a fact held; null: it holds.")
    session_title: str | None = Field(description="The conversation that it was said in.")
    pinned: bool


class FoundMemory(ToolMemory):
    """A memory found by a search."""

    score: float | None
    relevant: bool = Field(description="Whether Memocha itself would answer with it.")


class FoundMemories(BaseModel):
    """What a search found, best first."""

    memories: list[FoundMemory]
    degraded: bool = Field(description="The memory index did not answer, and words alone were searched.")


class MemoryList(BaseModel):
    """A page of memories, what was said last first."""

    memories: list[ToolMemory]
    next_cursor: str | None = Field(description="For the next page; null on the last.")


class Forgotten(BaseModel):
    """What was deleted."""

    memories: int
    note: str


class Memories:
    """Who asks is in the headers. What the service refuses is a `ToolError` in its words."""

    def __init__(self, http: httpx.AsyncClient, headers: Mapping[str, str]) -> None:
        self._http = http
        self._headers = dict(headers)

    async def search(self, query: str, limit: int, **narrowed: Any) -> FoundMemories:
        """The `limit` best."""
        told = await self._ask("GET", "/api/memories/search", params={"q": query, "k": limit, **_given(narrowed)})
        return FoundMemories(
            memories=[FoundMemory.model_validate(item) for item in told["items"]], degraded=told["degraded"]
        )

    async def list(self, limit: int, cursor: str | None, **narrowed: Any) -> MemoryList:
        """A page of them."""
        params = {"limit": limit, **_given({"cursor": cursor, **narrowed})}
        told = await self._ask("GET", "/api/memories", params=params)
        memories = [ToolMemory.model_validate(item) for item in told["items"]]
        return MemoryList(memories=memories, next_cursor=told["next_cursor"])

    async def add(self, text: str) -> ToolMemory:
        """A new one."""
        return ToolMemory.model_validate(await self._ask("POST", "/api/memories", json={"text": text}))

    async def delete(self, memory_id: UUID) -> Forgotten:
        """Forget one, with what was derived from the same message."""
        return Forgotten.model_validate(await self._ask("DELETE", f"/api/memories/{memory_id}"))

    async def _ask(self, method: str, path: str, **options: Any) -> Any:
        try:
            answer = await self._http.request(method, path, headers=self._headers, **options)
        except httpx.TransportError as error:
            raise ToolError("Memocha does not answer. Start it with: make up") from error
        if answer.is_success:
            return answer.json()
        try:
            problem = answer.json()
            said = [str(problem[name]) for name in ("title", "detail") if name in problem]
            wrong = [f"{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}." for each in problem.get("errors", ())]
            raise ToolError(" ".join([*said, *wrong]))
        except ValueError:
            raise ToolError(f"What answers at {self._http.base_url} is not Memocha.") from None


def _given(params: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name, value in params.items()
        if value is not None
    }
