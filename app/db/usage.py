"""The usage table: what answers cost."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Date, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import Run, UsageRow


@dataclass(frozen=True, slots=True)
class Cost:
    """What one answer cost."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0
    """Of the prompt's tokens, those that the server had read before."""
    cost_usd: Decimal | None = None
    """None: the model has no known price."""
    ttft_ms: float | None = None
    """From the request to the first token, milliseconds."""
    estimated: bool = False
    """Whether it is what the answer may have cost: it was stopped or broke off, so its model told nothing."""


@dataclass(frozen=True, slots=True)
class Reserved:
    """What runs that are going on may take at the most."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        """Prompts and answers together."""
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Spent:
    """What some of a user's answers cost."""

    answers: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: Decimal | None = None
    """None: of none of them the price is known."""
    unpriced: int = 0
    """Answers whose price is not known."""


SUMS = (
    func.count(),
    func.coalesce(func.sum(UsageRow.prompt_tokens), 0),
    func.coalesce(func.sum(UsageRow.cached_tokens), 0),
    func.coalesce(func.sum(UsageRow.completion_tokens), 0),
    func.sum(UsageRow.cost_usd),
    func.count().filter(UsageRow.cost_usd.is_(None)),
)
"""In the order of `Spent`."""


class Usage:
    """Costs by user; they stay when a session goes."""

    def __init__(self, tx: AsyncSession) -> None:
        self._tx = tx

    async def add(
        self, user_id: UUID, session_id: UUID, message_id: UUID, cost: Cost, *, run_id: UUID | None = None
    ) -> None:
        """Note what an answer cost; saying it again for the same answer changes nothing."""
        await self._tx.execute(
            insert(UsageRow)
            .values(
                id=new_id(),
                run_id=run_id,
                message_id=message_id,
                user_id=user_id,
                session_id=session_id,
                model=cost.model,
                prompt_tokens=cost.prompt_tokens,
                cached_tokens=cost.cached_tokens,
                completion_tokens=cost.completion_tokens,
                cost_usd=cost.cost_usd,
                ttft_ms=cost.ttft_ms,
                estimated=cost.estimated,
            )
            .on_conflict_do_nothing(index_elements=[UsageRow.message_id])
        )

    async def of(self, user_id: UUID, message_ids: list[UUID]) -> dict[UUID, UsageRow]:
        """By answer, what it cost."""
        rows = await self._tx.scalars(
            select(UsageRow).where(UsageRow.message_id.in_(message_ids), UsageRow.user_id == user_id)
        )
        return {row.message_id: row for row in rows}

    async def spent(self, user_id: UUID | None, since: datetime | None = None) -> Spent:
        """What the user's answers cost, from a time on; None: everyone's."""
        row = (await self._tx.execute(select(*SUMS).where(*_of(user_id, since)))).one()
        return Spent(*row)

    async def reserved(self, user_id: UUID | None) -> Reserved:
        """What the user's runs that are going on may take; None: everyone's."""
        query = select(
            func.coalesce(func.sum(Run.reserved_prompt_tokens), 0),
            func.coalesce(func.sum(Run.reserved_completion_tokens), 0),
            func.coalesce(func.sum(Run.reserved_usd), 0),
        ).where(Run.state == "running")
        if user_id is not None:
            query = query.where(Run.user_id == user_id)
        prompts, answers, usd = (await self._tx.execute(query)).one()
        return Reserved(prompts, answers, usd)

    async def running(self, user_id: UUID, *, beside: UUID | None = None) -> int:
        """How many of the user's turns are being answered, beside that run's."""
        query = select(func.count()).where(Run.user_id == user_id, Run.state == "running")
        if beside is not None:
            query = query.where(Run.id != beside)
        return await self._tx.scalar(query) or 0

    async def by_day(self, user_id: UUID, since: datetime) -> list[tuple[date, Spent]]:
        """By day in UTC, the latest first, what the user's answers cost; days without any are left out."""
        day = cast(func.timezone("UTC", UsageRow.created_at), Date)
        rows = await self._tx.execute(select(day, *SUMS).where(*_of(user_id, since)).group_by(day).order_by(day.desc()))
        return [(row[0], Spent(*row[1:])) for row in rows]

    async def by_model(self, user_id: UUID, since: datetime) -> list[tuple[str, Spent]]:
        """By model, as its server calls it, what the user's answers cost; the one with most answers first."""
        model = UsageRow.model
        rows = await self._tx.execute(
            select(model, *SUMS).where(*_of(user_id, since)).group_by(model).order_by(func.count().desc(), model)
        )
        return [(row[0], Spent(*row[1:])) for row in rows]


def _of(user_id: UUID | None, since: datetime | None) -> list[ColumnElement[bool]]:
    of_user = [UsageRow.user_id == user_id] if user_id is not None else []
    return [*of_user, *([UsageRow.created_at >= since] if since is not None else [])]
