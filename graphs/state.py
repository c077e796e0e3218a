"""What a turn works on: the state that is checkpointed, and the context that is handed in and is not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, NotRequired, Protocol, TypedDict
from uuid import UUID, uuid4

from langchain_core.messages import AIMessage, AnyMessage
from langgraph.channels import UntrackedValue
from langgraph.graph.message import add_messages

from graphs.memory.ports import MemoryPort
from graphs.memory.records import Recalled
from graphs.memory.rewriting import Rewriting
from graphs.models.chat import Model
from graphs.models.config import Parameters
from graphs.models.tokens import TokenCounter
from graphs.personal import Personal


class ChatState(TypedDict):
    """One session between and during turns.

    `messages` is the window: what of the conversation the model reads, ending in the user's new message while a turn
    runs and in the answer after it. Whatever leaves it lives on in the transcript and in memory. The other channels
    belong to the running turn.
    """

    messages: Annotated[list[AnyMessage], add_messages]
    recalled: NotRequired[list[Recalled]]
    """What this turn adds to the prompt."""
    in_view: NotRequired[Annotated[list[Recalled], UntrackedValue]]
    """What earlier turns of the window brought, still in the prompt. Not checkpointed: the messages carry it."""
    degraded: NotRequired[bool]
    answer: NotRequired[AIMessage | None]


@dataclass(frozen=True, slots=True)
class Turn:
    """A finished turn, as it is to be recorded."""

    user_id: UUID
    session_id: UUID
    question: AnyMessage
    answer: AIMessage
    """Its `usage_metadata` and `response_metadata["finish_reason"]` as the model gave them."""
    recalled: Sequence[Recalled]
    """All that the answer was given: what this turn recalled and what was in view."""
    window_start: int
    """The position in its session of the oldest message that the model still read."""


class Recorder(Protocol):
    """Where a finished turn goes."""

    async def record(self, turn: Turn) -> None:
        """Store the turn durably, once: recording the same answer id again changes nothing."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """How the model's context is shared out, in tokens. The system prompt takes what it needs."""

    memories: int = 600
    """Longest block of recalled memories in one turn."""
    window: int | None = None
    """Longest window; None: what system prompt, memories and answer leave of the context."""


@dataclass(frozen=True, slots=True)
class ChatContext:
    """The ports and limits of one run."""

    user_id: UUID
    session_id: UUID
    model: Model
    tokens: TokenCounter
    """Counts in the model's own tokens."""
    memory: MemoryPort | None
    """None: nothing is recalled (memory is off, or the chat is temporary)."""
    recorder: Recorder | None = None
    """None: the turn is kept in the state alone."""
    parameters: Parameters = field(default_factory=Parameters)
    budgets: Budgets = field(default_factory=Budgets)
    recall_k: int = 8
    personal: Personal | None = None
    """What the user wrote for all conversations; None: the system prompt stands alone."""
    citations: bool = False
    """Whether memories stand in the prompt with numbers, and the model is asked to cite by them."""
    rewriting: Rewriting | None = None
    """Completes follow-ups before memory is asked; None: they are looked for as they are, with what stands before."""
    answer_id: UUID = field(default_factory=uuid4)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
