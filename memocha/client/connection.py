"""One connection pool to a service, and what its refusals become."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import httpx
from httpx_sse import EventSource, aconnect_sse
from pydantic import BaseModel, TypeAdapter

from app.schemas import Page

T = TypeVar("T", bound=BaseModel)

SILENCE: Final = 45.0
"""Seconds. The service sends a comment every 15: three missed ones mean that the connection is dead."""
CONNECT: Final = 5.0


class ClientError(Exception):
    """Something did not go as asked."""


class Unreachable(ClientError):
    """Nothing answers at the service's address."""


class ConnectionLost(ClientError):
    """The stream of an answer broke and could not be taken up again. What was answered is kept."""


class JobFailed(ClientError):
    """An import was taken and ended badly; its words say why."""


class Refused(ClientError):
    """The service said no. `code` is stable; `title` and `detail` are for people."""

    def __init__(self, status: int, code: str, title: str, detail: str | None = None) -> None:
        super().__init__(f"{title} {detail}" if detail else title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail


class Connection:
    """Asks the service. Every method raises `Unreachable` and `Refused`."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(self, kind: type[T], method: str, path: str, **options: Any) -> T:
        """The answer, as an object of that kind."""
        return kind.model_validate_json((await self.send(method, path, **options)).content)

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, read to its end."""
        try:
            answer = await self.http.request(method, path, **options)
        except httpx.TransportError as error:
            raise Unreachable(f"Memocha does not answer at {self.http.base_url}: {error}") from error
        refuse(answer)
        return answer

    async def pages(self, kind: type[T], path: str, params: Mapping[str, Any]) -> AsyncIterator[T]:
        """All items of a list, page by page."""
        page_of = TypeAdapter(Page[kind])  # type: ignore[valid-type]
        cursor: str | None = None
        while True:
            answer = await self.send("GET", path, params=given(params) | given({"cursor": cursor}))
            page = page_of.validate_json(answer.content)
            for item in page.items:
                yield item
            cursor = page.next_cursor
            if cursor is None:
                return

    @asynccontextmanager
    async def events(self, method: str, path: str, **options: Any) -> AsyncIterator[EventSource]:
        """A stream of server-sent events. What breaks it is an `httpx.TransportError`."""
        async with aconnect_sse(self.http, method, path, **options) as source:
            if source.response.is_error:
                await source.response.aread()
            refuse(source.response)
            yield source


def refuse(answer: httpx.Response) -> None:
    """Raise `Refused` for an answer that is one."""
    if not answer.is_error:
        return
    try:
        problem = answer.json()
        raise Refused(answer.status_code, problem["code"], problem["title"], problem.get("detail"))
    except (ValueError, KeyError, TypeError):
        title = f"What answers at {answer.url} is not Memocha, or not it alone."
        raise Refused(answer.status_code, "unknown", title) from None


def given(params: Mapping[str, Any]) -> dict[str, str]:
    """What was given of the parameters, as an address holds it."""
    return {name: _plain(value) for name, value in params.items() if value is not None}


def _plain(value: Any) -> str:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return str(value.value)
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
