"""What is remembered: to see, find, correct and take away."""

import time
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from app import telling
from app.api.parts import PartsOf
from app.db import retention as limits
from app.db.coming import coming
from app.db.ids import new_id
from app.db.limits_in_force import LimitsInForce
from app.db.memories import Memories, MemoryChange, MemoryFilter
from app.db.notices import Notices
from app.db.sessions import Sessions
from app.db.users import Users
from app.errors import InvalidRequest
from app.finding import find
from app.indexed import until_indexed
from app.jobs.retention import notice, policy
from app.schemas import (
    Found,
    Input,
    ListedMemory,
    Memory,
    MemoryDetail,
    MemoryEvent,
    Page,
    Problem,
    Receipt,
    SearchResult,
    Text,
)
from app.security.identity import UserId, needs
from app.transfer.lines import Id, Moment
from app.transfer.storing import as_uuid
from graphs.memory import records
from graphs.memory.records import MemoryKind, MemoryState
from graphs.memory.retention import LONGER, Policy, Reason

router = APIRouter(
    prefix="/api/memories",
    tags=["memories"],
    dependencies=[needs("memories:read", "memories:write")],
    responses={404: {"model": Problem}, 422: {"model": Problem}},
)

STAYS = (
    "The messages that it came from stay in their conversation until that is deleted; they are not remembered again."
)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value


Words = Annotated[Text, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_not_blank)]
When = Annotated[AwareDatetime | None, Query(description="RFC 3339")]
SessionName = Annotated[
    Id | None,
    Query(description="In place of `session_id`: the session's id, or the one of your own that an import has it by."),
]
Changed = Annotated[bool | None, Query(description="Whether it has taken the place of another.")]


class NewMemory(Input):
    """Something to remember, typed in by hand."""

    text: Words
    kind: Literal["fact"] = "fact"
    valid_from: Moment | None = None


class MemoryPatch(Input):
    """What to change; what is left out stays."""

    text: Words | None = None
    pinned: bool | None = None
    state: MemoryState | None = None


class Bulk(Input):
    """The same for many."""

    ids: list[UUID] = Field(min_length=1, max_length=1_000)
    action: Literal["pin", "unpin", "pause", "resume", "delete"]


class RetentionPolicy(BaseModel):
    """Limits of a memory; null for none. Pinned memories stay whatever they are."""

    memories: int | None
    bytes: int | None
    """Of the texts, in UTF-8."""
    episode_days: int | None
    """How old a message may be that is remembered."""
    digest_days: int | None
    fact_days: int | None

    @classmethod
    def of(cls, kept: Policy) -> "RetentionPolicy":
        """The policy as clients see it."""
        return cls(
            memories=kept.memories or None,
            bytes=kept.bytes or None,
            **{f"{kind.value}_days": kept.days * LONGER[kind] or None for kind in MemoryKind},
        )


class RetentionUsage(BaseModel):
    """What your memory holds."""

    memories: int
    coming: int
    """Messages that are about to be remembered: a moment after their answer."""
    bytes: int
    oldest: datetime | None
    """When the oldest was said."""
    pinned: int
    paused: int
    kinds: dict[MemoryKind, int]
    """How many there are of each."""


class LeftMemory(BaseModel):
    """A memory that left. Its words are where they were said."""

    id: UUID
    kind: MemoryKind
    reason: Reason
    session_id: UUID | None
    created_at: datetime


class RetentionRun(BaseModel):
    """What left at one time."""

    at: datetime
    memories: int
    bytes: int
    kinds: dict[str, int]
    reasons: dict[str, int]
    items: list[LeftMemory]
    """The first 200, oldest first."""

    @classmethod
    def of(cls, run: limits.Departed) -> "RetentionRun":
        """The run as clients see it."""
        items = [
            LeftMemory(
                id=row.memory_id,
                kind=row.kind,
                reason=row.reason,
                session_id=row.session_id,
                created_at=row.created_at,
            )
            for row in run.items
        ]
        return cls(at=run.at, memories=run.count, bytes=run.bytes, kinds=run.kinds, reasons=run.reasons, items=items)


