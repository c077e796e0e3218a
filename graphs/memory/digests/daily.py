"""What a day's digest is made of, and what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from graphs.memory.continuing import only_continues
from graphs.memory.records import Memory, MemoryKind, Role, Source

FEWEST = 2
"""Messages of the user's from which on a day has a digest: of one message the episode says all there is."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the day."""

    id: UUID
    session_id: UUID
    role: Role
    content: str
    at: datetime
    speaker: str | None = None
    """The name of who said it, where one was given."""
    external_id: str | None = None

    @property
    def telling(self) -> bool:
        """Whether it says what the person's day was about: what the user said, or anybody in a talk between named
        people; but not that an answer be gone on with."""
        return (self.role == "user" or self.speaker is not None) and not only_continues(self.content)


@dataclass(frozen=True, slots=True)
class Digest:
    """What a day was about."""

    text: str
    sources: tuple[UUID, ...]
    """The messages that it was made of."""


def enough(messages: Sequence[Spoken]) -> bool:
    """Whether so much was said that a digest says more than one message."""
    return sum(message.telling for message in messages) >= FEWEST


def day_of(moment: datetime) -> date:
    """The day that a message belongs to. In UTC: nobody is asked for their time zone yet."""
    return moment.astimezone(UTC).date()


def digest_id(user_id: UUID, day: date) -> UUID:
    """Follows from user and day: a day's digest stays one memory, however often it is written."""
    return uuid5(user_id, f"digest:{day.isoformat()}")


def digest_memory(user_id: UUID, day: date, digest: Digest, messages: Sequence[Spoken], *, pinned: bool) -> Memory:
    """The digest as a memory, dated by the last message that it was made of. `messages`: its sources, at least."""
    used = set(digest.sources)
    sources = tuple(
        Source(message.session_id, message.id, message.at, message.external_id)
        for message in messages
        if message.id in used
    )
    return Memory(
        id=digest_id(user_id, day),
        user_id=user_id,
        kind=MemoryKind.DIGEST,
        text=digest.text,
        created_at=max(source.created_at for source in sources),
        pinned=pinned,
        sources=sources,
    )
