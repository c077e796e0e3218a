"""What answers may cost: tokens a day and money a month, of each user and of the whole deployment.

A turn is refused before it begins where it might go over: what was spent, what the runs that are going on may take, and
what this one may take at the most, together. What it takes in the end is counted when its answer is stored
(`app/chat/recorder.py`); an answer that was stopped is counted as it was estimated, since its provider tells nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.chat.prices import Price
from app.db.usage import Reserved, Usage
from app.errors import BudgetSpent, TooManyRuns
from graphs.models.estimate import estimate

INSTRUCTIONS_TOKENS = 400
"""What the system prompt takes at the most."""
MESSAGE_TOKENS = 8
"""What stands around a message."""

Whose = Literal["user", "deployment"]
Unit = Literal["tokens", "usd"]


@dataclass(frozen=True, slots=True)
class Budget:
    """0: no bound."""

    tokens_per_day: int = 0
    usd_per_month: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound, and how much of it is left."""

    whose: Whose
    unit: Unit
    limit: Decimal
    left: Decimal
    """Never below 0; what runs that are going on may take is taken off already."""
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class Spending:
    """The bounds of a deployment."""

    each: Budget = Budget()
    """Of every user."""
    all: Budget = Budget()
    runs_per_user: int = 0
    """Turns of a user that are answered at once; 0: any."""

    @property
    def bounded(self) -> bool:
        """Whether there is any bound."""
        return self != Spending()

    async def admit(self, tx: AsyncSession, user_id: UUID, wanted: Reserved, *, beside: UUID | None = None) -> None:
        """Let a run begin that takes so much at the most. Others wait here until the transaction ends, so that of two
        at once both are counted. `beside`: the run, where it is a row. Raises `BudgetSpent` and `TooManyRuns`."""
        for name in ("all", str(user_id)) if self.all != Budget() else (str(user_id),):
            await tx.execute(
                sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"spending:{name}"}
            )
        if self.runs_per_user and await Usage(tx).running(user_id, beside=beside) >= self.runs_per_user:
            raise TooManyRuns(self.runs_per_user)
        for limit in await self.limits(tx, user_id):
            if (wanted.tokens if limit.unit == "tokens" else wanted.usd) > limit.left:
                raise BudgetSpent(
                    whose=limit.whose,
                    unit=limit.unit,
                    limit=float(limit.limit),
                    left=float(limit.left),
                    retry_after=(limit.resets_at - datetime.now(UTC)).total_seconds(),
                )

    async def limits(self, tx: AsyncSession, user_id: UUID) -> list[Limit]:
        """The bounds that hold for the user, those without one left out."""
        return [limit for each in self._budgets(user_id) for limit in await _limits(tx, *each)]

    def _budgets(self, user_id: UUID) -> Iterator[tuple[Whose, UUID | None, Budget]]:
        yield "user", user_id, self.each
        yield "deployment", None, self.all


async def _limits(tx: AsyncSession, whose: Whose, user_id: UUID | None, budget: Budget) -> list[Limit]:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    usage, found = Usage(tx), []
    held = await usage.reserved(user_id)
    if budget.tokens_per_day:
        spent = await usage.spent(user_id, today)
        taken = spent.prompt_tokens + spent.completion_tokens + held.tokens
        left = max(Decimal(0), Decimal(budget.tokens_per_day - taken))
        found.append(Limit(whose, "tokens", Decimal(budget.tokens_per_day), left, today + timedelta(days=1)))
    if budget.usd_per_month:
        spent = await usage.spent(user_id, month)
        left = max(Decimal(0), budget.usd_per_month - (spent.cost_usd or 0) - held.usd)
        next_month = (month + timedelta(days=32)).replace(day=1)
        found.append(Limit(whose, "usd", budget.usd_per_month, left, next_month))
    return found


def most(texts: Iterable[str], *, answer: int, context: int, memories: int, price: Price | None) -> Reserved:
    """What a turn takes at the most.

    `texts`: all that its prompt may hold, memories that it is yet to be given left out. `answer`: the longest answer,
    `context`: what the model takes, `memories`: the longest memory block; tokens.
    """
    prompt = INSTRUCTIONS_TOKENS + memories + sum(estimate(text) + MESSAGE_TOKENS for text in texts)
    prompt = min(prompt, max(0, context - answer))
    return Reserved(prompt, answer, price.of(prompt, answer) if price is not None else Decimal(0))
