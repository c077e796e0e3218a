"""The client."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO, Self
from uuid import UUID

import httpx

from app.settings import is_loopback
from memocha.client.connection import CONNECT, SILENCE, Connection, refuse
from memocha.client.memories import Memories
from memocha.client.sessions import Sessions
from memocha.client.turns import Answer, Event, Turn


class Client:
    """A running Memocha. Use it in an `async with` block, or `close` it."""

    def __init__(self, url: str = "http://127.0.0.1:8000", api_key: str | None = None) -> None:
        """`api_key`: the service's; none where it listens on a loopback address without one."""
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        timeout = httpx.Timeout(SILENCE, connect=CONNECT)
        local = is_loopback(httpx.URL(url).host)
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, trust_env=not local)
        self._connection = Connection(self._http)
        self.memories = Memories(self._connection)
        self.sessions = Sessions(self._connection)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    def chat(self, message: str, session_id: UUID | None = None, **more: Any) -> AsyncIterator[Event]:
        """One turn as it happens: `RunEvent`, `MemoriesEvent`, `TokenEvent`s, `UsageEvent`, `DoneEvent`, or an
        `ErrorEvent` at the end. A lost connection is taken up again; leaving does not stop the turn.

        `session_id`: the conversation to go on with; none: a new one. `more`: what else `POST /api/chat` takes, such as
        `temporary`, `model`, `temperature`, `max_tokens`. Raises `Unreachable`, `Refused`, `ConnectionLost`.
        """
        return self._turn(message, session_id, more).events()

    async def ask(self, message: str, session_id: UUID | None = None, **more: Any) -> Answer:
        """One turn, whole. Takes and raises what `chat` does, and raises `Refused` where the answer fails."""
        return await self._turn(message, session_id, more).answer()

    async def export(self, path: Path) -> int:
        """Write everything of the user's to a file, as lines that `import_` takes; its bytes. A file that is there is
        replaced when all has come. Raises `Unreachable` and `Refused`."""
        part = path.with_name(f"{path.name}.part")
        async with self._http.stream("GET", "/api/export") as answer:
            if answer.is_error:
                await answer.aread()
            refuse(answer)
            with part.open("wb") as file:
                size = await _copy(answer.aiter_bytes(), file)
        part.replace(path)
        return size

    def _turn(self, message: str, session_id: UUID | None, more: dict[str, Any]) -> Turn:
        body = {"message": message, **({"session_id": str(session_id)} if session_id else {}), **more}
        return Turn(self._connection, body)


async def _copy(pieces: AsyncIterator[bytes], file: BinaryIO) -> int:
    size = 0
    async for piece in pieces:
        size += file.write(piece)
    return size
