"""The events of a run, as they are streamed to clients."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.schemas import RecalledMemory
from app.schemas import UsageEvent as UsageEvent


class RunEvent(BaseModel):
    """The first event. When it comes again (a run that was continued after a crash), the answer starts over."""

    run_id: UUID
    session_id: UUID
    user_message_id: UUID
    message_id: UUID
    title: str


class MemoriesEvent(BaseModel):
    """All that the answer is given."""

    items: list[RecalledMemory]
    degraded: bool = False
    """The memory index did not answer, and words alone were searched."""
    forgotten: int = 0
    """How many memories went before, because the message asked for it."""
    took_ms: float


class TokenEvent(BaseModel):
    """The next piece of the answer."""

    text: str


class DoneEvent(BaseModel):
    """The last event of a run that was kept."""

    message_id: UUID
    finish_reason: Literal["stop", "length", "stopped"]


class ErrorEvent(BaseModel):
    """The last event of a run that failed. What came before it is kept."""

    code: str
    title: str
    retryable: bool
    retry_after: float | None = None
    """Seconds after which it may be tried again; null: not known, or not to be tried again."""


Event = RunEvent | MemoriesEvent | TokenEvent | UsageEvent | DoneEvent | ErrorEvent

NAMES: dict[type[BaseModel], str] = {
    RunEvent: "run",
    MemoriesEvent: "memories",
    TokenEvent: "token",
    UsageEvent: "usage",
    DoneEvent: "done",
    ErrorEvent: "error",
}


class ChatEvent(BaseModel):
    """One event of a run's stream: `id` counts up in the run, `event` names the form of `data`."""

    id: int
    event: Literal["run", "memories", "token", "usage", "done", "error"]
    data: Event = Field(union_mode="left_to_right")
