"""The messages table: a session's tree, its branches and the window that the model reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import FinishReason, Message, Session, User
from app.db.recalls import Recalls
from app.errors import MessageNotFound, NotOnBranch, SessionNotFound
from graphs.memory.records import Recalled, Role

# From a message up to the root, by primary key, and no further than asked: the last twenty of ten thousand
# cost twenty look-ups. A parent's position is lower, so the walk stops at the first that is too low.
WALK = """
    WITH RECURSIVE walk AS (
        SELECT id, parent_id, seq, (seq < :before_seq)::int AS taken
        FROM messages
        WHERE id = :head_id AND session_id = :session_id AND user_id = :user_id AND seq >= :from_seq
        UNION ALL
        SELECT parent.id, parent.parent_id, parent.seq, walk.taken + (parent.seq < :before_seq)::int
        FROM walk JOIN messages AS parent ON parent.id = walk.parent_id
        WHERE walk.taken < :limit AND parent.seq >= :from_seq
    )
    SELECT id FROM walk WHERE seq < :before_seq
"""
DESCEND = """
    WITH RECURSIVE down AS (
        SELECT id, seq FROM messages
        WHERE id = :message_id AND session_id = :session_id AND user_id = :user_id
        UNION ALL
        SELECT child.id, child.seq
        FROM down CROSS JOIN LATERAL (
            SELECT id, seq FROM messages WHERE parent_id = down.id ORDER BY seq DESC LIMIT 1
        ) AS child
    )
    SELECT id FROM down ORDER BY seq DESC LIMIT 1
"""
EVERY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class WindowMessage:
    """A message as the model reads it, with the memories that were recalled for an answer."""

    message: Message
    recalled: list[Recalled] = field(default_factory=list)
    """In the order in which they were given; empty for the user's messages."""


