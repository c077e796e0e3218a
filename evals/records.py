"""What every data set is read into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from graphs.memory.episodes import SourceMessage
from graphs.memory.records import Role

Split = Literal["tuning", "held-out"]
"""Which questions a setting may be chosen by, and which only tell whether the choice carries over."""
Unit = Literal["message", "day", "session"]
"""What the evidence of a data set names."""


class DataMissing(Exception):
    """The files of a data set are not here. The message says where they were looked for and what to do."""


class DataInvalid(Exception):
    """A file of a data set is not of its form. The message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question to a conversation, and what a memory should find for it."""

    id: str
    """Unique in its data set."""
    text: str
    category: str
    asked_at: datetime
    """What "last week" is counted from."""
    evidence: frozenset[str]
    """Keys of the messages, days or sessions that hold the answer; empty where nothing does."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Keys that serve as well as one of the evidence, with the one that they stand for."""
    superseded: frozenset[str] = frozenset()
    """Keys of what was true once and is not any more."""
    answerable: bool = True
    answer: str = ""
    language: str = "en"

    @property
    def measures_recall(self) -> bool:
        """Whether there is evidence to be found. What cannot be answered counts for abstention alone."""
        return self.answerable and bool(self.evidence)


@dataclass(frozen=True)
class Conversation:
    """All that one person and their partner said, and the questions about it."""

    id: str
    messages: Sequence[SourceMessage]
    """Oldest first; `external_id` is unique in the conversation."""
    questions: Sequence[Question]
    split: Split
    unit: Unit = "message"

    @property
    def user_id(self) -> UUID:
        return self.messages[0].user_id

    @cached_property
    def keys(self) -> dict[UUID, str]:
        """What evidence calls each message: its external id, its day or its session."""
        return {message.id: self._key(message) for message in self.messages}

    def _key(self, message: SourceMessage) -> str:
        external = message.external_id or str(message.id)
        if self.unit == "day":
            return message.created_at.date().isoformat()
        return external.rpartition("/")[0] if self.unit == "session" else external


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set as it was read."""

    name: str
    conversations: Sequence[Conversation]
    note: str = ""
    """What is particular about it, for reports."""

    @property
    def questions(self) -> list[Question]:
        return [question for conversation in self.conversations for question in conversation.questions]


@dataclass(slots=True)
class Transcript:
    """Builds the messages of one conversation, with ids that follow from their names."""

    dataset: str
    conversation: str
    messages: list[SourceMessage] = field(default_factory=list)
    _seqs: dict[str, int] = field(default_factory=dict)

    def say(
        self, session: str, external_id: str, role: Role, content: str, at: datetime, speaker: str | None = None
    ) -> None:
        """Add a message to the end of a session."""
        seq = self._seqs.get(session, 0)
        self._seqs[session] = seq + 1
        self.messages.append(
            SourceMessage(
                id=self._id("message", external_id),
                user_id=self._id("user"),
                session_id=self._id("session", session),
                role=role,
                speaker=speaker,
                content=content,
                seq=seq,
                created_at=at,
                external_id=external_id,
            )
        )

    def _id(self, *parts: str) -> UUID:
        return uuid5(NAMESPACE_URL, "/".join(("memocha-eval", self.dataset, self.conversation, *parts)))