class Retention(BaseModel):
    """The limits of your memory, what it holds, and what left in the last 90 days."""

    policy: RetentionPolicy
    """What holds: of everyone's limits and your own the stricter."""
    everyone: RetentionPolicy
    """What is kept of anyone here, whatever they set."""
    holds_from: datetime | None = None
    """When what is kept of anyone is as narrow as that, where it was narrowed lately; null: it is."""
    usage: RetentionUsage
    runs: list[RetentionRun]
    """The newest first, 20 at the most."""


RUNS_TOLD = 20
NO_SESSION = UUID(int=0)

CHANGES: dict[str, MemoryChange] = {
    "pin": MemoryChange(pinned=True),
    "unpin": MemoryChange(pinned=False),
    "pause": MemoryChange(state=MemoryState.PAUSED),
    "resume": MemoryChange(state=MemoryState.ACTIVE),
}


@router.get("")
async def list_memories(
    user_id: UserId,
    parts: PartsOf,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    kind: MemoryKind | None = None,
    session_id: UUID | None = None,
    session: SessionName = None,
    since: When = None,
    until: When = None,
    pinned: bool | None = None,
    state: MemoryState | None = None,
    changed: Changed = None,
    superseded: Annotated[bool | None, Query(description="Whether another has taken its place.")] = None,
) -> Page[ListedMemory]:
    """Your memories, what was said last first."""
    async with parts.database.transaction() as tx:
        session_id = await _session(tx, user_id, session_id, session)
        wanted = MemoryFilter(kind, session_id, since, until, pinned, state, changed, superseded)
        page = await Memories(tx).list(user_id, wanted, limit=limit, cursor=cursor)
        items = await telling.listed(tx, user_id, page.items)
    return Page(items=items, next_cursor=page.next_cursor)


@router.post("", status_code=201)
async def add_memory(body: NewMemory, user_id: UserId, parts: PartsOf) -> Memory:
    """Have something remembered. It can be found when this is answered; where the index is slow or down, which holds
    the answer up for two seconds at the most, by words until it is back."""
    now = datetime.now().astimezone()
    memory = records.Memory(
        id=new_id(),
        user_id=user_id,
        kind=MemoryKind.FACT,
        text=parts.masking.text(body.text.strip()),
        created_at=now,
        valid_from=body.valid_from,
    )
    async with parts.database.transaction() as tx:
        await Memories(tx).add_many(user_id, [memory])
        await parts.queue.index_memories(tx, user_id, [memory.id])
        await Notices(tx).memories(user_id)
    await until_indexed(parts.database, user_id, [memory.id])
    return Memory.of(memory)


@router.delete("")
async def clear_memories(user_id: UserId, parts: PartsOf) -> Receipt:
    """Forget all. The conversations stay, and are not remembered again."""
    return await parts.forgetter.everything(user_id, STAYS)


@router.post("/bulk")
async def change_many(body: Bulk, user_id: UserId, parts: PartsOf) -> Receipt:
    """Pin, unpin, pause, resume or delete many at once; ids that are not there are passed over."""
    if body.action == "delete":
        return await parts.forgetter.some(user_id, body.ids, STAYS)
    async with parts.database.transaction() as tx:
        memories = Memories(tx)
        there = [memory.id for memory in await memories.get_many(user_id, body.ids)]
        for memory_id in sorted(there):
            await memories.change(user_id, memory_id, CHANGES[body.action])
        await Notices(tx).memories(user_id)
    return Receipt(memories=len(there))


@router.get("/search")
async def search_memories(
    user_id: UserId,
    parts: PartsOf,
    q: Annotated[Text, Query(min_length=1, max_length=8_000)],
    k: Annotated[int, Query(ge=1, le=200)] = 10,
    session_id: UUID | None = None,
    session: SessionName = None,
    since: When = None,
    until: When = None,
    kind: MemoryKind | None = None,
    pinned: bool | None = None,
    state: MemoryState = MemoryState.ACTIVE,
    changed: Changed = None,
) -> SearchResult:
    """The k best with their scores, not gated and not packed. No answer is given what is paused: with `state=paused`
    the paused ones are found by their words, without a score."""
    began = time.perf_counter()
    if session is not None:
        async with parts.database.transaction() as tx:
            session_id = await _session(tx, user_id, session_id, session)
    wanted = MemoryFilter(kind, session_id, since, until, pinned, state, changed)
    found = await find(parts.memory, parts.database, user_id, wanted, q, k)
    memories = [item.memory for item in found.items]
    scores = None if state is MemoryState.PAUSED else [item.score for item in found.items]
    async with parts.database.transaction() as tx:
        told = await telling.listed(tx, user_id, memories, scores)
    return SearchResult(
        items=[
            Found(**each.model_dump(), relevant=each.id in found.relevant, akin=each.id in found.akin) for each in told
        ],
        degraded=found.degraded,
        took_ms=round(1000 * (time.perf_counter() - began), 2),
    )


