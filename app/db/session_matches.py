"""Where a search hits what was said in sessions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import among
from app.db.models import Message, Session
from app.db.paging import like

LENGTH = 120
"""Characters of a snippet, about."""
BEFORE = 45
"""Of them before the hit."""
NEAR = 15
"""So far from where a snippet is cut a blank is looked for, to cut between words."""


@dataclass(frozen=True, slots=True)
class Match:
    """The first message of a session that has the words."""

    message_id: UUID
    text: str
    """Some of it, round the words."""


async def matches(tx: AsyncSession, user_id: UUID, session_ids: Sequence[UUID], words: str) -> dict[UUID, Match]:
    """By session, where the words were first said; sessions that have them in their title are left out."""
    if not session_ids:
        return {}
    content, pattern = Message.content, like(words)
    # Upper and lower case may differ in length in a few alphabets: then the snippet is a little off.
    at = func.greatest(func.strpos(func.lower(content), words.lower()), 1)
    rows = await tx.execute(
        select(
            Message.session_id,
            Message.id,
            # Three parts in place of the whole: a message may have a hundred thousand characters.
            func.substr(content, func.greatest(at - LENGTH, 1), func.least(at - 1, LENGTH)).label("before"),
            func.substr(content, at, len(words)).label("hit"),
            func.substr(content, at + len(words), LENGTH * 2).label("after"),
        )
        .ext(distinct_on(Message.session_id))
        .join(Session, Session.id == Message.session_id)
        .where(
            among(Message.session_id, session_ids),
            Message.user_id == user_id,
            content.ilike(pattern, escape="\\"),
            ~Session.title.ilike(pattern, escape="\\"),
        )
        .order_by(Message.session_id, Message.seq)
    )
    return {row.session_id: Match(row.id, snippet(row.before, row.hit, row.after)) for row in rows}


def snippet(before: str, hit: str, after: str) -> str:
    """The hit with some of what stands round it, on one line, cut between words where there are blanks."""
    before, hit, after = (re.sub(r"\s+", " ", part) for part in (before, hit, after))
    before, after = before.lstrip(), after.rstrip()
    if len(before) > BEFORE:
        before = before[-BEFORE:]
        blank = before.find(" ", 0, NEAR)
        before = "…" + before[blank + 1 :]
    room = max(LENGTH - len(before) - len(hit), 0)
    if len(after) > room:
        after = after[:room]
        blank = after.rfind(" ", max(0, room - NEAR))
        after = (after if blank < 0 else after[:blank]) + "…"
    return before + hit + after
