"""Storing what an import put aside: sessions, their messages in order, and memories of their own.

Any batch may be stored again: what is there already is found by its id, or by the id that follows from its content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import structlog
from sqlalchemy import or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.admission import title_of
from app.db.ids import among, new_id
from app.db.models import ImportLine, MemoryRow, Message, Session
from app.db.runs import Runs
from app.db.sessions import Sessions
from app.db.users import Users
from app.errors import SessionNotFound
from app.transfer.lines import Line, MessageLine, SessionLine
from graphs.errors import Retryable

WINDOW = 200
"""Messages at the end of an imported session that its first turn may read; a turn takes of them what fits."""

log = structlog.get_logger(__name__)


class SessionBusy(Retryable):
    """A session that is to be added to is answering a message."""

    code = "session_busy"
    title = "The session is answering a message; the import goes on after it."


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one session that follow one another."""

    heading: SessionLine
    key: str | None
    """What tells the session from others where it was given no id."""
    begins: bool
    """Whether its session line is not done yet; else the session is there, or was deleted meanwhile."""
    messages: list[tuple[MessageLine, str | None]]


async def hold_imports(tx: AsyncSession, user_id: UUID) -> None:
    """Let no other import of the user store anything until the transaction ends: both might make the same session."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"import:{user_id}"})


@dataclass(frozen=True, slots=True)
class Stored:
    """What lines of a session became."""

    session_id: UUID
    messages: list[UUID]
    """Those that were there already too."""
    kept: Mapping[UUID, MessageLine]
    """Of those that are new, what says which of their episodes are pinned or paused."""
    new: int
    """Lines that brought anything: the session's own, and those of messages."""
    switched: bool
    """Whether another branch is shown than before: what was remembered of that one is to go."""


async def store_part(tx: AsyncSession, user_id: UUID, part: Part, began: datetime) -> Stored:
    """The session and the messages of these lines.

    `began`: when the import did; what was forgotten after that stays forgotten. Raises `SessionBusy`, and
    `SessionNotFound` where the session was deleted after its first lines had been stored.
    """
    session_id, made = await _session(tx, user_id, part, began)
    session = await Sessions(tx).lock(user_id, session_id)
    if await Runs(tx).live_for(user_id, session.id) is not None:
        raise SessionBusy(f"session {session.id} has a live run")
    remembers = (await Users(tx).get(user_id)).memory_enabled and session.memory_enabled
    appending = _Appending(tx, session, remembers=remembers, began=began)
    messages = await appending.add(part.messages)
    return Stored(session.id, messages, appending.kept, appending.new + made, appending.switched)


async def _session(tx: AsyncSession, user_id: UUID, part: Part, began: datetime) -> tuple[UUID, bool]:
    """The session, and whether it was made just now."""
    sessions, heading = Sessions(tx), part.heading
    row_id = uuid5(user_id, f"session {part.key}") if heading.id is None else as_uuid(heading.id)
    there = await sessions.by_external_id(user_id, heading.id) if heading.id is not None else None
    if there is None and row_id is not None:
        there = await tx.scalar(
            select(Session).where(Session.id == row_id, Session.user_id == user_id, ~Session.temporary)
        )
    if there is not None:
        return there.id, False
    if not part.begins:
        raise SessionNotFound(f"a session of an import of user {user_id}")
    first = part.messages[0][0] if part.messages else None
    asked = next((line.content for line, _ in part.messages if line.role == "user"), "")
    session = await sessions.create(
        user_id,
        session_id=row_id if heading.id is None else None,
        title=title_of(asked) if heading.title is None else heading.title,
        external_id=heading.id,
        title_source="cut" if heading.title is None else "person",
        # An import may bring thousands; its own end tells of them all.
        told=False,
        memory_enabled=heading.memory_enabled,
        created_at=heading.created_at or (first and first.created_at) or began,
    )
    if heading.archived:
        session.archived_at = began
    return session.id, True


