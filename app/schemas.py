"""What goes over HTTP, beside the events of a turn."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from graphs.memory import records
from graphs.memory.records import MemoryKind, MemoryState, Role

T = TypeVar("T")


def storable(value: str) -> str:
    """Postgres takes no NUL in text, and half of a surrogate pair is no character."""
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("contains a NUL or half of a surrogate pair, which cannot be stored")
    return value


Text = Annotated[str, AfterValidator(storable)]


class Input(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `title` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str | None = None
    request_id: str | None = None
    errors: list[dict[str, Any]] | None = None
    run_id: UUID | None = None
    line: int | None = None


class Job(BaseModel):
    """Work that goes on in the background."""

    id: UUID
    kind: str
    state: Literal["queued", "running", "succeeded", "failed"]
    processed: int
    """An import counts lines; what it has processed can be found by a search."""
    total: int
    error: str | None = None


class Source(BaseModel):
    """The message that a memory came from."""

    session_id: UUID
    message_id: UUID
    external_id: str | None = None
    created_at: datetime
    quote: str | None = None
    """The words of the message that say it, of a fact."""


class Memory(BaseModel):
    """One thing remembered."""

    id: UUID
    kind: MemoryKind
    text: str
    role: Role
    speaker: str | None = None
    score: float | None = None
    session_id: UUID | None
    created_at: datetime
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    superseded_by: UUID | None = None
    pinned: bool = False
    state: MemoryState = MemoryState.ACTIVE
    confirmed: int = 0
    """How many more messages said the same, of a fact."""
    sources: list[Source] = Field(default_factory=list)

    @classmethod
    def of(cls, memory: records.Memory, score: float | None = None) -> "Memory":
        """The memory as clients see it."""
        return cls(
            id=memory.id,
            kind=memory.kind,
            text=memory.text,
            role=memory.role,
            speaker=memory.speaker,
            score=None if score is None else round(score, 4),
            session_id=memory.session_id,
            created_at=memory.created_at,
            valid_from=memory.valid_from,
            valid_to=memory.valid_to,
            superseded_by=memory.superseded_by,
            pinned=memory.pinned,
            state=memory.state,
            confirmed=memory.confirmed,
            sources=[
                Source(
                    session_id=source.session_id,
                    message_id=source.message_id,
                    external_id=source.external_id,
                    created_at=source.created_at,
                    quote=source.quote,
                )
                for source in memory.sources
            ],
        )


class RecalledMemory(Memory):
    """A memory as an answer was given it."""

    in_view: bool = False
    """Recalled by an earlier turn whose words were still in the prompt."""

    @classmethod
    def given(cls, item: records.Recalled) -> "RecalledMemory":
        """The recalled memory as clients see it."""
        return cls(**Memory.of(item.memory, item.score).model_dump(), in_view=item.in_view)


FinishReason = Literal["stop", "length", "stopped", "interrupted"]


class Message(BaseModel):
    """One message of a session."""

    id: UUID
    role: Role
    content: str
    speaker: str | None = None
    parent_id: UUID | None = None
    siblings: list[UUID] = Field(default_factory=list)
    """The other versions of this message, itself included, oldest first; empty where there is only one."""
    created_at: datetime
    finish_reason: FinishReason | None = None
    model: str | None = None
    memories: list[RecalledMemory] = Field(default_factory=list)
    """The memories that this answer was given."""


class Session(BaseModel):
    """One conversation."""

    id: UUID
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool = False
    memory_enabled: bool = True
    temporary: bool = False
    head_id: UUID | None = None
    active_run_id: UUID | None = None


class MemoryDetail(Memory):
    """One memory with what became of it."""

    history: list["MemoryEvent"] = Field(default_factory=list)
    earlier: list[Memory] = Field(default_factory=list)
    """What it has taken the place of, the newest first."""


class MemoryEvent(BaseModel):
    """One step in a memory's life."""

    at: datetime
    action: str
    old_text: str | None = None


class Receipt(BaseModel):
    """What was removed."""

    messages: int = 0
    memories: int = 0
    sessions: int = 0
    note: str | None = None
