"""Receiving an import: every line is checked and put aside before the first is stored, so nothing is half imported."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.import_lines import ImportLines
from app.db.jobs import Jobs
from app.db.models import ImportLine, JobRow
from app.errors import InvalidLine, InvalidRequest
from app.jobs.queue import JobQueue
from app.transfer.lines import Line, MessageLine, SessionLine
from app.transfer.sources import Lines

FLUSH_LINES = 1000
FLUSH_CHARACTERS = 2_000_000
"""What is kept in memory of an import before it is written."""
STEP = timedelta(milliseconds=1)
"""Between messages that were given no time."""


async def receive(
    database: Database,
    queue: JobQueue,
    user_id: UUID,
    lines: Lines,
    skipped: Mapping[str, int] | None = None,
    *,
    left: Callable[[], Awaitable[bool]] | None = None,
) -> JobRow:
    """Put all lines aside and the job that stores them into the queue. `skipped`: what their reader left out, by kind,
    complete when they have ended. `left`: whether who sent them waits no more, and has given it up.

    Raises `InvalidLine`, `InvalidArchive`, and `InvalidRequest` where who sent them has left; nothing is kept then.
    """
    async with database.transaction() as tx:
        job = await Jobs(tx).receive(user_id, "import")
    try:
        total = await _put_aside(database, job, lines, left or _stays)
        async with database.transaction() as tx:
            left_out = {kind: count for kind, count in (skipped or {}).items() if count}
            job = await Jobs(tx).received(user_id, job.id, total, state="queued", skipped=left_out)
            await queue.import_lines(tx, user_id, job.id)
    except BaseException:
        # Where Postgres is away, what was put aside is found and removed later.
        with suppress(DatabaseUnavailable):
            await asyncio.shield(_drop(database, job))
        raise
    return job


async def _drop(database: Database, job: JobRow) -> None:
    async with database.transaction() as tx:
        await Jobs(tx).drop(job.user_id, job.id)


async def _stays() -> bool:
    return False


async def _put_aside(database: Database, job: JobRow, lines: Lines, left: Callable[[], Awaitable[bool]]) -> int:
    stager = Stager(job.id, job.created_at)
    waiting: list[ImportLine] = []
    characters = 0
    async for number, line in lines:
        waiting.append(stager.take(number, line))
        characters += len(waiting[-1].line)
        if len(waiting) >= FLUSH_LINES or characters >= FLUSH_CHARACTERS:
            await _flush(database, job, stager, waiting)
            waiting, characters = [], 0
            await _check(left)
    stager.end()
    await _flush(database, job, stager, waiting)
    await _check(left)
    return stager.count


async def _check(left: Callable[[], Awaitable[bool]]) -> None:
    if await left():
        raise InvalidRequest("the connection was closed before the answer")


async def _flush(database: Database, job: JobRow, stager: "Stager", waiting: Sequence[ImportLine]) -> None:
    async with database.transaction() as tx:
        await Jobs(tx).received(job.user_id, job.id, stager.count)
        await ImportLines(tx, job.id).add(waiting)
        await ImportLines(tx, job.id).set_keys(stager.keys)
    stager.keys.clear()


@dataclass
class Stager:
    """Checks the order of lines and gives each what tells it from others, and its time.

    What was given no id is told by its content and all that stands before it in its session, a session without an id
    by all its messages: so the same file again changes nothing, while two equal messages, or two sessions that begin
    alike, stay two.
    """

    job_id: UUID
    now: datetime
    count: int = 0
    keys: dict[int, str] = field(default_factory=dict)
    """By number, keys of sessions without an id, known when their last message has been seen."""
    _session: int | None = None
    _nameless: bool = False
    _chain: bytes = b""
    _moment: datetime | None = None

    def take(self, number: int, line: Line) -> ImportLine:
        """The line as it is put aside; `number` is the one that an error names. Raises `InvalidLine`."""
        self.count += 1
        key: str | None = None
        if line.session is not None:
            self._begin(line.session)
        elif line.message is not None:
            if self._session is None:
                raise InvalidLine(number, "message: a session line has to come before the first message")
            key = self._follow(line.message)
        elif line.memory is not None:
            if line.memory.id is None:
                key = sha256(line.memory.model_dump_json(exclude_defaults=True).encode()).hexdigest()
            line.memory.created_at = line.memory.created_at or self.now
        alone = line.session is None and line.message is None
        return ImportLine(
            job_id=self.job_id,
            number=self.count,
            session_number=None if alone else self._session,
            key=key,
            line=line.to_json(),
        )

    def end(self) -> None:
        """No message of the session comes any more."""
        if self._session is not None and self._nameless:
            self.keys[self._session] = self._chain.hex()

    def _begin(self, session: SessionLine) -> None:
        self.end()
        self._session, self._nameless = self.count, session.id is None
        self._chain = sha256(
            session.model_dump_json(exclude_defaults=True).encode() if self._nameless else b""
        ).digest()
        self._moment = session.created_at

    def _follow(self, message: MessageLine) -> str | None:
        said = message.model_dump_json(exclude_defaults=True).encode()
        self._chain = sha256(self._chain + said).digest()
        if message.created_at is None:
            message.created_at = self._moment or self.now
        self._moment = message.created_at + STEP
        return self._chain.hex() if message.id is None else None