class _Appending:
    """Adding messages to the end of a session that is held."""

    def __init__(self, tx: AsyncSession, session: Session, *, remembers: bool, began: datetime) -> None:
        self._tx = tx
        self._session = session
        self._remembers = remembers
        self._began = began
        self.switched = False
        self.new = 0
        """Messages that were not there, and those that are remembered again."""
        self.kept: dict[UUID, MessageLine] = {}
        """By message that is new: lines that say something of its episodes."""
        self._ids: dict[str, UUID] = {}

    async def add(self, lines: Sequence[tuple[MessageLine, str | None]]) -> list[UUID]:
        """The messages of these lines, those that were there already too."""
        names = [line.id or str(self._derived(key)) for line, key in lines]
        await self._look_up({*names, *(line.parent for line, _ in lines if line.parent is not None)})
        again = [
            self._ids[name] for name, (line, _) in zip(names, lines, strict=True) if name in self._ids and line.remember
        ]
        rows: list[dict[str, Any]] = []
        for name, (line, key) in zip(names, lines, strict=True):
            if name not in self._ids:
                rows.append(self._row(line, key))
                self._ids[name] = rows[-1]["id"]
                if line.pinned or line.paused or line.episodes:
                    self.kept[rows[-1]["id"]] = line
        await self._store(rows)
        self.new = len(rows) + await self._remember_again(again)
        return list(dict.fromkeys(self._ids[name] for name in names))

    async def _look_up(self, names: set[str]) -> None:
        ids = [found for name in names if (found := as_uuid(name)) is not None]
        rows = await self._tx.execute(
            select(Message.id, Message.external_id).where(
                Message.session_id == self._session.id,
                or_(Message.external_id.in_(names), among(Message.id, ids)),
            )
        )
        for row in rows:
            self._ids.setdefault(str(row.id), row.id)
            if row.external_id is not None:
                self._ids[row.external_id] = row.id

    def _row(self, line: MessageLine, key: str | None) -> dict[str, Any]:
        session = self._session
        row_id = self._derived(key) if line.id is None else new_id()
        forgotten = not (self._remembers and line.remember)
        row = {
            "id": row_id,
            "session_id": session.id,
            "user_id": session.user_id,
            "parent_id": self._parent(line),
            "role": line.role,
            "speaker": line.name,
            "content": line.content,
            "seq": session.next_seq,
            "external_id": line.id,
            "created_at": line.created_at,
            "finish_reason": line.finish_reason,
            "model": line.model,
            "forgotten_at": datetime.now(UTC) if forgotten else None,
            "facts_at": datetime.now(UTC) if line.facts_taken else None,
            "retired_at": datetime.now(UTC) if line.retired else None,
        }
        session.next_seq += 1
        if line.created_at is not None:
            session.updated_at = max(session.updated_at, line.created_at)
        if line.shown:
            self.switched = self.switched or session.head_id not in (None, row["parent_id"])
            session.head_id = row_id
        return row

    def _parent(self, line: MessageLine) -> UUID | None:
        if "parent" not in line.model_fields_set:
            return self._session.head_id
        if line.parent is None:
            return None
        if line.parent not in self._ids:
            log.warning("an imported message names a parent that is not there", session_id=str(self._session.id))
        return self._ids.get(line.parent, self._session.head_id)

    async def _store(self, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        # The session's head and positions wait for the rows that they name.
        with self._tx.no_autoflush:
            await self._tx.execute(insert(Message).values(rows))
        self._session.window_start = max(self._session.window_start, self._session.next_seq - WINDOW)
        await self._tx.flush()

    async def _remember_again(self, ids: Sequence[UUID]) -> int:
        """What was forgotten before this import began may be remembered again: somebody brings it back on purpose. How
        many messages that are."""
        if not self._remembers or not ids:
            return 0
        brought = await self._tx.scalars(
            update(Message)
            .where(among(Message.id, ids), Message.forgotten_at < self._began)
            .values(forgotten_at=None, facts_at=None)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        )
        return len(brought.all())

    def _derived(self, key: str | None) -> UUID:
        return uuid5(self._session.id, f"message {key}")


async def not_indexed(tx: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """Those of the memories that the index does not hold as they are, whether they have rows or not."""
    indexed = set(
        await tx.scalars(
            select(MemoryRow.id).where(
                among(MemoryRow.id, ids), MemoryRow.user_id == user_id, MemoryRow.indexed_at.is_not(None)
            )
        )
    )
    return [each for each in ids if each not in indexed]


def parts_of(lines: Sequence[ImportLine], headings: dict[int, ImportLine], done: int) -> list[Part]:
    """The lines of sessions, by session, in order. `done`: the number of the last line that is."""
    parts: dict[int, Part] = {}
    for row in lines:
        if row.session_number is None:
            continue
        if row.session_number not in parts:
            heading = headings[row.session_number]
            session = Line.model_validate_json(heading.line).session
            assert session is not None
            parts[row.session_number] = Part(session, heading.key, row.session_number > done, [])
        message = Line.model_validate_json(row.line).message
        if message is not None:
            parts[row.session_number].messages.append((message, row.key))
    return list(parts.values())


def as_uuid(name: str) -> UUID | None:
    """The id, where the name is one as we write them."""
    try:
        found = UUID(name)
    except ValueError:
        return None
    return found if str(found) == name else None
