"""What answers cost the user."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel

from app.api.parts import PartsOf
from app.db.usage import Spent, Usage
from app.schemas import Problem
from app.security.identity import UserId, needs

router = APIRouter(
    prefix="/api/usage", tags=["usage"], dependencies=[needs("account")], responses={422: {"model": Problem}}
)


class SpentOn(BaseModel):
    """What some answers took."""

    answers: int
    """Those that were stopped as well; they count as estimated."""
    prompt_tokens: int
    cached_tokens: int
    """Of the prompts' tokens, those that the server had read before."""
    completion_tokens: int
    cost_usd: float | None
    """Null: none of the models has a known price (MEMOCHA_PRICES)."""
    unpriced: int
    """Answers that the cost leaves out, since their model has no known price."""


class Day(SpentOn):
    """One day, in UTC."""

    day: date


class OfModel(SpentOn):
    """One model, as its server calls it, in the same days."""

    model: str


class BudgetLeft(BaseModel):
    """A bound on what answers may take."""

    whose: Literal["user", "deployment"]
    """Yours, or of everyone here together."""
    unit: Literal["tokens", "usd"]
    """Tokens a day, or USD a month."""
    limit: float
    left: float
    """What answers that are going on may take is taken off already."""
    resets_at: datetime


class RateBound(BaseModel):
    """A bound on how much may be asked for in a short time, and what is left of it."""

    unit: Literal["requests", "turns"]
    limit: int
    window: int
    """Seconds, until now."""
    left: int
    more_in: float
    """Seconds until there is more; 0 where all of it is left."""


class UsageReport(BaseModel):
    """What was spent. Deleting a session does not change it; erasing all of one's data does."""

    today: SpentOn
    """Since midnight in UTC."""
    month: SpentOn
    """Since the first of the month in UTC."""
    days: list[Day]
    """Those with answers, the latest first."""
    models: list[OfModel]
    """In those days, the one with most answers first."""
    budgets: list[BudgetLeft]
    """Those that there are."""
    rates: list[RateBound]
    """Likewise."""


@router.get("")
async def usage(user_id: UserId, parts: PartsOf, days: Annotated[int, Query(ge=1, le=366)] = 30) -> UsageReport:
    """What your answers took, today, this month, and by day and model in the last days."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    rates = [RateBound(unit=bound.unit, **asdict(bound.left)) for bound in await parts.rates.left(user_id)]
    async with parts.database.reading() as tx:
        rows = Usage(tx)
        since = today - timedelta(days=days - 1)
        by_day = await rows.by_day(user_id, since)
        by_model = await rows.by_model(user_id, since)
        return UsageReport(
            today=SpentOn(**_told(await rows.spent(user_id, today))),
            month=SpentOn(**_told(await rows.spent(user_id, today.replace(day=1)))),
            days=[Day(day=day, **_told(spent)) for day, spent in by_day],
            models=[OfModel(model=model, **_told(spent)) for model, spent in by_model],
            budgets=[BudgetLeft(**asdict(limit)) for limit in await parts.spending.limits(tx, user_id)],
            rates=rates,
        )


def _told(spent: Spent) -> dict[str, int | float | None]:
    return {
        "answers": spent.answers,
        "prompt_tokens": spent.prompt_tokens,
        "cached_tokens": spent.cached_tokens,
        "completion_tokens": spent.completion_tokens,
        "cost_usd": None if spent.cost_usd is None else float(spent.cost_usd),
        "unpriced": spent.unpriced,
    }
