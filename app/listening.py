"""One connection that hears what any process tells (`app.db.notices`), and the clients of this process it is passed to.

A client has a queue of its own, of bounded length: one that does not keep up is let go, and comes back. None of them
holds a connection to Postgres.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import structlog
from prometheus_client import Counter, Gauge
from psycopg import sql
from pydantic import BaseModel

from app import telling
from app.db.engine import CONNECT_TIMEOUT, Database, first_line, libpq_url
from app.db.errors import DatabaseUnavailable
from app.db.memories import Memories
from app.db.notices import CHANNEL
from app.db.sessions import Sessions
from app.errors import SessionNotFound, TooManyStreams
from app.events import (
    ForgottenEvent,
    HelloEvent,
    JobEvent,
    MeChangedEvent,
    MemoriesChangedEvent,
    RememberedEvent,
    RunBegunEvent,
    SessionEvent,
    StatusEvent,
    TitleEvent,
    encode,
)
from app.jobs.retry import wait
from app.status import Status, overall

log = structlog.get_logger(__name__)

QUEUE = 200
"""Events that wait for one client."""
CLIENTS = 50
"""Of one user's, in one process: each page that is open is one."""
QUIET = 10.0
"""Seconds without a notice after which the connection is tried."""
ANSWERS = 5.0
"""Seconds within which it must answer then."""
LONGEST = 24 * 3600.0
"""Seconds after which a client has to come again, and show its credential: that it was taken back may have been told
while Postgres was away."""
AGAIN_AT_MOST = 10.0
"""Seconds between two tries to connect."""
LOOK = 5.0
"""Seconds between two looks at what works, while anyone listens."""

_listeners = Gauge("memocha_event_listeners", "Clients that are told of events.")
_let_go = Counter("memocha_event_listeners_dropped_total", "Clients that did not keep up with events.")


