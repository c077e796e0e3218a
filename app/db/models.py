"""The tables. Postgres is the truth: the memory index can be made again from these rows.

    users ─┬─ api_keys, sign_ins, identities                      how they prove who they are
           ├─ sessions ─┬─ messages ──┬─ recalls ── memories      which answer was given which memories
           │            ├─ runs       └─ memory_sources ── memories   where a memory came from
           │            └─ memories ─── memory_events              what was changed by hand
           ├─ usage                                              stays when its session goes
           └─ jobs ─── import_lines                              what a user waits for; lines until they are stored

All times are timestamptz; all ids are made here (`ids.new_id`) or derived, never by the database.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.ids import new_id
from app.roles import SignInWay, UserRole
from graphs.memory.records import MemoryKind, MemoryState, Role
from graphs.memory.retention import Reason

FinishReason = Literal["stop", "length", "stopped", "interrupted"]
RunState = Literal["running", "done", "stopped", "failed", "interrupted"]
TitleSource = Literal["cut", "model", "person"]
JobState = Literal["receiving", "queued", "running", "succeeded", "failed"]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Names constraints the same way in models and migrations."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        dict[str, Any]: JSONB(),
    }


class User(Base):
    """Someone who talks and is remembered."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("role IN ('member', 'admin')", name="role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    memory_enabled: Mapped[bool] = mapped_column(default=True, server_default=true())
    about_me: Mapped[str] = mapped_column(default="", server_default="")
    """What they wrote about themselves, for the model."""
    how_to_answer: Mapped[str] = mapped_column(default="", server_default="")
    """How they wish to be answered."""
    language: Mapped[str | None]
    """As a BCP-47 tag; None: nobody said."""
    retention_memories: Mapped[int | None]
    """Memories kept at the most; None: as many as the deployment keeps."""
    retention_days: Mapped[int | None]
    """Age at which an episode leaves, days; None: as the deployment has it."""
    login: Mapped[str | None] = mapped_column(unique=True)
    """What they sign in with, case-folded; None: nobody signs in as this one."""
    password_hash: Mapped[str | None]
    """None: they do not sign in with a password."""
    password_changed_at: Mapped[datetime | None]
    """When they chose it themselves; None: another did, so they choose one before anything else."""
    role: Mapped[UserRole] = mapped_column(Text, default="member", server_default="member")
    disabled_at: Mapped[datetime | None]
    """Since when no credential of theirs is taken."""
    last_seen_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key of a user's, for programs. What it says itself is not kept."""

    __tablename__ = "api_keys"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    hint: Mapped[str]
    """Its first characters."""
    digest: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To the minute."""
    revoked_at: Mapped[datetime | None]


class SignIn(Base):
    """A browser that a user has signed in with."""

    __tablename__ = "sign_ins"
    __table_args__ = (CheckConstraint("way IN ('password', 'oidc')", name="way"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    digest: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256 of what the cookie says."""
    way: Mapped[SignInWay] = mapped_column(Text)
    agent: Mapped[str]
    """What the browser calls itself."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """To the minute."""
    expires_at: Mapped[datetime]
    """The latest: one that is not seen for long ends before."""


class IdentityRow(Base):
    """Who a user is at an OpenID Connect provider."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Session(Base):
    """A conversation: a tree of messages, of which one branch is shown."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("user_id", "external_id"),
        CheckConstraint("title_source IN ('cut', 'model', 'person')", name="title_source"),
        Index("ix_sessions_user_id_updated_at_id", "user_id", "updated_at", "id"),
        Index("ix_sessions_created_at_temporary", "created_at", postgresql_where=text("temporary")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    external_id: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="", server_default="")
    title_source: Mapped[TitleSource] = mapped_column(Text, default="cut", server_default="cut")
    """Cut from the first message, made by a model, or given by a person, who has the last word."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When something was last said."""
    archived_at: Mapped[datetime | None]
    memory_enabled: Mapped[bool] = mapped_column(default=True, server_default=true())
    temporary: Mapped[bool] = mapped_column(default=False, server_default=false())
    head_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("messages.id", ondelete="SET NULL", use_alter=True), index=True
    )
    """The last message of the branch that is shown."""
    window_start: Mapped[int] = mapped_column(default=0, server_default="0")
    """The position (`messages.seq`) from which on the model reads the branch."""
    next_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """The position that the next message takes."""
    facts_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """Times in a row that taking facts from it has failed."""
    facts_after: Mapped[datetime | None]
    """Facts are not taken from it before then."""


