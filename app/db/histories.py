"""Finding a conversation by its words, for clients that keep it themselves and name no session."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from graphs.memory.records import Role

SPACE = " \t\r\n"
"""What clients take away at the ends of a message, or add there."""
LOOKS = 4
"""How many of the last answers are looked for, from the last one back: a client may have changed one."""

# By the words of its last answer, which an index knows, and from there up, a message at a time, by primary key. Of two
# conversations that began alike it is the one that ends just there, else the newer.
FIND = """
    WITH RECURSIVE said AS (
        SELECT CAST(:roles AS text[]) AS roles, CAST(:words AS text[]) AS words
    ), walk AS (
        (
            SELECT last.id AS leaf, last.session_id, last.parent_id, 1 AS reached,
                   session.head_id = last.id AS ends_there, last.created_at
            FROM said
            JOIN messages AS last ON hashtextextended(btrim(last.content, ' \t\r\n'), 0)
                = hashtextextended(said.words[1], 0)
            JOIN sessions AS session ON session.id = last.session_id
            WHERE last.user_id = :user_id AND last.role = 'assistant' AND NOT session.temporary
                AND btrim(last.content, ' \t\r\n') = said.words[1]
                AND session.id = coalesce(CAST(:session_id AS uuid), session.id)
            ORDER BY ends_there DESC, last.created_at DESC
            LIMIT 20
        )
        UNION ALL
        SELECT walk.leaf, walk.session_id, parent.parent_id, walk.reached + 1, walk.ends_there, walk.created_at
        FROM walk CROSS JOIN said JOIN messages AS parent ON parent.id = walk.parent_id
        WHERE parent.role = said.roles[walk.reached + 1]
            AND btrim(parent.content, ' \t\r\n') = said.words[walk.reached + 1]
    )
    SELECT session_id, leaf FROM walk
    WHERE reached = :length AND (parent_id IS NULL OR :length > 1)
    ORDER BY parent_id IS NULL DESC, ends_there DESC, created_at DESC
    LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a client tells it."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a conversation goes on."""

    session_id: UUID
    after: UUID
    """The last message that is known."""
    known: int
    """How many messages of what was told end in it."""


class Histories:
    """What was said, by its words."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def find(self, user_id: UUID, history: Sequence[Said], session_id: UUID | None = None) -> Place | None:
        """Where the history, oldest first, is known from; None where it is new.

        The whole of it up to one of its last answers must have been said, in one branch of one session, from the
        branch's first message on or, where a client has let go of the beginning, from a later one on.
        """
        answers = [position for position, said in enumerate(history) if said.role == "assistant"]
        for position in answers[: -LOOKS - 1 : -1]:
            known = history[position::-1]
            row = (
                await self._tx.execute(
                    text(FIND),
                    {
                        "user_id": user_id,
                        "session_id": session_id,
                        "roles": [said.role for said in known],
                        "words": [said.text.strip(SPACE) for said in known],
                        "length": len(known),
                    },
                )
            ).one_or_none()
            if row is not None:
                return Place(row.session_id, row.leaf, len(known))
        return None
