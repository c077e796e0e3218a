"""What a memory is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

Role = Literal["user", "assistant"]


class MemoryKind(StrEnum):
    """`episode`: a message as it was said. `fact`: a statement about the user. `digest`: what a day was about."""

    EPISODE = "episode"
    FACT = "fact"
    DIGEST = "digest"


class MemoryState(StrEnum):
    """A paused memory is kept and shown, and never recalled."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Source:
    """The message that a memory came from."""

    session_id: UUID
    message_id: UUID
    created_at: datetime
    external_id: str | None = None
    """The id that the message had where it was imported from."""
    quote: str | None = None
    """The span of the message that says it, of a fact."""


@dataclass(frozen=True, slots=True)
class Memory:
    """One thing remembered of one user. Times are aware, in UTC."""

    id: UUID
    user_id: UUID
    kind: MemoryKind
    text: str
    created_at: datetime
    """When it was said, not when it was stored."""
    session_id: UUID | None = None
    role: Role = "user"
    speaker: str | None = None
    """The name of who said it, where one was given (an imported conversation between named people)."""
    seq: int = 0
    """The position of the message in its session."""
    chunk: int = 0
    """Which part of a long message this is, from 0."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    superseded_by: UUID | None = None
    pinned: bool = False
    recalled: int = 0
    """How many answers were given it."""
    state: MemoryState = MemoryState.ACTIVE
    confirmed: int = 0
    """How many more messages said the same, of a fact."""
    sources: tuple[Source, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Recalled:
    """A memory as an answer was given it."""

    memory: Memory
    score: float
    """0 to 1: how sure it is that this memory holds what was asked. Comparable between questions."""
    in_view: bool = False
    """Recalled by an earlier turn whose words are still in the prompt, so not repeated in this one."""
    number: int | None = None
    """How an answer cites it: its number in the prompt, unlike that of any other there; None where none is shown."""
