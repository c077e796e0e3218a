"""What goes over HTTP, beside the events of a turn."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from graphs.memory import records
from graphs.memory.digests.daily import day_of
from graphs.memory.records import MemoryKind, MemoryState, Role

T = TypeVar("T")
HALF = re.compile("[\ud800-\udfff]")
"""Of a surrogate pair."""


def storable(value: str) -> str:
    """Postgres takes no NUL in text, and half of a surrogate pair is no character."""
    if "\x00" in value or (not value.isascii() and HALF.search(value)):
        raise ValueError("contains a NUL or half of a surrogate pair, which cannot be stored")
    return value


Text = Annotated[str, AfterValidator(storable)]


class Input(BaseModel):
    """A request body: unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `title` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    code: str
    detail: str | None = None
    request_id: str | None = None
    errors: list[dict[str, Any]] | None = None
    run_id: UUID | None = None
    line: int | None = None
    whose: str | None = None
    """Of a bound that was met: user, address or deployment."""
    unit: str | None = None
    """Likewise: tokens, usd, requests or turns."""
    limit: float | None = None
    left: float | None = None


class Job(BaseModel):
    """Work that goes on in the background."""

    id: UUID
    kind: str
    state: Literal["queued", "running", "succeeded", "failed"]
    processed: int
    """An import counts lines; what it has processed can be found by a search."""
    total: int
    error: str | None = None
    skipped: dict[str, int] = {}
    """What of an import was left out: attachments, tools, hidden, too_long, conversations; memories."""
    imported: int | None = None
    """Of an import, the lines that brought anything new; of the others all was there already, or they were left out.
    Null: it was not counted."""


class Source(BaseModel):
    """The message that a memory came from."""

    session_id: UUID
    message_id: UUID
    external_id: str | None = None
    created_at: datetime
    quote: str | None = None
    """The words of the message that say it, of a fact."""


class Memory(BaseModel):
    """One thing remembered."""

    id: UUID
    kind: MemoryKind
    text: str
    role: Role
    speaker: str | None = None
    score: float | None = None
    session_id: UUID | None
    session_title: str | None = None
    """Of the session that it came from, as it is now; null where there is none."""
    session_archived: bool = False
    """Whether that session is in the archive."""
    created_at: datetime
    """When it was said; of a digest, the last message that it was made of."""
    day: date | None = None
    """The day that a digest is about, in UTC; null for what is none."""
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    superseded_by: UUID | None = None
    """The fact that has taken its place."""
    pinned: bool = False
    state: MemoryState = MemoryState.ACTIVE
    confirmed: int = 0
    """How many more messages said the same, of a fact."""
    recalled_count: int = 0
    """How many answers were given it."""
    last_recalled_at: datetime | None = None
    sources: list[Source] = Field(default_factory=list)

    @classmethod
    def of(
        cls,
        memory: records.Memory,
        score: float | None = None,
        *,
        session_title: str | None = None,
        session_archived: bool = False,
        last_recalled_at: datetime | None = None,
    ) -> "Memory":
        """The memory as clients see it."""
        return cls(
            id=memory.id,
            kind=memory.kind,
            text=memory.text,
            role=memory.role,
            speaker=memory.speaker,
            score=None if score is None else round(score, 4),
            session_id=memory.session_id,
            session_title=session_title,
            session_archived=session_archived,
            created_at=memory.created_at,
            day=day_of(memory.created_at) if memory.kind is MemoryKind.DIGEST else None,
            valid_from=memory.valid_from,
            valid_to=memory.valid_to,
            superseded_by=memory.superseded_by,
            pinned=memory.pinned,
            state=memory.state,
            confirmed=memory.confirmed,
            recalled_count=memory.recalled,
            last_recalled_at=last_recalled_at,
            sources=[
                Source(
                    session_id=source.session_id,
                    message_id=source.message_id,
                    external_id=source.external_id,
                    created_at=source.created_at,
                    quote=source.quote,
                )
                for source in memory.sources
            ],
        )


class EarlierMemory(BaseModel):
    """A fact that another has taken the place of."""

    id: UUID
    text: str
    valid_to: datetime | None
    """Until when it held; null where it was only put better."""


class ListedMemory(Memory):
    """A memory with what it has taken the place of."""

    earlier: list[EarlierMemory] = Field(default_factory=list)
    """The newest first, back to the first that was said."""


class Found(ListedMemory):
    """A memory found by a search."""

    relevant: bool
    """Whether a turn would be given it."""
    akin: bool
    """Whether it has anything in common with the question at all."""


class SearchResult(BaseModel):
    """The best, best first."""

    items: list[Found]
    degraded: bool
    """The memory index did not answer, and words alone were searched."""
    took_ms: float


