"""Sessions and what was said in them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from app import telling
from app.api.parts import PartsOf
from app.chat import branches
from app.db.messages import Messages
from app.db.models import Message as MessageRow
from app.db.models import Session as SessionRow
from app.db.runs import Runs as RunRows
from app.db.session_matches import Match, matches
from app.db.sessions import SessionChange, Sessions
from app.errors import InvalidRequest
from app.schemas import (
    Input,
    ListedSession,
    MessagePage,
    Page,
    Problem,
    Receipt,
    Session,
    SessionMatch,
    Text,
)
from app.security.identity import UserId, needs

router = APIRouter(
    prefix="/api/sessions",
    tags=["sessions"],
    dependencies=[needs("chat")],
    responses={404: {"model": Problem}, 422: {"model": Problem}},
)

Title = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]
LATER = "after."
"""What a cursor of messages begins with that leads to what was said later."""


class NewSession(Input):
    """A session to be started before its first message."""

    title: Title | None = None
    memory_enabled: bool = True
    temporary: bool = False


class SessionPatch(Input):
    """What to change; what is left out stays."""

    title: Title | None = None
    archived: bool | None = None
    memory_enabled: bool | None = None
    head: UUID | None = Field(None, description="A message; the branch that goes through it is shown from now on.")


@router.get("")
async def list_sessions(
    user_id: UserId,
    parts: PartsOf,
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Annotated[Text | None, Query(max_length=200)] = None,
    archived: Annotated[
        bool | Literal["any"], Query(description="Those in the archive, or those and the others.")
    ] = False,
) -> Page[ListedSession]:
    """Your sessions, those that were talked in last first. `search` looks at titles and at what was said."""
    async with parts.database.transaction() as tx:
        wanted = None if archived == "any" else archived
        page = await Sessions(tx).list(user_id, limit=limit, cursor=cursor, search=search, archived=wanted)
        ids = [row.id for row in page.items]
        live = await RunRows(tx).live_ids(user_id, ids)
        found = await matches(tx, user_id, ids, search) if search else {}
    return Page(
        items=[listed_session(row, live.get(row.id), found.get(row.id)) for row in page.items],
        next_cursor=page.next_cursor,
    )


@router.post("", status_code=201)
async def create_session(body: NewSession, user_id: UserId, parts: PartsOf) -> Session:
    """Start a session."""
    async with parts.database.transaction() as tx:
        row = await Sessions(tx).create(
            user_id, title=body.title or "", temporary=body.temporary, memory_enabled=body.memory_enabled
        )
    return session_of(row, None)


@router.get("/{session_id}")
async def get_session(session_id: UUID, user_id: UserId, parts: PartsOf) -> Session:
    """One session."""
    async with parts.database.transaction() as tx:
        return await _session(tx, user_id, session_id)


@router.patch("/{session_id}")
async def change_session(session_id: UUID, body: SessionPatch, user_id: UserId, parts: PartsOf) -> Session:
    """Rename, archive, turn memory on or off, or show another branch."""
    async with parts.database.transaction() as tx:
        row = await Sessions(tx).change(
            user_id,
            session_id,
            SessionChange(title=body.title, archived=body.archived, memory_enabled=body.memory_enabled),
        )
        if body.head is not None:
            await branches.show(tx, user_id, row, body.head)
        if body.head is not None or body.memory_enabled is not None:
            await branches.remember_shown(tx, parts.queue, user_id, row.id)
        return await _session(tx, user_id, session_id)


@router.delete("/{session_id}")
async def delete_session(
    session_id: UUID, user_id: UserId, parts: PartsOf, memories: Literal["keep", "delete"] = "delete"
) -> Receipt:
    """Delete a session, with the memories that came from it unless they are to be kept."""
    return await parts.forgetter.session(user_id, session_id, keep_memories=memories == "keep")


@router.post("/{session_id}/reset")
async def reset_session(session_id: UUID, user_id: UserId, parts: PartsOf) -> Receipt:
    """Empty the conversation and forget what came from it; the session stays."""
    return await parts.forgetter.conversation(user_id, session_id)


@router.get("/{session_id}/messages", responses={409: {"model": Problem}})
async def list_messages(
    session_id: UUID,
    user_id: UserId,
    parts: PartsOf,
    limit: Limit = 100,
    cursor: Cursor = None,
    around: Annotated[UUID | None, Query(description="A message: the page has it in its middle.")] = None,
) -> MessagePage:
    """The branch that is shown, oldest first; without a cursor its last messages. 409 `not_on_branch` where the message
    that is asked for is on another branch: `PATCH` the session's head to show it."""
    if around is not None and cursor is not None:
        raise InvalidRequest("a cursor goes on from a page; around begins one: give either")
    async with parts.database.transaction() as tx:
        session = await Sessions(tx).get(user_id, session_id)
        rows = await _rows(Messages(tx), user_id, session, limit, cursor, around)
        items = await telling.messages(tx, user_id, session_id, rows)
    return MessagePage(
        items=items,
        next_cursor=str(rows[0].parent_id) if rows and rows[0].parent_id else None,
        previous_cursor=f"{LATER}{rows[-1].id}" if rows and rows[-1].id != session.head_id else None,
    )


async def _rows(
    messages: Messages, user_id: UUID, session: SessionRow, limit: int, cursor: str | None, around: UUID | None
) -> list[MessageRow]:
    if around is not None:
        return await messages.around(user_id, session.id, around, limit)
    if cursor is not None and cursor.startswith(LATER):
        seen = _position(cursor.removeprefix(LATER))
        return (await messages.following(user_id, session.id, seen, limit + 1))[1:]
    head = _position(cursor) if cursor else session.head_id
    return await messages.branch(user_id, session.id, head, limit=limit)


def session_of(row: SessionRow, active_run_id: UUID | None) -> Session:
    """The row as clients see it."""
    return Session(
        id=row.id,
        title=row.title,
        created_at=row.created_at,
        updated_at=row.updated_at,
        archived=row.archived_at is not None,
        memory_enabled=row.memory_enabled,
        temporary=row.temporary,
        head_id=row.head_id,
        active_run_id=active_run_id,
    )


def listed_session(row: SessionRow, active_run_id: UUID | None, match: Match | None) -> ListedSession:
    """The row as a list shows it."""
    told = SessionMatch(message_id=match.message_id, text=match.text) if match is not None else None
    return ListedSession(**session_of(row, active_run_id).model_dump(), match=told)


async def _session(tx: AsyncSession, user_id: UUID, session_id: UUID) -> Session:
    row = await Sessions(tx).get(user_id, session_id)
    live = await RunRows(tx).live_for(user_id, session_id)
    return session_of(row, live.id if live else None)


def _position(cursor: str) -> UUID:
    try:
        return UUID(cursor)
    except ValueError:
        raise InvalidRequest("cursor is none that this list gave") from None
