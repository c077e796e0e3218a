"""The memories table, with where each came from and what was changed of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db.convert import COLUMNS, to_memories
from app.db.ids import among, new_id
from app.db.models import MemoryEvent, MemoryRow, MemorySource, Message
from app.db.paging import Page, page, read_cursor
from app.db.recallable import any_word_of
from app.errors import MemoryNotFound
from graphs.memory.records import Memory, MemoryKind, MemoryState
from graphs.memory.stem import stem_text

AT_ONCE = 100
"""Memories in one statement: it may hold 65,535 values, and the event loop waits while it is put together."""


@dataclass(frozen=True, slots=True)
class MemoryFilter:
    """Which memories to list; what is None does not matter."""

    kind: MemoryKind | None = None
    session_id: UUID | None = None
    since: datetime | None = None
    """Said at this time or later."""
    until: datetime | None = None
    """Said before this time."""
    pinned: bool | None = None
    state: MemoryState | None = None
    changed: bool | None = None
    """Whether it has taken the place of another."""
    superseded: bool | None = None
    """Whether another has taken its place."""


@dataclass(frozen=True, slots=True)
class MemoryChange:
    """What to change of a memory; what is None stays."""

    text: str | None = None
    pinned: bool | None = None
    state: MemoryState | None = None


class Memories:
    """What is remembered. Of what is not the user's every method behaves as if it were not there."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def add_many(
        self, user_id: UUID, memories: Sequence[Memory], *, quotes: Mapping[UUID, str] | None = None
    ) -> list[UUID]:
        """Store memories with their sources; ids that are there already are left as they are. The new ones.

        `quotes`: by memory, the span of its source that it was taken from. Sources must be stored messages; those that
        are not the user's are left out.
        """
        mine = [memory for memory in memories if memory.user_id == user_id]
        in_order = sorted(mine, key=lambda memory: memory.id)
        new: set[UUID] = set()
        for start in range(0, len(mine), AT_ONCE):
            # Stemming takes 1 ms for 2,000 characters, 10 in Chinese: the event loop goes on meanwhile.
            values = await asyncio.to_thread(lambda some: list(map(_values, some)), in_order[start : start + AT_ONCE])
            stored = await self._tx.scalars(
                # One statement of many rows: what is given to many statements cannot hold an expression, as words are.
                insert(MemoryRow)
                .values(values)
                .on_conflict_do_nothing(index_elements=[MemoryRow.id])
                .returning(MemoryRow.id)
            )
            new |= set(stored)
        sources = [
            {"memory_id": memory.id, "message_id": source.message_id, "quote": (quotes or {}).get(memory.id)}
            for memory in mine
            if memory.id in new
            for source in memory.sources
        ]
        if sources:
            said = among(Message.id, {source.message_id for memory in mine for source in memory.sources})
            own = set(await self._tx.scalars(select(Message.id).where(said, Message.user_id == user_id)))
            sources = [source for source in sources if source["message_id"] in own]
        if sources:
            await self._tx.execute(insert(MemorySource).on_conflict_do_nothing(), sources)
        return [memory.id for memory in mine if memory.id in new]

    async def _read(self, query: Select[*tuple[Any, ...]]) -> list[Memory]:
        return await to_memories(self._tx, (await self._tx.execute(query)).all())

    async def get(self, user_id: UUID, memory_id: UUID) -> Memory:
        """The memory. Raises `MemoryNotFound`."""
        found = await self.get_many(user_id, [memory_id])
        if not found:
            raise MemoryNotFound(f"memory {memory_id} of user {user_id}")
        return found[0]

    async def get_many(self, user_id: UUID, ids: Sequence[UUID]) -> list[Memory]:
        """Those of the memories that there are, in no particular order."""
        return await self._read(select(*COLUMNS).where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id))

    async def count(self, user_id: UUID, filter: MemoryFilter | None = None) -> int:  # noqa: A002
        """How many there are."""
        query = select(func.count()).select_from(MemoryRow).where(MemoryRow.user_id == user_id)
        counted = await self._tx.execute(_filtered(query, filter or MemoryFilter()))
        return int(counted.scalar_one())

    async def change(self, user_id: UUID, memory_id: UUID, change: MemoryChange) -> tuple[Memory, bool]:
        """Edit, pin or pause a memory, noting it in its history; whether the index must take it again.

        Raises `MemoryNotFound`.
        """
        row = await self._tx.scalar(
            select(MemoryRow)
            .where(MemoryRow.id == memory_id, MemoryRow.user_id == user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise MemoryNotFound(f"memory {memory_id} of user {user_id}")
        edited = change.text is not None and change.text != row.text
        if change.text is not None and edited:
            self._note(memory_id, "edited", old_text=row.text)
            row.text, row.words = change.text, words_of(change.text)
            row.revision, row.indexed_at = row.revision + 1, None
        if change.pinned is not None and change.pinned != row.pinned:
            self._note(memory_id, "pinned" if change.pinned else "unpinned")
            row.pinned = change.pinned
        if change.state is not None and change.state != row.state:
            self._note(memory_id, "paused" if change.state is MemoryState.PAUSED else "resumed")
            row.state = change.state
        await self._tx.flush()
        return (await to_memories(self._tx, [row]))[0], edited

    async def history(self, user_id: UUID, memory_id: UUID) -> Sequence[MemoryEvent]:
        """What was changed of the memory, oldest first."""
        rows = await self._tx.scalars(
            select(MemoryEvent)
            .join(MemoryRow, MemoryRow.id == MemoryEvent.memory_id)
            .where(MemoryEvent.memory_id == memory_id, MemoryRow.user_id == user_id)
            .order_by(MemoryEvent.at, MemoryEvent.id)
        )
        return rows.all()

    async def touch_recalled(self, user_id: UUID, ids: Sequence[UUID]) -> None:
        """Note that an answer was given these memories."""
        # In the order of ids, so that two turns at once cannot hold what the other one waits for.
        held = (
            select(MemoryRow.id)
            .where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id)
            .order_by(MemoryRow.id)
            # Not the key, which all answers that were given it hold (`Recalls.set`): two would wait for each other.
            .with_for_update(key_share=True)
        )
        await self._tx.execute(
            update(MemoryRow)
            .where(MemoryRow.id.in_(held.scalar_subquery()))
            .values(recalled_count=MemoryRow.recalled_count + 1, last_recalled_at=func.now())
            .execution_options(synchronize_session=False)
        )

    async def passing(self, user_id: UUID, ids: Sequence[UUID], filter: MemoryFilter) -> frozenset[UUID]:  # noqa: A002
        """Those of the memories that the filter lets through."""
        query = select(MemoryRow.id).where(among(MemoryRow.id, ids), MemoryRow.user_id == user_id)
        return frozenset((await self._tx.execute(_filtered(query, filter))).scalars())

    async def search_words(self, user_id: UUID, filter: MemoryFilter, text: str, limit: int) -> list[Memory]:  # noqa: A002
        """Those that hold a word of the question, whether an answer may be given them or not; the best first."""
        words = any_word_of(text)
        if not words:
            return []
        asked = func.to_tsquery("simple", words)
        query = _filtered(select(*COLUMNS).where(MemoryRow.user_id == user_id), filter)
        query = query.where(MemoryRow.words.op("@@")(asked))
        # 1: divided by the length's logarithm, or the longest would come first whatever they say.
        best = func.ts_rank_cd(MemoryRow.words, asked, 1).desc()
        return await self._read(query.order_by(best, MemoryRow.created_at.desc(), MemoryRow.id).limit(limit))

    async def list(
        self,
        user_id: UUID,
        filter: MemoryFilter | None = None,  # noqa: A002
        *,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Memory]:
        """What was said last comes first. Raises `InvalidCursor`."""
        query = _filtered(select(*COLUMNS).where(MemoryRow.user_id == user_id), filter or MemoryFilter())
        if cursor:
            query = query.where(tuple_(MemoryRow.created_at, MemoryRow.id) < read_cursor(cursor))
        query = query.order_by(MemoryRow.created_at.desc(), MemoryRow.id.desc()).limit(limit + 1)
        return page(await self._read(query), limit, lambda memory: (memory.created_at, memory.id))

    def _note(self, memory_id: UUID, action: str, *, old_text: str | None = None) -> None:
        self._tx.add(MemoryEvent(id=new_id(), memory_id=memory_id, action=action, old_text=old_text))


def _values(memory: Memory) -> dict[str, Any]:
    return {
        "id": memory.id,
        "user_id": memory.user_id,
        "kind": memory.kind,
        "text": memory.text,
        "session_id": memory.session_id,
        "role": memory.role,
        "speaker": memory.speaker,
        "seq": memory.seq,
        "chunk": memory.chunk,
        "created_at": memory.created_at,
        "valid_from": memory.valid_from,
        "valid_to": memory.valid_to,
        "superseded_by": memory.superseded_by,
        "pinned": memory.pinned,
        "state": memory.state,
        "words": words_of(memory.text),
    }


def words_of(text: str) -> Any:
    return func.to_tsvector("simple", stem_text(text))


def _filtered(query: Select[*tuple[Any, ...]], wanted: MemoryFilter) -> Select[*tuple[Any, ...]]:
    if wanted.kind is not None:
        query = query.where(MemoryRow.kind == wanted.kind)
    if wanted.session_id is not None:
        query = query.where(MemoryRow.session_id == wanted.session_id)
    if wanted.since is not None:
        query = query.where(MemoryRow.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(MemoryRow.created_at < wanted.until)
    if wanted.pinned is not None:
        query = query.where(MemoryRow.pinned == wanted.pinned)
    if wanted.state is not None:
        query = query.where(MemoryRow.state == wanted.state)
    if wanted.changed is not None:
        earlier = aliased(MemoryRow)
        has_earlier = select(earlier.id).where(earlier.superseded_by == MemoryRow.id).exists()
        query = query.where(has_earlier if wanted.changed else ~has_earlier)
    if wanted.superseded is not None:
        query = query.where(
            MemoryRow.superseded_by.is_not(None) if wanted.superseded else MemoryRow.superseded_by.is_(None)
        )
    return query
