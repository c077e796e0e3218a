"""Facts as rows: which messages are still to be read, what becomes of a new fact, and what comes back when one goes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.convert import utc
from app.db.ids import among, new_id
from app.db.memories import Memories
from app.db.messages import Messages
from app.db.models import FactTokens, MemoryEvent, MemoryRow, MemorySource, Message, Run, Session, User
from app.db.sessions import Sessions
from graphs.memory.facts.records import Decision, Fact, Known, Relation, Said
from graphs.memory.records import Memory, MemoryKind, MemoryState, Source

CONTEXT = 4
"""Messages before the first unread one that go along, for what "she" and "there" stand for."""
READ_AT_ONCE = 60
PUT_OFF = timedelta(minutes=1)
PUT_OFF_MOST = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Unread:
    """A session's messages that facts are to be taken from, after some that were read before."""

    messages: list[Said]
    """Of the shown branch, oldest first; `unread` says which are to be read. Forgotten ones are not among them."""
    skipped: list[UUID]
    """Messages that nothing is to be taken from: of other branches, or of an imported talk between named people."""
    tries: int
    """Times in a row that reading them has failed."""


@dataclass(slots=True)
class Stored:
    """What a batch has changed."""

    changed: list[UUID] = field(default_factory=list)
    """Memories that the index must follow."""
    relations: Counter[Relation] = field(default_factory=Counter)


