"""The lines that are imported and exported: Memocha's own form, which every other form is turned into.

    {"session": {"id"?, "title"?, "created_at"?}}
    {"message": {"id"?, "role", "name"?, "content", "created_at"?}}      of the session above it
    {"memory": {"id"?, "text", "kind"?, "created_at"?}}                  what is no message itself, after those it is of
    {"me": {"about_me"?, "how_to_answer"?, "language"?}}                 what you set, where nothing is set yet

An export writes some more of each, so that nothing is lost on the way from one installation to another, and the same is
recalled there.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from app.db.models import FinishReason
from app.schemas import Input, storable
from graphs.memory.records import MemoryState, Role

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def nearest_time(moment: datetime) -> datetime:
    """The moment, or the nearest that a line may name: what was stored before there were bounds goes out as well."""
    return min(max(moment, EARLIEST), LATEST - timedelta(milliseconds=1)).astimezone(UTC)


def _in_time(moment: datetime) -> datetime:
    # Compared before it is converted: at the ends of the calendar there is no other time zone.
    if not EARLIEST <= moment < LATEST:
        raise ValueError("is not between the years 1900 and 2200")
    return moment.astimezone(UTC)


# Bounds first: an error then speaks of characters.
Id = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(storable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(storable)]
Title = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(storable)]
Content = Annotated[str, StringConstraints(max_length=1_000_000), AfterValidator(storable)]
Statement = Annotated[str, StringConstraints(min_length=1, max_length=10_000), AfterValidator(storable)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_time)]
Instructions = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(storable)]
Part = Annotated[int, Field(ge=0, le=100_000)]
Parts = Annotated[tuple[Part, ...], Field(max_length=100_000)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
MOST = 1_000
"""Sources of a memory, and facts that it has taken the place of, on its line."""


class SessionLine(Input):
    """The messages after it, up to the next session, are its own."""

    id: Id | None = None
    """Unique among the user's sessions: what is said under it again goes into the same session."""
    title: Title | None = None
    """None: the beginning of the first message."""
    created_at: Moment | None = None
    """None: that of the first message."""
    archived: bool = False
    memory_enabled: bool = True


class EpisodeLine(Input):
    """What is special about one of a message's episodes."""

    part: Part
    """Its number, from 0."""
    text: Statement | None = None
    """As it was put by hand."""
    recalled: Count = 0
    """How many answers were given it."""
    last_recalled_at: Moment | None = None


class MessageLine(Input):
    """What one side said, below the message before it."""

    id: Id | None = None
    """Unique within its session."""
    role: Role
    name: Name | None = None
    """The speaker, where it is a talk between named people."""
    content: Content
    created_at: Moment | None = None
    """None: right after the message before it; of the first, its session's; else the time of the import."""
    parent: Id | None = None
    """The message that it answers where that is not the one before it: an earlier one of the session, or null for
    none at all."""
    shown: bool = True
    """Whether it is on the branch that the session shows."""
    remember: bool = True
    """False: it was to be forgotten, so no memory is made of it."""
    finish_reason: FinishReason | None = None
    model: Name | None = None
    pinned: Parts = ()
    """Numbers of its episodes that are pinned, from 0: a long message has several."""
    paused: Parts = ()
    episodes: Annotated[tuple[EpisodeLine, ...], Field(max_length=100_000)] = ()
    retired: bool = False
    """Its episodes left because there was no room for them, and are not made again."""
    facts_taken: bool = False
    """Facts were taken from it, and stand as memories further on."""


class SourceLine(Input):
    """A message that a fact came from, by the ids of both as they stand above."""

    session: Id
    message: Id
    quote: Statement | None = None

    def key(self) -> tuple[str, str]:
        """Both ids."""
        return self.session, self.message


class MemoryLine(Input):
    """Something remembered that is no message itself: a fact, typed in by hand or taken from messages, what was kept
    when its session was deleted, or the digest of a day."""

    id: Id | None = None
    text: Statement
    kind: Literal["fact", "episode", "digest"] = "fact"
    role: Role = "user"
    name: Name | None = None
    created_at: Moment | None = None
    valid_from: Moment | None = None
    valid_to: Moment | None = None
    pinned: bool = False
    state: MemoryState = MemoryState.ACTIVE
    sources: Annotated[tuple[SourceLine, ...], Field(max_length=MOST)] = ()
    """Where it came from; where there is nothing of that any more, it is not taken in."""
    supersedes: Annotated[tuple[Id, ...], Field(max_length=MOST)] = ()
    """Facts before it that it has taken the place of."""
    superseded_by: Id | None = None
    """The fact before it that has taken its place."""
    recalled: Count = 0
    """How many answers were given it."""
    last_recalled_at: Moment | None = None
    confirmed: Count | None = None
    """How many more messages said the same; None: as many as its sources are more than one."""
    edited: bool = False
    """Of a digest: it was put in other words by hand, which stay."""
    final: bool = False
    """Of a digest: it stays as it is, whatever else is remembered of its day."""
    messages: Count | None = None
    """Of a digest: how many messages its day had when it was written. Where there are others here, it is written
    again."""

    @model_validator(mode="after")
    def _of_a_day(self) -> Self:
        if self.kind == "digest" and self.created_at is None:
            raise ValueError("a digest needs the time of its day: created_at")
        return self


class MeLine(Input):
    """What somebody set for themselves. What is set already stays."""

    about_me: Instructions = ""
    how_to_answer: Instructions = ""
    language: Name | None = None
    keep_memories: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    """How many memories are kept at the most."""
    keep_days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    """Days after which an episode leaves."""
    no_digest: Annotated[tuple[date, ...], Field(max_length=100_000)] = ()
    """Days whose digest was deleted: they get none again."""


class Line(Input):
    """One line: a session, a message, a memory, or what its owner has set."""

    session: SessionLine | None = None
    message: MessageLine | None = None
    memory: MemoryLine | None = None
    me: MeLine | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(part is not None for part in (self.session, self.message, self.memory, self.me)) != 1:
            raise ValueError("needs exactly one of session, message, memory and me")
        return self

    def to_json(self) -> str:
        """The line as it is written, without what goes without saying."""
        # `parent: null` says something, and being absent another thing: what was set is told apart from defaults.
        return self.model_dump_json(exclude_unset=True)
