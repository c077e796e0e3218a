"""A message as memories: one for each part of it that an embedder can read whole."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from graphs.memory.chunking import chunks
from graphs.memory.continuing import only_continues
from graphs.memory.records import Memory, MemoryKind, Role, Source


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A stored message, as much of it as memory needs."""

    id: UUID
    user_id: UUID
    session_id: UUID
    role: Role
    speaker: str | None
    """The name of who said it, where one was given."""
    content: str
    seq: int
    """Its position in the session."""
    created_at: datetime
    external_id: str | None = None


def episodes(message: SourceMessage) -> list[Memory]:
    """The episodes of a message, in order; none where it says nothing, or only asks for the rest of an answer.

    Their ids follow from the message's id, so that indexing a message twice changes nothing.
    """
    if message.role == "user" and only_continues(message.content):
        return []
    source = Source(message.session_id, message.id, message.created_at, message.external_id)
    return [
        Memory(
            id=episode_id(message.id, number),
            user_id=message.user_id,
            kind=MemoryKind.EPISODE,
            text=text,
            created_at=message.created_at,
            session_id=message.session_id,
            role=message.role,
            speaker=message.speaker,
            seq=message.seq,
            chunk=number,
            sources=(source,),
        )
        for number, text in enumerate(chunks(message.content))
    ]


def episode_id(message_id: UUID, chunk: int = 0) -> UUID:
    """The id of a message's part, counted from 0."""
    return uuid5(message_id, str(chunk))
