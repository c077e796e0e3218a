"""Rows and records as clients see them, for many at once: a page takes the same number of statements as one item."""

from collections.abc import Sequence
from typing import TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.memory_notes import Chat, MemoryNotes, Note
from app.db.messages import Messages
from app.db.models import Message as MessageRow
from app.db.models import UsageRow
from app.db.recalls import Recalls
from app.db.runs import Runs
from app.db.usage import Usage
from app.schemas import EarlierMemory, ListedMemory, Memory, Message, RecalledMemory, UsageEvent
from graphs.memory import records


async def listed(
    tx: AsyncSession, user_id: UUID, memories: Sequence[records.Memory], scores: Sequence[float | None] | None = None
) -> list[ListedMemory]:
    """Memories with all that is told of them, in the same order."""
    notes = await MemoryNotes(tx).of(user_id, memories)
    told = []
    for memory, score in zip(memories, scores or [None] * len(memories), strict=True):
        note = notes.get(memory.id, Note())
        base = Memory.of(memory, score, **_named(note.chat), last_recalled_at=note.last_recalled_at)
        earlier = [EarlierMemory(id=each.id, text=each.text, valid_to=each.valid_to) for each in note.earlier]
        told.append(ListedMemory(**base.model_dump(), earlier=earlier))
    return told


async def given(tx: AsyncSession, user_id: UUID, items: Sequence[records.Recalled]) -> list[RecalledMemory]:
    """What an answer was given, in the same order."""
    chats = await MemoryNotes(tx).chats(user_id, [item.memory.session_id for item in items])
    return [RecalledMemory.given(item, **_named(chats.get(item.memory.session_id))) for item in items]


async def messages(tx: AsyncSession, user_id: UUID, session_id: UUID, rows: Sequence[MessageRow]) -> list[Message]:
    """Messages of a session with what belongs to them, in the same order."""
    answers = [row.id for row in rows if row.role == "assistant"]
    broken = {row.id: row.parent_id for row in rows if row.finish_reason == "interrupted" and row.parent_id is not None}
    siblings = await Messages(tx).siblings(user_id, session_id, rows)
    recalled = await Recalls(tx).of(user_id, answers)
    usage = await Usage(tx).of(user_id, answers)
    errors = await Runs(tx).error_codes(user_id, broken)
    # Nearly always all answers are on the page, and nothing is asked.
    answered = {row.parent_id for row in rows if row.role == "assistant"}
    errors |= await Runs(tx).unanswered(user_id, {row.id for row in rows if row.role == "user"} - answered)
    learned = await MemoryNotes(tx).learned(user_id, [row.id for row in rows if row.role == "user"])
    sessions = {item.memory.session_id for some in recalled.values() for item in some}
    sessions |= {memory.session_id for some in learned.values() for memory in some}
    chats = await MemoryNotes(tx).chats(user_id, sessions)
    return [
        Message(
            id=row.id,
            role=row.role,
            content=row.content,
            speaker=row.speaker,
            parent_id=row.parent_id,
            siblings=siblings[row.id] if len(siblings[row.id]) > 1 else [],
            created_at=row.created_at,
            finish_reason=row.finish_reason,
            model=row.model,
            memories=[
                RecalledMemory.given(item, **_named(chats.get(item.memory.session_id)))
                for item in recalled.get(row.id, [])
            ],
            degraded=row.degraded,
            usage=usage_of(usage[row.id]) if row.id in usage else None,
            error_code=errors.get(row.id),
            forgotten=row.forgotten_count,
            learned=[Memory.of(memory, **_named(chats.get(memory.session_id))) for memory in learned.get(row.id, [])],
        )
        for row in rows
    ]


class _Named(TypedDict):
    session_title: str | None
    session_archived: bool


def _named(chat: Chat | None) -> _Named:
    if chat is None:
        return {"session_title": None, "session_archived": False}
    return {"session_title": chat.title, "session_archived": chat.archived}


def usage_of(row: UsageRow) -> UsageEvent:
    """What an answer took, as it was noted."""
    return UsageEvent(
        prompt_tokens=row.prompt_tokens,
        cached_tokens=row.cached_tokens,
        completion_tokens=row.completion_tokens,
        cost_usd=None if row.cost_usd is None else float(row.cost_usd),
        ttft_ms=row.ttft_ms,
    )
