"""What is compared: anything that is shown a conversation and then finds memories for questions."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from evals.records import Conversation, Question
from graphs.memory.episodes import SourceMessage, episode_id
from graphs.memory.records import Memory, MemoryKind, Recalled, Source


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one question."""

    embed: float = 0.0
    """The question, when it was really embedded: vectors are cached."""
    search: float = 0.0
    rank: float = 0.0
    """All the rest: reading memories, fusing, weighing, cutting."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system found for one question."""

    items: Sequence[Recalled]
    """Best first."""
    confidence: float
    """How sure the system is that anything fits; compared over all questions of a data set."""
    relevant: frozenset[UUID] | None = None
    """The memories that pass the system's gate; None where it has none."""
    timing: Timing = Timing()
    all_of_it: bool = False
    """Whether this is everything there is, to be read whole."""


class Asker(Protocol):
    """A system that has been shown a conversation."""

    async def ask(self, question: Question, k: int) -> Found:
        """The `k` best memories."""


class System(Protocol):
    """One way to remember."""

    @property
    def name(self) -> str:
        """What tables call it."""

    def open(self, conversation: Conversation) -> AbstractAsyncContextManager[Asker]:
        """Show it a conversation."""


def whole(message: SourceMessage) -> Memory:
    """A message as one memory, uncut: what the baselines rank. A name that was given to who said it goes first: between
    named people that is what anyone would index, and without it the baselines are 12 to 20 points worse (LoCoMo)."""
    return Memory(
        id=episode_id(message.id),
        user_id=message.user_id,
        kind=MemoryKind.EPISODE,
        text=f"{message.speaker}: {message.content}" if message.speaker else message.content,
        created_at=message.created_at,
        session_id=message.session_id,
        role=message.role,
        seq=message.seq,
        sources=(Source(message.session_id, message.id, message.created_at, message.external_id),),
    )
