"""The usage table: what answers cost."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.ids import new_id
from app.db.models import UsageRow


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


@dataclass(frozen=True, slots=True)
class Total:
    """What a user's answers cost."""

    answers: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost_usd: Decimal


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
            )
            .on_conflict_do_nothing(index_elements=[UsageRow.message_id])
        )

    async def of(self, user_id: UUID, message_ids: list[UUID]) -> dict[UUID, UsageRow]:
        """By answer, what it cost."""
        rows = await self._tx.scalars(
            select(UsageRow).where(UsageRow.message_id.in_(message_ids), UsageRow.user_id == user_id)
        )
        return {row.message_id: row for row in rows}

    async def total(self, user_id: UUID, since: datetime | None = None) -> Total:
        """All that the user's answers cost, from a time on."""
        query = select(
            func.count(),
            func.coalesce(func.sum(UsageRow.prompt_tokens), 0),
            func.coalesce(func.sum(UsageRow.cached_tokens), 0),
            func.coalesce(func.sum(UsageRow.completion_tokens), 0),
            func.sum(UsageRow.cost_usd),
        ).where(UsageRow.user_id == user_id)
        if since is not None:
            query = query.where(UsageRow.created_at >= since)
        answers, prompt, cached, completion, cost = (await self._tx.execute(query)).one()
        return Total(answers, prompt, cached, completion, cost or Decimal(0))