class Message(Base):
    """What one side said. Never changed: an edit or a new answer is a sibling, with the same parent."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("session_id", "seq"),
        UniqueConstraint("session_id", "external_id"),
        Index("ix_messages_user_id_created_at", "user_id", "created_at"),
        Index(
            "ix_messages_user_id_words",
            "user_id",
            text("hashtextextended(btrim(content, ' \t\r\n'), 0)"),
            postgresql_where=text("role = 'assistant'"),
        ),
        Index(
            "ix_messages_session_id_facts_unread",
            "session_id",
            postgresql_where=text("facts_at IS NULL AND role = 'user' AND forgotten_at IS NULL"),
        ),
        CheckConstraint("role IN ('user', 'assistant')", name="role"),
        CheckConstraint("finish_reason IN ('stop', 'length', 'stopped', 'interrupted')", name="finish_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(Text)
    speaker: Mapped[str | None]
    content: Mapped[str]
    seq: Mapped[int]
    """The position at which it was added to the session; a message's parent always has a lower one."""
    external_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finish_reason: Mapped[FinishReason | None] = mapped_column(Text)
    model: Mapped[str | None]
    degraded: Mapped[bool] = mapped_column(default=False, server_default=false())
    """An answer that was made while the memory index did not answer: words alone were searched."""
    numbered_to: Mapped[int | None]
    """The highest number of the memories that the answer was given: later turns count on from it, though that memory be
    forgotten."""
    forgotten_at: Mapped[datetime | None]
    """Not to be remembered: neither a reindex nor extraction may bring it back."""
    forgotten_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many memories went because this message asked for it."""
    facts_at: Mapped[datetime | None]
    """When facts were taken from it; None: they were not yet."""
    retired_at: Mapped[datetime | None]
    """When its episodes left by retention. They are not made again; facts and digests of it stay. It was not forgotten:
    in its conversation, and in new facts and digests, it counts as ever."""


class MemoryRow(Base):
    """A memory as `graphs.memory.records.Memory` describes it, with what the service keeps about it."""

    __tablename__ = "memories"
    __table_args__ = (
        CheckConstraint("kind IN ('episode', 'fact', 'digest')", name="kind"),
        CheckConstraint("role IN ('user', 'assistant')", name="role"),
        CheckConstraint("state IN ('active', 'paused')", name="state"),
        Index("ix_memories_user_id_created_at_id", "user_id", "created_at", "id"),
        Index("ix_memories_session_id_seq", "session_id", "seq"),
        Index("ix_memories_stored_at_unindexed", "stored_at", postgresql_where=text("indexed_at IS NULL")),
        Index("ix_memories_words", "words", postgresql_using="gin"),
        Index("ix_memories_user_id_speaker", "user_id", "speaker", postgresql_where=text("speaker IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[MemoryKind] = mapped_column(Text)
    text: Mapped[str]
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    role: Mapped[Role] = mapped_column(Text, default="user", server_default="user")
    speaker: Mapped[str | None]
    seq: Mapped[int] = mapped_column(default=0, server_default="0")
    chunk: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    """When it was said."""
    stored_at: Mapped[datetime] = mapped_column(server_default=func.now())
    valid_from: Mapped[datetime | None]
    valid_to: Mapped[datetime | None]
    superseded_by: Mapped[UUID | None] = mapped_column(ForeignKey("memories.id", ondelete="SET NULL"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[MemoryState] = mapped_column(Text, default=MemoryState.ACTIVE, server_default="active")
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Goes up with each change that the index must follow: a slow writer cannot pass off an old text."""
    indexed_at: Mapped[datetime | None]
    """When the index took this revision; None: it has not yet."""
    recalled_count: Mapped[int] = mapped_column(default=0, server_default="0")
    last_recalled_at: Mapped[datetime | None]
    confirmed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many more messages said the same."""
    words: Mapped[Any] = mapped_column(TSVECTOR, deferred=True)
    """The stems of the text, as the index has them (`stem_text`): what words find when the index is away."""


class IndexState(Base):
    """The memory index in one place: whose vectors serve, and how far the next generation of it is."""

    __tablename__ = "index_state"
    __table_args__ = (Index("uq_index_state_chosen", "chosen", unique=True, postgresql_where=text("chosen")),)

    place: Mapped[str] = mapped_column(primary_key=True)
    chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Memories go here. The other places are former ones, whose content is out of date and is to be dropped."""
    complete: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What serves here has what the rows say that the index took (`memories.indexed_at`). Of a chosen place alone."""
    serving: Mapped[str | None]
    """The generation of which that holds: with another in its place the index was lost. None: whichever serves."""
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    """Goes up when another generation serves or begins to be filled, and when another place is chosen."""
    embedder: Mapped[str | None]
    """The name of the one whose vectors serve."""
    setting: Mapped[str | None]
    """How that one was asked for, to ask for it again: MEMOCHA_EMBEDDINGS as it was."""
    building: Mapped[str | None]
    """The generation that is being filled; None: none is."""
    building_embedder: Mapped[str | None]
    position: Mapped[UUID | None]
    """The last memory that went into it, in the order of ids."""
    batch: Mapped[dict[str, Any] | None]
    """By user, the memories that are being put in: a killed process may have left one of them there that is forgotten
    by now."""
    processed: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    caught_up_at: Mapped[datetime | None]
    """What the serving generation took before this time is in the new one too, once all ids were gone through."""
    builder: Mapped[UUID | None]
    builder_until: Mapped[datetime | None]
    """Until when the process that fills it has it for itself."""
    former: Mapped[str | None]
    """The generation that served before, as long as it was not dropped."""


class MemorySource(Base):
    """A message that a memory came from."""

    __tablename__ = "memory_sources"

    memory_id: Mapped[UUID] = mapped_column(ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[UUID] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    quote: Mapped[str | None]


class SentenceVectorsRow(Base):
    """The vectors of a memory's sentences, for the second look at what was found."""

    __tablename__ = "sentence_vectors"

    memory_id: Mapped[UUID] = mapped_column(ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True)
    embedder: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    """Rows; the dimensions are what is left."""
    vectors: Mapped[bytes]
    """(count, dimensions) int8."""