class RecalledMemory(Memory):
    """A memory as an answer was given it."""

    in_view: bool = False
    """Recalled by an earlier turn whose words were still in the prompt."""
    number: int | None = None
    """How the answer cites it, in brackets: `[1]`; null where it stood in the prompt without a number."""

    @classmethod
    def given(
        cls, item: records.Recalled, session_title: str | None = None, session_archived: bool = False
    ) -> "RecalledMemory":
        """The recalled memory as clients see it."""
        memory = Memory.of(item.memory, item.score, session_title=session_title, session_archived=session_archived)
        return cls(**memory.model_dump(), in_view=item.in_view, number=item.number)


class UsageEvent(BaseModel):
    """What the answer took."""

    prompt_tokens: int | None
    cached_tokens: int | None
    completion_tokens: int | None
    cost_usd: float | None = None
    ttft_ms: float | None
    """From the request to the first token, milliseconds."""


FinishReason = Literal["stop", "length", "stopped", "interrupted"]


class Message(BaseModel):
    """One message of a session."""

    id: UUID
    role: Role
    content: str
    speaker: str | None = None
    parent_id: UUID | None = None
    siblings: list[UUID] = Field(default_factory=list)
    """The other versions of this message, itself included, oldest first; empty where there is only one."""
    created_at: datetime
    finish_reason: FinishReason | None = None
    model: str | None = None
    memories: list[RecalledMemory] = Field(default_factory=list)
    """The memories that this answer was given."""
    degraded: bool = False
    """The memory index did not answer for this answer, and words alone were searched."""
    usage: UsageEvent | None = None
    """What this answer took; null where it was not made here."""
    error_code: str | None = None
    """Why this answer broke off, where it was interrupted; of a question without an answer, why it has none, as it was
    last tried: `stopped` where that was asked for before the answer began."""
    forgotten: int = 0
    """How many memories went because this message asked for it."""
    learned: list[Memory] = Field(default_factory=list)
    """The facts that were taken from this message of the user's, less those whose place others have taken."""


class MessagePage(Page[Message]):
    """Some of the shown branch, oldest first. `next_cursor` leads to what was said before, null at the beginning."""

    previous_cursor: str | None = None
    """Leads to what was said after, null at the end of the branch."""


class Session(BaseModel):
    """One conversation."""

    id: UUID
    title: str
    created_at: datetime
    updated_at: datetime
    archived: bool = False
    memory_enabled: bool = True
    temporary: bool = False
    head_id: UUID | None = None
    active_run_id: UUID | None = None


class SessionMatch(BaseModel):
    """Where a search hit what was said in a session."""

    message_id: UUID
    text: str
    """About 120 characters round the first hit."""


class ListedSession(Session):
    """A session as a list or a search finds it."""

    match: SessionMatch | None = None
    """Null where the title matched, or nothing was searched for."""


class MemoryDetail(Memory):
    """One memory with what became of it."""

    history: list["MemoryEvent"] = Field(default_factory=list)
    earlier: list[Memory] = Field(default_factory=list)
    """What it has taken the place of, the newest first, back to the first that was said."""


class MemoryEvent(BaseModel):
    """One step in a memory's life."""

    at: datetime
    action: str
    old_text: str | None = None


class Receipt(BaseModel):
    """What was removed, by store."""

    sessions: int = 0
    messages: int = 0
    memories: int = 0
    """Episodes, facts and digests together."""
    facts: int = 0
    digests: int = 0
    vectors: int = 0
    """Memories that the memory index held."""
    runs: int = 0
    checkpoints: int = 0
    jobs: int = 0
    """Imports, with the lines that were not stored yet, and jobs that waited."""
    usage: int = 0
    """What answers took, as it is counted; it stays when its session goes."""
    verified: bool = False
    """The index was asked afterwards, and has none of it. False where that has taken longer than two seconds: it drops
    them as soon as it can, and nothing finds them meanwhile."""
    note: str | None = None


class ErasureReceipt(Receipt):
    """What was removed of all that was kept of you, by store."""

    note: str


class OwnLimits(BaseModel):
    """What you want kept; null: as much as is kept of everyone (`GET /api/memories/retention` tells what holds)."""

    memories: int | None
    days: int | None
    """Age at which what was said leaves memory; digests stay twice, facts four times as long."""


class Service(BaseModel):
    """What this service does for everyone, as its settings ask for it. Where they leave it open the default model
    decides, whichever one is chosen for a message."""

    message_limit: int
    """The longest message, in characters (code points)."""
    facts: bool
    """Facts are taken from what is said."""
    titles: bool
    """Sessions are titled by the model."""
    citations: bool
    """Answers are asked to cite the memories that they are given."""


class Me(BaseModel):
    """You, and the service that you speak with."""

    id: UUID
    name: str
    memory_enabled: bool
    """Off: nothing is recalled, and nothing that is said from then on is remembered."""
    about_me: str
    how_to_answer: str
    language: str | None
    """BCP-47; null: as the browser says."""
    retention: OwnLimits
    service: Service
    """Not to be changed here."""
