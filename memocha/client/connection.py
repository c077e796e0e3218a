"""One connection pool to a service, and what its refusals become."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from enum import Enum
from typing import Any, Final, TypeVar

import httpx
from httpx_sse import EventSource, aconnect_sse
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.schemas import Job, Page

T = TypeVar("T", bound=BaseModel)

SILENCE: Final = 45.0
"""Seconds. The service sends a comment every 15: three missed ones mean that the connection is dead."""
CONNECT: Final = 5.0
UNKNOWN: Final = "unknown"
"""The code where what answers is not Memocha."""


class ClientError(Exception):
    """Something did not go as asked."""


class Unreachable(ClientError):
    """Nothing answers at the service's address."""


class ConnectionLost(ClientError):
    """A stream broke: an answer's, which could not be taken up again (what was answered is kept), or an export's."""


class JobFailed(ClientError):
    """An import was taken and ended badly; its words say why, `job` how far it came."""

    def __init__(self, message: str, job: Job) -> None:
        super().__init__(message)
        self.job = job


class Refused(ClientError):
    """The service said no. `code` is stable (`UNKNOWN` where what answers is not Memocha); `title` and `detail` are for
    people; `problem` is all that it said, an object of RFC 9457."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        said_more = detail or _fields(problem or {})
        super().__init__(f"{title} {said_more}" if said_more else title)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        said = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail}
        self.problem: Mapping[str, Any] = problem or {name: value for name, value in said.items() if value is not None}


def _fields(problem: Mapping[str, Any]) -> str:
    """Which values were refused and why, where it says so: `since: Input should have timezone info`."""
    errors = problem.get("errors")
    told = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    # Where a value stands begins with the part of the request that it is in.
    places = (".".join(str(part) for part in each.get("loc", ())[1:]) for each in told)
    return "; ".join(f"{place}: {each.get('msg')}" for place, each in zip(places, told, strict=True))


class Connection:
    """Asks the service. Every method raises `Unreachable` and `Refused`."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def ask(self, kind: type[T], method: str, path: str, **options: Any) -> T:
        """The answer, as an object of that kind."""
        answer = await self.send(method, path, **options)
        with of_memocha(answer):
            return kind.model_validate_json(answer.content)

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The answer, read to its end."""
        try:
            answer = await self.http.request(method, path, **options)
        except httpx.TransportError as error:
            raise away(self.http, error) from error
        refuse(answer)
        return answer

    async def pages(self, kind: type[T], path: str, params: Mapping[str, Any]) -> AsyncIterator[list[T]]:
        """A list, page by page."""
        page_of = TypeAdapter(Page[kind])  # type: ignore[valid-type]
        cursor: str | None = None
        while True:
            answer = await self.send("GET", path, params=given(params) | given({"cursor": cursor}))
            with of_memocha(answer):
                page = page_of.validate_json(answer.content)
            yield page.items
            cursor = page.next_cursor
            if cursor is None:
                return

    async def items(self, kind: type[T], path: str, params: Mapping[str, Any]) -> AsyncIterator[T]:
        """All of a list, asked for page by page."""
        async for page in self.pages(kind, path, params):
            for item in page:
                yield item

    @asynccontextmanager
    async def events(self, method: str, path: str, **options: Any) -> AsyncIterator[EventSource]:
        """A stream of server-sent events. What breaks it is an `httpx.TransportError`."""
        async with aconnect_sse(self.http, method, path, **options) as source:
            if source.response.is_error:
                await source.response.aread()
            refuse(source.response)
            yield source


def away(http: httpx.AsyncClient, error: httpx.TransportError) -> Unreachable:
    """What to raise where the service was not reached."""
    return Unreachable(f"Memocha does not answer at {str(http.base_url).rstrip('/')}: {error or type(error).__name__}")


def refuse(answer: httpx.Response) -> None:
    """Raise `Refused` for an answer that is one."""
    if answer.is_success:
        return
    try:
        problem = answer.json()
        raise Refused(answer.status_code, problem["code"], problem["title"], problem.get("detail"), problem)
    except (ValueError, KeyError, TypeError):
        raise _stranger(answer) from None


@contextmanager
def of_memocha(answer: httpx.Response) -> Iterator[None]:
    """Raises `Refused` where the answer has not the form that Memocha's has."""
    try:
        yield
    except ValidationError:
        raise _stranger(answer) from None


def _stranger(answer: httpx.Response) -> Refused:
    place = answer.url.copy_with(query=None)
    return Refused(answer.status_code, UNKNOWN, f"What answers at {place} is not Memocha, or not it alone.")


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