class MemoryEvent(Base):
    """One change to a memory."""

    __tablename__ = "memory_events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    memory_id: Mapped[UUID] = mapped_column(ForeignKey("memories.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    action: Mapped[str]
    old_text: Mapped[str | None]


class FactTokens(Base):
    """What taking facts has cost a user on one day."""

    __tablename__ = "fact_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    """In UTC."""
    tokens: Mapped[int] = mapped_column(BigInteger)


class DigestDay(Base):
    """A day of a user at which something was remembered: whether its digest is to be written."""

    __tablename__ = "digest_days"
    __table_args__ = (Index("ix_digest_days_due_at_waiting", "due_at", postgresql_where=text("due_at IS NOT NULL")),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    """In UTC."""
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    """Goes up with each change of what is remembered of the day: who writes it looks at it again before storing."""
    due_at: Mapped[datetime | None]
    """When the digest is to be written; None: it is, as far as there is anything to write."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """Times in a row that writing it has failed."""
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Its digest was pinned when it went, and is again when it comes back."""
    off: Mapped[bool] = mapped_column(default=False, server_default=false())
    """No digest is to be written again: its user has deleted it."""


class Departure(Base):
    """A memory that left by retention. Holds none of its words."""

    __tablename__ = "departures"
    __table_args__ = (CheckConstraint("reason IN ('age', 'count', 'size')", name="reason"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    """The same for all that left in one run."""
    memory_id: Mapped[UUID] = mapped_column(primary_key=True)
    reason: Mapped[Reason] = mapped_column(Text)
    kind: Mapped[MemoryKind] = mapped_column(Text)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    """When it was said."""
    bytes: Mapped[int]


class LimitsRow(Base):
    """The deployment's limits of memory as they were last seen, and what held before: one row, 0 for no limit."""

    __tablename__ = "limits_seen"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    memories: Mapped[int]
    days: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    memories_before: Mapped[int]
    days_before: Mapped[int]
    bytes_before: Mapped[int] = mapped_column(BigInteger)


class Unswept(Base):
    """Something was deleted whose words Postgres' files still hold. Says nothing else."""

    __tablename__ = "unswept"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class RecallRow(Base):
    """A memory that an answer was given."""

    __tablename__ = "recalls"

    message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    memory_id: Mapped[UUID] = mapped_column(ForeignKey("memories.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]
    score: Mapped[float]
    in_view: Mapped[bool] = mapped_column(default=False, server_default=false())
    number: Mapped[int | None]
    """How the answer cites it."""


class UsageRow(Base):
    """What one answer cost. Points at nothing that a deleted session takes away."""

    __tablename__ = "usage"
    __table_args__ = (
        Index("ix_usage_user_id_created_at", "user_id", "created_at"),
        Index("ix_usage_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    run_id: Mapped[UUID | None]
    message_id: Mapped[UUID] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sessions.id", ondelete="SET NULL"), index=True)
    model: Mapped[str]
    prompt_tokens: Mapped[int]
    cached_tokens: Mapped[int] = mapped_column(default=0, server_default="0")
    completion_tokens: Mapped[int]
    cost_usd: Mapped[Decimal | None] = mapped_column(Numeric(14, 8))
    ttft_ms: Mapped[float | None]
    estimated: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What it may have cost at the most: it was stopped or broke off, and its model told nothing."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Run(Base):
    """One turn being answered. At most one of a session is running."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'stopped', 'failed', 'interrupted')", name="state"),
        Index(
            "uq_runs_session_id_running",
            "session_id",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_runs_heartbeat_at_running", "heartbeat_at", postgresql_where=text("state = 'running'")),
        Index("ix_runs_session_id_created_at", "session_id", "created_at"),
        Index("ix_runs_user_id_running", "user_id", postgresql_where=text("state = 'running'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    user_message_id: Mapped[UUID] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[UUID]
    """The id that the answer will have."""
    state: Mapped[RunState] = mapped_column(Text, default="running", server_default="running")
    owner: Mapped[str]
    """The process that holds the run."""
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    heartbeat_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    """Model, temperature, max_tokens: what the request asked for."""
    reserved_prompt_tokens: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved_completion_tokens: Mapped[int] = mapped_column(default=0, server_default="0")
    reserved_usd: Mapped[Decimal] = mapped_column(Numeric(14, 8), default=Decimal(0), server_default="0")
    """What it may take at the most, which counts against budgets while it is running."""


class JobRow(Base):
    """Work that a user waits for, over the jobs of the queue that do it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('receiving', 'queued', 'running', 'succeeded', 'failed')", name="state"),
        Index("ix_jobs_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[JobState] = mapped_column(Text)
    """`receiving`: what it works on is still arriving; nobody has been told of it."""
    processed: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None]
    """For people; holds nothing that anybody said."""
    skipped: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'::jsonb"))
    """What of an import was left out, by kind: how much."""
    imported: Mapped[int | None] = mapped_column(default=0, server_default="0")
    """Lines of an import that brought anything, as far as they are stored; None: it is from before this was counted."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ImportLine(Base):
    """A checked line of an import that is not stored yet."""

    __tablename__ = "import_lines"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 1, without gaps."""
    session_number: Mapped[int | None]
    """Its session's line: for a session line its own number, for a memory None."""
    key: Mapped[str | None]
    """What tells it from others where it was given no id."""
    line: Mapped[str]
    """JSON, as `app.transfer.lines.Line` writes it."""
