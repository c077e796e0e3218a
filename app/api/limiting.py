"""Where requests are counted: before anything is done, at every door, whatever route it is or none."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.problems import answer_to
from app.api.rate_fields import rate_fields
from app.api.web import API
from app.errors import ForeignOrigin, Unauthorized
from app.parts import Parts
from app.security.identity import identify
from app.security.rate_limits import RateLeft
from graphs.errors import MemochaError

PAGES: Final = "/chat/playground"
"""The one door with files of a page behind it. Like the web client's they are not counted: they do nothing."""
COUNTED: Final = "counted"
"""In a request's state where a request that was counted sends it on within this process."""


class RateLimit:
    """Refuses what is too much, and says on every answer how much is left.

    Who is signed in is counted as themselves, wherever they are; who is not, by address. So who sends nonsense from
    somebody's address does not keep them out. `/health`, `/ready`, `/metrics`, what describes the service, and the
    files of the pages are not counted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _counts(scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        try:
            left = await _count(request)
        except MemochaError as error:
            await answer_to(request, error)(scope, receive, send)
            return

        async def send_with_left(message: Message) -> None:
            if left is not None and message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _fields(scope["path"], left).items():
                    # A turn that was refused tells of turns.
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_left)


def within(app: ASGIApp) -> ASGIApp:
    """The application, for what a request that was counted asks of it."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})[COUNTED] = True
        await app(scope, receive, send)

    return ask


def _counts(scope: Scope) -> bool:
    path: str = scope["path"]
    if path.split("/", 2)[1] not in API or COUNTED in scope["state"]:
        return False
    if path.startswith(PAGES) and scope["method"] in ("GET", "HEAD"):
        return False
    parts: Parts = scope["app"].state.parts
    return parts.rates.counts_requests


async def _count(request: Request) -> RateLeft | None:
    """Raises `RateLimited`, and what finding out who asks raises where that cannot be found out."""
    parts: Parts = request.app.state.parts
    try:
        asker = await identify(request)
    except (Unauthorized, ForeignOrigin):
        # Refused by its route, unless that is for everyone.
        return await parts.rates.stranger(request.client.host if request.client is not None else "")
    return await parts.rates.request(asker.user_id)


def _fields(path: str, bound: RateLeft) -> dict[str, str]:
    left = bound.left
    return rate_fields(
        path, unit=bound.unit, limit=left.limit, left=left.left, window=left.window, more_in=left.more_in
    )
