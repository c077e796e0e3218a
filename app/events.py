"""What happens outside a turn, as it is streamed to clients.

Whoever changes something tells of it in the same transaction (`app.db.notices`). Each API process hears all of that on
one connection and passes it on to those of its clients whose user it is about; the words are read from the rows then.
Nothing is promised across a gap: after each `hello` a client reads anew what it shows.
"""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.schemas import Job, ListedMemory
from app.status import Dependency, State


class HelloEvent(BaseModel):
    """The first event. From now on all is told; when it comes again, something may have been missed in between."""


class TitleEvent(BaseModel):
    """A session was titled by the model."""

    session_id: UUID
    title: str


class RememberedEvent(BaseModel):
    """Facts were learned from a message."""

    session_id: UUID
    message_id: UUID
    items: list[ListedMemory]
    """Each with the facts whose place it has taken."""


class ForgottenEvent(BaseModel):
    """Memories are gone: these, with `session_id` all that came from that session too, with `all` all there were."""

    ids: list[UUID]
    session_id: UUID | None = None
    all: bool = False


class JobEvent(Job):
    """How far a job is: at its beginning, about once a second, and at its end."""


class StatusEvent(BaseModel):
    """What works, as /ready tells it: at the beginning, and when it changes."""

    status: State
    dependencies: dict[str, Dependency]


class SessionEvent(BaseModel):
    """A session was made, changed or deleted, or an answer in it has ended."""

    session_id: UUID
    deleted: bool = False


class RunBegunEvent(BaseModel):
    """A run begins; `GET /api/runs/{run_id}/events` joins it."""

    session_id: UUID
    run_id: UUID


class MemoriesChangedEvent(BaseModel):
    """Memories were added or changed by hand, or left as the limits say: what is shown of them is to be read anew."""


class MeChangedEvent(BaseModel):
    """What the user has set is otherwise."""


Event = (
    TitleEvent
    | RememberedEvent
    | ForgottenEvent
    | JobEvent
    | StatusEvent
    | SessionEvent
    | RunBegunEvent
    | MemoriesChangedEvent
    | MeChangedEvent
    | HelloEvent
)

NAMES: dict[type[BaseModel], str] = {
    HelloEvent: "hello",
    TitleEvent: "title",
    RememberedEvent: "remembered",
    ForgottenEvent: "forgotten",
    JobEvent: "job",
    StatusEvent: "status",
    SessionEvent: "session",
    RunBegunEvent: "run",
    MemoriesChangedEvent: "memories",
    MeChangedEvent: "me",
}


class UserEvent(BaseModel):
    """One event outside a turn: `event` names the form of `data`. They have no ids."""

    event: Literal["hello", "title", "remembered", "forgotten", "job", "status", "session", "run", "memories", "me"]
    data: Event = Field(union_mode="left_to_right")


def encode(event: BaseModel) -> bytes:
    """The event in the form of server-sent events."""
    return f"event: {NAMES[type(event)]}\ndata: {event.model_dump_json()}\n\n".encode()