class Facts:
    """Facts of a user. Whoever calls has to tell the index of what changed, in the same transaction."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    # --- what is to be read

    async def waiting(self, *, pause: timedelta, every: int, limit: int) -> list[tuple[UUID, UUID]]:
        """(user, session) of sessions to be read, of all users, the one that was talked in last first: those that
        paused for so long or have so many unread messages, and are not put off."""
        unread = (
            select(Message.session_id, func.count().label("count"))
            .where(Message.facts_at.is_(None), Message.role == "user", Message.forgotten_at.is_(None))
            .group_by(Message.session_id)
            .subquery()
        )
        rows = await self._tx.execute(
            select(Session.user_id, Session.id)
            .join(unread, unread.c.session_id == Session.id)
            .join(User, User.id == Session.user_id)
            .where(
                ~Session.temporary,
                Session.memory_enabled,
                User.memory_enabled,
                or_(Session.facts_after.is_(None), Session.facts_after < func.now()),
                or_(Session.updated_at < func.now() - pause, unread.c.count >= every),
            )
            .order_by(Session.updated_at.desc())
            .limit(limit)
        )
        return [(row.user_id, row.id) for row in rows]

    async def unread(self, user_id: UUID, session_id: UUID) -> Unread | None:
        """What is to be read of the session; None where nothing is, or it is gone, put off, or memory is off."""
        session = await self._tx.scalar(
            select(Session)
            .join(User, User.id == Session.user_id)
            .where(
                Session.id == session_id,
                Session.user_id == user_id,
                Session.memory_enabled,
                ~Session.temporary,
                User.memory_enabled,
                or_(Session.facts_after.is_(None), Session.facts_after < func.now()),
            )
        )
        if session is None:
            return None
        waiting = (
            await self._tx.execute(
                select(Message.id, Message.seq, Message.speaker)
                .where(
                    Message.session_id == session_id,
                    Message.user_id == user_id,
                    Message.role == "user",
                    Message.facts_at.is_(None),
                    Message.forgotten_at.is_(None),
                )
                .order_by(Message.seq)
                .limit(READ_AT_ONCE)
            )
        ).all()
        if not waiting:
            return None
        messages = Messages(self._tx)
        shown = await messages.on_branch(user_id, session_id, [row.id for row in waiting])
        # In a talk between named people nobody said which of them the user is.
        wanted = {row.id for row in waiting if row.id in shown and row.speaker is None}
        first, last = waiting[0].seq, waiting[-1].seq
        branch = [
            *await messages.branch(user_id, session_id, session.head_id, limit=CONTEXT, before_seq=first),
            *await messages.branch(user_id, session_id, session.head_id, from_seq=first, before_seq=last + 1),
        ]
        said = [
            Said(row.id, row.role, row.content, utc(row.created_at), unread=row.id in wanted)
            for row in branch
            if row.forgotten_at is None and row.speaker is None
        ]
        skipped = [row.id for row in waiting if row.id not in wanted]
        return Unread(said, skipped, session.facts_tries)

    async def mark_read(self, user_id: UUID, message_ids: Sequence[UUID]) -> None:
        """Facts were taken from these messages."""
        await self._tx.execute(
            update(Message)
            .where(among(Message.id, message_ids), Message.user_id == user_id)
            .values(facts_at=func.now())
            .execution_options(synchronize_session=False)
        )

    async def read_again(self, user_id: UUID, message_ids: Sequence[UUID]) -> None:
        """Facts are to be taken from these messages, whether they were before or not."""
        if message_ids:
            await self._tx.execute(
                update(Message)
                .where(among(Message.id, message_ids), Message.user_id == user_id, Message.facts_at.is_not(None))
                .values(facts_at=None)
                .execution_options(synchronize_session=False)
            )

    async def put_off(self, user_id: UUID, session_id: UUID, until: datetime | None = None) -> None:
        """Read the session later: at that time, or after a pause that doubles with each failure."""
        values: dict[str, Any] = {"facts_after": until}
        if until is None:
            pause = func.least(PUT_OFF * func.power(2, func.least(Session.facts_tries, 12)), PUT_OFF_MOST)
            values = {"facts_tries": Session.facts_tries + 1, "facts_after": func.now() + pause}
        await self._tx.execute(
            update(Session).where(Session.id == session_id, Session.user_id == user_id).values(values)
        )

    async def anyone_talks(self, within: timedelta) -> bool:
        """Whether an answer is being made for anyone, by a process that was heard of within that time."""
        live = select(Run.id).where(Run.state == "running", Run.heartbeat_at > func.clock_timestamp() - within)
        return (await self._tx.scalar(select(live.exists()))) is True

    # --- tokens

    async def spent_today(self, user_id: UUID) -> int:
        """Tokens that reading has taken of the user's budget today, in UTC."""
        spent = select(FactTokens.tokens).where(FactTokens.user_id == user_id, FactTokens.day == _today())
        return await self._tx.scalar(spent) or 0

    async def spend(self, user_id: UUID, tokens: int) -> None:
        """Note tokens that were taken."""
        if tokens > 0:
            row = insert(FactTokens).values(user_id=user_id, day=_today(), tokens=tokens)
            await self._tx.execute(
                row.on_conflict_do_update(
                    index_elements=[FactTokens.user_id, FactTokens.day],
                    set_={"tokens": FactTokens.tokens + row.excluded.tokens},
                )
            )

    # --- what is known

    async def current(self, user_id: UUID, ids: Sequence[UUID], *, unindexed: int = 0) -> list[Known]:
        """Those of the facts that are not superseded, paused ones too, and so many that the index has yet to take."""
        columns = (MemoryRow.id, MemoryRow.text, MemoryRow.created_at)
        facts = select(*columns).where(
            MemoryRow.user_id == user_id, MemoryRow.kind == MemoryKind.FACT, MemoryRow.superseded_by.is_(None)
        )
        rows = list((await self._tx.execute(facts.where(among(MemoryRow.id, ids)))).all())
        if unindexed:
            new = facts.where(MemoryRow.indexed_at.is_(None)).order_by(MemoryRow.stored_at.desc()).limit(unindexed)
            rows += (await self._tx.execute(new)).all()
        return list({row.id: Known(row.id, row.text, utc(row.created_at)) for row in rows}.values())

    # --- storing

    async def store(
        self, user_id: UUID, session_id: UUID, decisions: Sequence[Decision], read: Sequence[UUID]
    ) -> Stored | None:
        """Store what was taken from the messages `read`, and mark them; messages that were forgotten, read or left by
        the branch meanwhile bring nothing. None, and nothing stored, where a fact that a decision names is no longer
        current: the comparison has to be made again. Raises `SessionNotFound`."""
        await Sessions(self._tx).lock(user_id, session_id)
        # Messages first, then memories, each in the order of ids: as forgetting holds them.
        held = await self._tx.execute(
            select(Message.id, Message.seq)
            .where(
                among(Message.id, read),
                Message.user_id == user_id,
                Message.session_id == session_id,
                Message.forgotten_at.is_(None),
                Message.facts_at.is_(None),
            )
            .order_by(Message.id)
            .with_for_update(key_share=True)
        )
        positions = {row.id: row.seq for row in held}
        shown = await Messages(self._tx).on_branch(user_id, session_id, list(positions))
        valid = [decision for decision in decisions if decision.fact.message_id in shown]
        named = await self._hold(user_id, valid)
        if named is None:
            return None
        stored = Stored()
        for decision in valid:
            await self._apply(user_id, session_id, decision, positions[decision.fact.message_id], named, stored)
        await self.mark_read(user_id, list(positions))
        await self._tx.execute(update(Session).where(Session.id == session_id).values(facts_tries=0, facts_after=None))
        return stored

    async def _hold(self, user_id: UUID, decisions: Sequence[Decision]) -> dict[UUID, MemoryRow] | None:
        """The facts that the decisions name, held; None where one of them is gone or superseded."""
        new = {decision.fact.id for decision in decisions}
        ids = {decision.known.id for decision in decisions if decision.known is not None} - new
        rows = await self._tx.scalars(
            select(MemoryRow)
            .where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id, MemoryRow.superseded_by.is_(None))
            .order_by(MemoryRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        named = {row.id: row for row in rows}
        return named if named.keys() == ids else None

    async def _apply(
        self,
        user_id: UUID,
        session_id: UUID,
        decision: Decision,
        seq: int,
        named: dict[UUID, MemoryRow],
        stored: Stored,
    ) -> None:
        """`named`: the facts that decisions may name, those of this batch too, once they are stored."""
        fact = decision.fact
        known = named.get(decision.known.id) if decision.known is not None else None
        # Two of one batch may name the same one: the second then meets what the first has made of it.
        while known is not None and known.superseded_by is not None:
            known = named.get(known.superseded_by)
        relation = decision.relation if known is not None else Relation.NEW
        if relation is Relation.SAME and known is not None:
            await self._confirm(known, fact)
            named[fact.id] = known
        else:
            row = await self._add(user_id, session_id, fact, seq)
            if row is None:
                return
            named[fact.id] = row
            stored.changed.append(fact.id)
            if known is not None:
                self._supersede(known, row, relation)
        stored.relations[relation] += 1
        await self._tx.flush()

    async def _confirm(self, known: MemoryRow, fact: Fact) -> None:
        added = await self._tx.execute(
            insert(MemorySource)
            .values(memory_id=known.id, message_id=fact.message_id, quote=fact.quote)
            .on_conflict_do_nothing()
            .returning(MemorySource.message_id)
        )
        if added.first() is not None:
            known.confirmed_count += 1
            self._note(known.id, "confirmed")

    async def _add(self, user_id: UUID, session_id: UUID, fact: Fact, seq: int) -> MemoryRow | None:
        """The new row; None where it is there already."""
        memory = Memory(
            id=fact.id,
            user_id=user_id,
            kind=MemoryKind.FACT,
            text=fact.text,
            created_at=fact.said_at,
            session_id=session_id,
            seq=seq,
            valid_from=fact.valid_from,
            valid_to=fact.valid_to,
            sources=(Source(session_id, fact.message_id, fact.said_at),),
        )
        if not await Memories(self._tx).add_many(user_id, [memory], quotes={fact.id: fact.quote}):
            return None
        return await self._tx.get_one(MemoryRow, fact.id)

    def _supersede(self, known: MemoryRow, new: MemoryRow, relation: Relation) -> None:
        """Of the two the one that was said later holds; the other is kept as history."""
        older, newer = (known, new) if new.created_at >= known.created_at else (new, known)
        older.superseded_by = newer.id
        newer.pinned = newer.pinned or older.pinned
        if relation is Relation.CONTRADICTS:
            newer.valid_from = newer.valid_from or newer.created_at
            older.valid_to = min(older.valid_to or newer.valid_from, newer.valid_from)
            self._note(older.id, "closed")
        else:
            if older.state == MemoryState.PAUSED:
                newer.state = MemoryState.PAUSED
            self._note(older.id, "refined")

    # --- taking away

    async def release(self, user_id: UUID, doomed: ColumnElement[bool]) -> None:
        """Before these memories are deleted: memory becomes as if they had never been said.

        What one of them had closed holds again, or is closed by what closed that one in turn; messages that had only
        confirmed one are read again, less those that are forgotten.
        """
        going = {
            row.id: row
            for row in await self._tx.scalars(
                select(MemoryRow).where(doomed, MemoryRow.user_id == user_id, MemoryRow.kind == MemoryKind.FACT)
            )
        }
        if not going:
            return
        sources = select(MemorySource.message_id).where(among(MemorySource.memory_id, going))
        await self._tx.execute(
            update(Message)
            .where(Message.id.in_(sources.scalar_subquery()), Message.user_id == user_id)
            .values(facts_at=None)
            .execution_options(synchronize_session=False)
        )
        closed = await self._tx.scalars(
            select(MemoryRow)
            .where(among(MemoryRow.superseded_by, going), MemoryRow.user_id == user_id)
            .order_by(MemoryRow.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        for row in closed:
            if row.id not in going:
                await self._reopen(row, going)
        await self._tx.flush()

    async def _reopen(self, row: MemoryRow, going: dict[UUID, MemoryRow]) -> None:
        assert row.superseded_by is not None
        closer = going[row.superseded_by]
        by_closer = row.valid_to is not None and row.valid_to == closer.valid_from
        heir = closer.superseded_by
        while heir in going:
            heir = going[heir].superseded_by
        row.superseded_by = heir
        if by_closer:
            after = await self._tx.get(MemoryRow, heir) if heir is not None else None
            row.valid_to = None if after is None else after.valid_from or after.created_at
        self._note(row.id, "reopened" if heir is None else "closed")

    async def leave(self, user_id: UUID, messages: ColumnElement[bool]) -> list[UUID]:
        """Delete what came from these messages, which are no longer to be remembered or are about to be deleted; the
        facts that went. Should they be remembered again, facts are taken from them anew."""
        derived = select(MemorySource.memory_id).join(Message, Message.id == MemorySource.message_id)
        which = MemoryRow.id.in_(derived.where(messages, Message.user_id == user_id).scalar_subquery())
        await self.release(user_id, which)
        rows = await self._tx.scalars(
            delete(MemoryRow)
            .where(which, MemoryRow.kind == MemoryKind.FACT, MemoryRow.user_id == user_id)
            .returning(MemoryRow.id)
            .execution_options(synchronize_session=False)
        )
        return list(rows)

    def _note(self, memory_id: UUID, action: str) -> None:
        self._tx.add(MemoryEvent(id=new_id(), memory_id=memory_id, action=action, old_text=None))


def _today() -> date:
    return datetime.now(UTC).date()
