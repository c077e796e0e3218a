"""What a fact is on its way from a message to memory."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid5

from graphs.inert import visible
from graphs.memory.records import Role

Topic = Literal["identity", "people", "work", "home", "health", "taste", "possession", "plan", "other"]
TOPICS: tuple[Topic, ...] = ("identity", "people", "work", "home", "health", "taste", "possession", "plan", "other")


class Dropped(StrEnum):
    """Why a statement that the model gave is no fact."""

    MALFORMED = "malformed"
    """It is not of the form that was asked for."""
    NOT_THEIRS = "not_theirs"
    """It names no message of the user that was to be read."""
    NO_QUOTE = "no_quote"
    """Its quote is not in the message, or not in what the person said there in their own words."""
    QUESTION = "question"
    """What it quotes only asks."""
    INSTRUCTION = "instruction"
    """It tells an assistant what to do."""
    UNSUPPORTED = "unsupported"
    """It says more than its quote does."""
    NOT_ABOUT_USER = "not_about_user"
    """It says nothing about the person, or its quote does not."""
    SECRET = "secret"  # noqa: S105 - a kind, and none itself
    """It holds a password, a key or the number of a card."""
    PASSING = "passing"
    """It will not hold for long, and nothing says until when."""
    REPEATED = "repeated"
    """The same was taken from the same words."""


class Relation(StrEnum):
    """What a new fact is to one that is known."""

    SAME = "same"
    REFINES = "refines"
    CONTRADICTS = "contradicts"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a conversation, as facts are looked for in it."""

    id: UUID
    role: Role
    content: str
    at: datetime
    unread: bool = True
    """Whether facts are to be taken from it. Never from the assistant's, whatever this says."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about the user in their own words, checked against the message that it came from."""

    text: str
    """As the person would say it, in their language: "My sister is called Anika"."""
    quote: str
    """The span of the message that says it, as it stands there."""
    message_id: UUID
    said_at: datetime
    topic: Topic = "other"
    valid_from: datetime | None = None
    """Since when it holds, where that was said."""
    valid_to: datetime | None = None
    """Until when, where that was said."""

    @property
    def id(self) -> UUID:
        """Follows from the message and the quote: read twice, the same words make the same fact."""
        return uuid5(self.message_id, f"fact:{plain(self.quote)}")

    @property
    def holds_from(self) -> datetime:
        """When it began to hold, as far as is known: as was said, else when it was said."""
        return self.valid_from or self.said_at


@dataclass(frozen=True, slots=True)
class Known:
    """A fact that is in memory and not superseded."""

    id: UUID
    text: str
    said_at: datetime
    similarity: float = 0.0
    """Cosine to the new fact; 0 where only words found it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a new fact."""

    fact: Fact
    relation: Relation
    known: Known | None = None
    """The known one that it is the same as, refines or contradicts."""


def plain(text: str) -> str:
    """For comparing: one case, one kind of quotation mark, single spaces, no punctuation at the ends."""
    folded = unicodedata.normalize("NFKC", visible(text)).casefold().translate(_MARKS)
    return " ".join(folded.split()).strip(" .,;:!?\"'。，；：！？、…")  # noqa: RUF001


_MARKS = str.maketrans("’‘‛`´“”„«»–—", "'''''\"\"\"\"\"--")  # noqa: RUF001