@router.get("/retention")
async def get_retention(user_id: UserId, parts: PartsOf) -> Retention:
    """How much is kept of your memory, how much there is, and what left lately. What left stays in its conversation."""
    async with parts.database.transaction() as tx:
        retention = limits.Retention(tx)
        usage = await retention.usage(user_id)
        soon = await coming(tx, user_id)
        departed = await retention.departed(user_id, RUNS_TOLD)
        own = (await Users(tx).limits(user_id))[user_id]
        everyone, now = policy(parts.settings), datetime.now().astimezone()
        in_force = await LimitsInForce(tx).at(now, everyone, notice(parts.settings))
    return Retention(
        policy=RetentionPolicy.of(everyone.stricter(own.memories, own.days)),
        everyone=RetentionPolicy.of(everyone),
        holds_from=in_force.coming,
        usage=RetentionUsage(
            memories=usage.memories,
            coming=soon,
            bytes=usage.bytes,
            oldest=usage.oldest,
            pinned=usage.pinned,
            paused=usage.paused,
            kinds=usage.kinds,
        ),
        runs=[RetentionRun.of(run) for run in departed],
    )


@router.get("/{memory_id}")
async def get_memory(memory_id: UUID, user_id: UserId, parts: PartsOf) -> MemoryDetail:
    """One memory, with its sources and what was changed of it."""
    async with parts.database.transaction() as tx:
        memory = await Memories(tx).get(user_id, memory_id)
        history = await Memories(tx).history(user_id, memory_id)
        [told] = await telling.listed(tx, user_id, [memory])
        earlier = await Memories(tx).get_many(user_id, [each.id for each in told.earlier])
        before = await telling.listed(tx, user_id, sorted(earlier, key=lambda each: each.created_at, reverse=True))
    return MemoryDetail(
        **told.model_dump(exclude={"earlier"}),
        history=[MemoryEvent(at=row.at, action=row.action, old_text=row.old_text) for row in history],
        earlier=[Memory(**each.model_dump(exclude={"earlier"})) for each in before],
    )


@router.patch("/{memory_id}")
async def change_memory(memory_id: UUID, body: MemoryPatch, user_id: UserId, parts: PartsOf) -> ListedMemory:
    """Put it differently, pin it, or pause it: a paused memory is kept and not recalled. Put differently it can be
    found as that when this is answered, unless the index is slow or down."""
    async with parts.database.transaction() as tx:
        text = body.text and parts.masking.text(body.text)
        change = MemoryChange(text=text, pinned=body.pinned, state=body.state)
        memory, reworded = await Memories(tx).change(user_id, memory_id, change)
        if reworded:
            await parts.queue.index_memories(tx, user_id, [memory_id])
        await Notices(tx).memories(user_id)
        [told] = await telling.listed(tx, user_id, [memory])
    if reworded:
        await until_indexed(parts.database, user_id, [memory_id])
    return told


@router.delete("/{memory_id}")
async def delete_memory(memory_id: UUID, user_id: UserId, parts: PartsOf) -> Receipt:
    """Forget it, with what was derived from the same message."""
    async with parts.database.transaction() as tx:
        await Memories(tx).get(user_id, memory_id)
    return await parts.forgetter.some(user_id, [memory_id], STAYS)


async def _session(tx: AsyncSession, user_id: UUID, session_id: UUID | None, name: str | None) -> UUID | None:
    """The session that is meant; for a name that none goes by, none in which anything was said. Raises
    `InvalidRequest`."""
    if name is None:
        return session_id
    if session_id is not None:
        raise InvalidRequest("session and session_id are the same thing; give one")
    found = await Sessions(tx).by_external_id(user_id, name)
    return found.id if found is not None else as_uuid(name) or NO_SESSION