class Messages:
    """What was said. Of what is not the user's every method behaves as if it were not there."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def add(
        self,
        user_id: UUID,
        session_id: UUID,
        role: Role,
        content: str,
        *,
        parent_id: UUID | None,
        message_id: UUID | None = None,
        speaker: str | None = None,
        external_id: str | None = None,
        created_at: datetime | None = None,
        finish_reason: FinishReason | None = None,
        model: str | None = None,
        degraded: bool = False,
        numbered_to: int | None = None,
        make_head: bool = True,
    ) -> tuple[Message, bool]:
        """Add a message below its parent (None: as a root), at the next position; whether it was new.

        An id that the session holds already is left as it is and returned, so a caller may say it twice. The
        session's row is held until the transaction ends, so positions follow commits. `make_head` shows the
        branch that ends in it. Raises `SessionNotFound`, `MessageNotFound` for a foreign parent.
        """
        session, remembers = await self._lock(user_id, session_id)
        if message_id is None:
            message_id = new_id()
        elif (there := await self._find(user_id, session_id, message_id)) is not None:
            return there, False
        if parent_id is not None and parent_id != session.head_id:  # the head is the session's own
            await self.get(user_id, session_id, parent_id)
        values = {
            "id": message_id,
            "session_id": session_id,
            "user_id": user_id,
            "parent_id": parent_id,
            "role": role,
            "content": content,
            "seq": session.next_seq,
            "speaker": speaker,
            "external_id": external_id,
            "finish_reason": finish_reason,
            "model": model,
            "degraded": degraded,
            "numbered_to": numbered_to,
            # Said with memory off: turning it on later must not reach back.
            "forgotten_at": None if remembers else func.now(),
        } | ({"created_at": created_at} if created_at is not None else {})
        message = (await self._tx.scalars(insert(Message).values(values).returning(Message))).one()
        session.next_seq += 1
        session.updated_at = max(session.updated_at, message.created_at)
        if make_head:
            session.head_id = message_id
        await self._tx.flush()
        return message, True

    async def get(self, user_id: UUID, session_id: UUID, message_id: UUID) -> Message:
        """The message. Raises `MessageNotFound`."""
        message = await self._find(user_id, session_id, message_id)
        if message is None:
            raise MessageNotFound(f"message {message_id} of session {session_id}")
        return message

    async def get_many(self, user_id: UUID, session_id: UUID, ids: Sequence[UUID]) -> list[Message]:
        """Those of the messages that there are, in the order they were added."""
        rows = await self._tx.scalars(
            select(Message)
            .where(Message.id.in_(ids), Message.session_id == session_id, Message.user_id == user_id)
            .order_by(Message.seq)
        )
        return list(rows)

    async def asked_after(self, user_id: UUID, session_id: UUID, parent_id: UUID, content: str) -> Message | None:
        """The user's message of just these words right after that one; the newest of several."""
        return await self._tx.scalar(
            select(Message)
            .where(
                Message.user_id == user_id,
                Message.session_id == session_id,
                Message.parent_id == parent_id,
                Message.role == "user",
                Message.content == content,
            )
            .order_by(Message.seq.desc())
            .limit(1)
        )

    async def by_external_id(self, user_id: UUID, session_id: UUID, external_id: str) -> Message | None:
        """The message that was imported under that id."""
        return await self._tx.scalar(
            select(Message).where(
                Message.user_id == user_id,
                Message.session_id == session_id,
                Message.external_id == external_id,
            )
        )

    async def branch(
        self,
        user_id: UUID,
        session_id: UUID,
        head_id: UUID | None,
        *,
        limit: int = EVERY,
        from_seq: int = 0,
        before_seq: int = EVERY,
    ) -> list[Message]:
        """The last `limit` messages of the branch that ends in `head_id`, oldest first.

        `from_seq` and `before_seq` bound their positions. To page back in a long session, give as `head_id`
        the parent of the oldest message seen: that reads no more than is returned.
        """
        if head_id is None:
            return []
        ids = (
            text(WALK)
            .columns(Message.id)
            .bindparams(
                head_id=head_id,
                session_id=session_id,
                user_id=user_id,
                limit=limit,
                from_seq=from_seq,
                before_seq=before_seq,
            )
        )
        rows = await self._tx.scalars(select(Message).where(Message.id.in_(ids)).order_by(Message.seq))
        return list(rows)

    async def following(self, user_id: UUID, session_id: UUID, message_id: UUID, limit: int) -> list[Message]:
        """The message and what comes after it on the shown branch, so many at the most, oldest first. Raises
        `MessageNotFound`, and `NotOnBranch` where another branch is shown."""
        message = await self.get(user_id, session_id, message_id)
        head_id = await self._head(user_id, session_id)
        shown = text(WALK).columns(Message.id).bindparams(**_walk(user_id, session_id, head_id, from_seq=message.seq))
        found = await self._tx.scalars(select(Message).where(Message.id.in_(shown)).order_by(Message.seq).limit(limit))
        rows = list(found)
        if not rows or rows[0].id != message_id:
            raise NotOnBranch(f"message {message_id} of session {session_id}")
        return rows

    async def around(self, user_id: UUID, session_id: UUID, message_id: UUID, limit: int) -> list[Message]:
        """So many of the shown branch with this message in their middle; at the branch's end more of what was before.
        Oldest first. Raises `MessageNotFound` and `NotOnBranch`."""
        rows = await self.following(user_id, session_id, message_id, limit - limit // 2)
        if (room := limit - len(rows)) > 0:
            rows = [*await self.branch(user_id, session_id, rows[0].parent_id, limit=room), *rows]
        return rows

    async def on_branch(self, user_id: UUID, session_id: UUID, message_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the messages that are on the branch that the session shows."""
        rows = (
            await self._tx.execute(
                select(Message.id, Message.seq).where(
                    Message.id.in_(message_ids),
                    Message.session_id == session_id,
                    Message.user_id == user_id,
                )
            )
        ).all()
        head_id = await self._head(user_id, session_id)
        if not rows or head_id is None:
            return set()
        lowest = min(row.seq for row in rows)
        shown = await self._walk(user_id, session_id, head_id, from_seq=lowest)
        return {row.id for row in rows} & shown

    async def shown_ids(self, user_id: UUID, session_id: UUID) -> set[UUID]:
        """All messages of the branch that the session shows."""
        head_id = await self._head(user_id, session_id)
        return set() if head_id is None else await self._walk(user_id, session_id, head_id, from_seq=0)

    async def window(self, user_id: UUID, session_id: UUID, from_seq: int) -> list[WindowMessage]:
        """The shown branch from a position on, oldest first, each answer with the memories that were recalled for it.

        What was in view then is left out: there are ten times as many of those, and an earlier answer has each.
        """
        head_id = await self._head(user_id, session_id)
        messages = await self.branch(user_id, session_id, head_id, from_seq=from_seq)
        answers = [message.id for message in messages if message.role == "assistant"]
        given = await Recalls(self._tx).of(user_id, answers, in_view=False)
        return [WindowMessage(message, given.get(message.id, [])) for message in messages]

    async def siblings(self, user_id: UUID, session_id: UUID, messages: Sequence[Message]) -> dict[UUID, list[UUID]]:
        """For each message the ids of all that share its parent, itself too, in the order they were added."""
        parents = {message.parent_id for message in messages}
        below = Message.parent_id.in_([parent for parent in parents if parent is not None])
        rows = await self._tx.execute(
            select(Message.id, Message.parent_id)
            .where(
                Message.session_id == session_id,
                Message.user_id == user_id,
                below | Message.parent_id.is_(None) if None in parents else below,
            )
            .order_by(Message.seq)
        )
        families: dict[UUID | None, list[UUID]] = {}
        for row in rows:
            families.setdefault(row.parent_id, []).append(row.id)
        return {message.id: families.get(message.parent_id, [message.id]) for message in messages}

    async def leaf(self, user_id: UUID, session_id: UUID, message_id: UUID) -> UUID:
        """Where the branch through this message ends, the newest at each fork. Raises `MessageNotFound`."""
        found: UUID | None = await self._tx.scalar(
            text(DESCEND).columns(Message.id),
            {"message_id": message_id, "session_id": session_id, "user_id": user_id},
        )
        if found is None:
            raise MessageNotFound(f"message {message_id} of session {session_id}")
        return found

    async def answers(self, user_id: UUID, session_id: UUID) -> int:
        """How many messages of the assistant the session has, on all its branches."""
        answers = select(func.count()).where(
            Message.session_id == session_id, Message.user_id == user_id, Message.role == "assistant"
        )
        return (await self._tx.execute(answers)).scalar_one()

    async def forget(self, user_id: UUID, message_ids: Sequence[UUID]) -> None:
        """Mark the messages as not to be remembered."""
        await self._tx.execute(
            update(Message)
            .where(Message.id.in_(message_ids), Message.user_id == user_id, Message.forgotten_at.is_(None))
            .values(forgotten_at=func.now())
        )

    async def count_forgotten(self, user_id: UUID, message_id: UUID, count: int) -> None:
        """Note that so many (more) memories went because the message asked for it."""
        await self._tx.execute(
            update(Message)
            .where(Message.id == message_id, Message.user_id == user_id)
            .values(forgotten_count=Message.forgotten_count + count)
        )

    async def to_remember(self, user_id: UUID, message_ids: Sequence[UUID]) -> list[Message]:
        """Those of the messages that may be remembered, held so that nobody has them forgotten meanwhile.

        Left out: forgotten ones, those whose episodes left by retention, and those of temporary sessions and of
        sessions or users with memory off.
        """
        rows = await self._tx.scalars(
            select(Message)
            .join(Session, Session.id == Message.session_id)
            .join(User, User.id == Message.user_id)
            .where(
                Message.id.in_(message_ids),
                Message.user_id == user_id,
                Message.forgotten_at.is_(None),
                Message.retired_at.is_(None),
                User.memory_enabled,
                Session.memory_enabled,
                ~Session.temporary,
            )
            .order_by(Message.id)
            .with_for_update(read=True, of=Message)
        )
        return list(rows)

    async def _find(self, user_id: UUID, session_id: UUID, message_id: UUID) -> Message | None:
        return await self._tx.scalar(
            select(Message).where(
                Message.id == message_id, Message.session_id == session_id, Message.user_id == user_id
            )
        )

    async def _lock(self, user_id: UUID, session_id: UUID) -> tuple[Session, bool]:
        """The session, held, and whether what is said in it now may be remembered."""
        found = await self._tx.execute(
            select(Session, User.memory_enabled)
            .join(User, User.id == Session.user_id)
            .where(Session.id == session_id, Session.user_id == user_id)
            .with_for_update(of=Session)
            .execution_options(populate_existing=True)
        )
        row = found.one_or_none()
        if row is None:
            raise SessionNotFound(f"session {session_id} of user {user_id}")
        session: Session = row.Session
        return session, row.memory_enabled and session.memory_enabled and not session.temporary

    async def _head(self, user_id: UUID, session_id: UUID) -> UUID | None:
        return await self._tx.scalar(
            select(Session.head_id).where(Session.id == session_id, Session.user_id == user_id)
        )

    async def _walk(self, user_id: UUID, session_id: UUID, head_id: UUID, *, from_seq: int) -> set[UUID]:
        values = _walk(user_id, session_id, head_id, from_seq=from_seq)
        return set(await self._tx.scalars(text(WALK).columns(Message.id), values))


def _walk(user_id: UUID, session_id: UUID, head_id: UUID | None, *, from_seq: int) -> dict[str, Any]:
    """What `WALK` is given for all of a branch from a position on."""
    return {
        "head_id": head_id,
        "session_id": session_id,
        "user_id": user_id,
        "limit": EVERY,
        "from_seq": from_seq,
        "before_seq": EVERY,
    }