@dataclass(slots=True, eq=False)
class Listener:
    """One client."""

    waiting: asyncio.Queue[bytes | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    """None: it is let go."""
    closed: bool = False

    def give(self, event: bytes) -> None:
        """Have it told; where too much waits already, let go of it."""
        if self.closed:
            return
        try:
            self.waiting.put_nowait(event)
        except asyncio.QueueFull:
            _let_go.inc()
            self.close()

    def close(self) -> None:
        """Let go of it, whatever waits."""
        self.closed = True
        while not self.waiting.empty():
            self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Listening:
    """Made once a process. `hear` and `watch` go on beside the requests."""

    def __init__(self, *, url: str, database: Database, status: Status) -> None:
        self._url = url
        self._database = database
        self._status = status
        self._listeners: defaultdict[UUID, set[Listener]] = defaultdict(set)
        self._last_status: bytes | None = None
        self._anyone = asyncio.Event()

    def check(self, user_id: UUID) -> None:
        """Raises `TooManyStreams` where one more client of the user's would be too many for this process."""
        if len(self._listeners.get(user_id, ())) >= CLIENTS:
            raise TooManyStreams(f"{CLIENTS} clients follow")

    async def follow(self, user_id: UUID, until: datetime | None = None) -> AsyncIterator[bytes]:
        """The user's events from now on, encoded; ends where the client does not keep up, and at that time."""
        listener = Listener()
        listener.give(encode(HelloEvent()))
        if self._last_status is not None:
            listener.give(self._last_status)
        self._listeners[user_id].add(listener)
        self._anyone.set()
        _listeners.inc()
        left = LONGEST if until is None else (until - datetime.now(UTC)).total_seconds()
        end = asyncio.get_running_loop().call_later(min(left, LONGEST), listener.close)
        try:
            while (event := await listener.waiting.get()) is not None:
                yield event
        finally:
            end.cancel()
            _listeners.dec()
            self._listeners[user_id].discard(listener)
            if not self._listeners[user_id]:
                del self._listeners[user_id]
            if not self._listeners:
                self._anyone.clear()
                self._last_status = None

    async def hear(self) -> None:
        """Hear notices and pass them on, coming back after Postgres was away, until cancelled."""
        failures = 0
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    # What was told before is lost for those who follow already.
                    self._tell_all(encode(HelloEvent()))
                    failures = 0
                    await self._pass_on(connection)
            except (psycopg.Error, TimeoutError, OSError) as error:
                log.warning("events are not heard; trying again", error=first_line(error))
            failures += 1
            await asyncio.sleep(min(wait(failures) / 4, AGAIN_AT_MOST))

    async def watch(self) -> None:
        """Tell what works when that changes, as long as anyone listens, until cancelled."""
        while True:
            await self._anyone.wait()
            found = await self._status.look()
            event = encode(StatusEvent(status=overall(found), dependencies=found))
            if event != self._last_status and self._listeners:
                self._last_status = event
                self._tell_all(event)
            await asyncio.sleep(LOOK)

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            libpq_url(self._url),
            autocommit=True,
            connect_timeout=CONNECT_TIMEOUT,
            application_name="memocha-events",
            keepalives_idle=20,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=30_000,
        )

    async def _pass_on(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            async for notice in connection.notifies(timeout=QUIET):
                await self._take(json.loads(notice.payload))
            async with asyncio.timeout(ANSWERS):
                await connection.execute("SELECT 1")

    async def _take(self, notice: dict[str, Any]) -> None:
        user_id = UUID(notice["user"])
        if user_id not in self._listeners:
            return
        if notice["event"] == "access":
            for listener in list(self._listeners[user_id]):
                listener.close()
            return
        try:
            event = await self._event(user_id, notice["event"], notice["data"])
        except DatabaseUnavailable as error:
            log.warning("an event could not be read", error=str(error))
            event = HelloEvent()
        except (KeyError, ValueError) as error:
            # Of another version, that runs beside this one for a while: what it is about can be read all the same.
            log.warning("an event is not of the form that is known", name=notice["event"], kind=type(error).__name__)
            event = HelloEvent()
        if event is not None:
            encoded = encode(event)
            for listener in list(self._listeners.get(user_id, ())):
                listener.give(encoded)

    async def _event(self, user_id: UUID, name: str, data: dict[str, Any]) -> BaseModel | None:
        """What a client is told; None where it is out of date already."""
        match name:
            case "title":
                return await self._title(user_id, UUID(data["session_id"]))
            case "remembered":
                return await self._remembered(user_id, data)
            case "forgotten":
                return ForgottenEvent.model_validate(data)
            case "job":
                return JobEvent.model_validate(data)
            case "session":
                return SessionEvent.model_validate(data)
            case "run":
                return RunBegunEvent.model_validate(data)
            case "memories":
                return MemoriesChangedEvent()
            case "me":
                return MeChangedEvent()
        # Of a later version, that runs beside this one for a while.
        log.info("an event is not known", name=name)
        return None

    async def _title(self, user_id: UUID, session_id: UUID) -> TitleEvent | None:
        try:
            async with self._database.transaction() as tx:
                session = await Sessions(tx).get(user_id, session_id)
        except SessionNotFound:
            return None
        return TitleEvent(session_id=session_id, title=session.title)

    async def _remembered(self, user_id: UUID, data: dict[str, Any]) -> RememberedEvent | None:
        async with self._database.transaction() as tx:
            memories = await Memories(tx).get_many(user_id, [UUID(each) for each in data["ids"]])
            items = await telling.listed(tx, user_id, sorted(memories, key=lambda memory: memory.id.int))
        if not items:
            return None
        return RememberedEvent(session_id=data["session_id"], message_id=data["message_id"], items=items)

    def _tell_all(self, event: bytes) -> None:
        for listener in self._all():
            listener.give(event)

    def _all(self) -> list[Listener]:
        return [listener for of_user in self._listeners.values() for listener in of_user]
