"""The client."""

from collections.abc import AsyncIterable, AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import httpx

from app.schemas import Job
from app.settings import is_loopback
from memocha.client.accounts import Accounts
from memocha.client.connection import CONNECT, SILENCE, Connection
from memocha.client.jobs import Jobs
from memocha.client.me import User
from memocha.client.memories import Memories
from memocha.client.sessions import Sessions
from memocha.client.transfer import Transfer
from memocha.client.turns import Answer, Event, Turn


class Client:
    """A running Memocha. Use it in an `async with` block, or `close` it."""

    def __init__(self, url: str = "http://127.0.0.1:8000", api_key: str | None = None) -> None:
        """`api_key`: the service's, or where it has accounts one of one's own; none where it listens on a loopback
        address without one."""
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        timeout = httpx.Timeout(SILENCE, connect=CONNECT)
        local = is_loopback(httpx.URL(url).host)
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout, trust_env=not local)
        self._connection = Connection(self._http)
        self.memories = Memories(self._connection)
        self.sessions = Sessions(self._connection)
        self.jobs = Jobs(self._connection)
        self.me = User(self._connection)
        self.accounts = Accounts(self._connection)
        self._transfer = Transfer(self._connection)

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

    async def import_(
        self,
        source: Path | AsyncIterable[bytes],
        *,
        wait: bool = True,
        sent: Callable[[int], None] | None = None,
        progress: Callable[[Job], None] | None = None,
    ) -> Job:
        """Take in what was exported: Memocha's lines, or an archive of another chat as it was given to you.

        When this returns all of it is stored and can be found; without `wait` it is only taken, and `jobs.follow` tells
        the rest. What is imported again changes nothing. `sent` is told how many bytes have gone, `progress` how far
        the job is. Raises `Unreachable`, `Refused` (nothing is imported then) and `JobFailed`.
        """
        job = await self._transfer.send(source, sent)
        return await self.jobs.end(job.id, progress) if wait else job

    async def export(self, path: Path, *, received: Callable[[int], None] | None = None) -> int:
        """Write everything of the user's to a file, as lines that `import_` takes; its bytes.

        The file is there when all has come; until then, and where it breaks off, what was there stays. `received` is
        told how many bytes have come. Raises `Unreachable`, `Refused`, `ConnectionLost` and `OSError`.
        """
        return await self._transfer.write(path, received)

    def exported(self) -> AsyncIterator[bytes]:
        """The same in pieces, as they come. Raises `Unreachable`, `Refused`, `ConnectionLost` where it breaks off."""
        return self._transfer.receive()

    def _turn(self, message: str, session_id: UUID | None, more: dict[str, Any]) -> Turn:
        body = {"message": message, **({"session_id": str(session_id)} if session_id else {}), **more}
        return Turn(self._connection, body)
