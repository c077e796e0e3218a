"""The user: what the model is told about them, whether they are remembered, and for how long."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from app.api.parts import PartsOf
from app.citations import citations_on
from app.db.models import User
from app.db.notices import Notices
from app.db.users import Users
from app.errors import InvalidRequest
from app.facts import facts_on
from app.schemas import Input, Me, OwnLimits, Problem, Service, Text
from app.security.identity import UserId, needs
from app.settings import Settings
from app.titles import titles_on

router = APIRouter(prefix="/api/me", tags=["me"], dependencies=[needs("account")], responses={422: {"model": Problem}})

Words = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=2_000)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]


def service_of(settings: Settings) -> Service:
    """What the settings come to."""
    return Service(
        message_limit=settings.message_limit,
        facts=facts_on(settings),
        titles=titles_on(settings),
        citations=citations_on(settings),
    )


def me_of(user: User, settings: Settings) -> Me:
    """The row as clients see it."""
    return Me(
        id=user.id,
        name=user.name,
        memory_enabled=user.memory_enabled,
        about_me=user.about_me,
        how_to_answer=user.how_to_answer,
        language=user.language,
        retention=OwnLimits(memories=user.retention_memories, days=user.retention_days),
        service=service_of(settings),
    )


MemoriesLimit = Annotated[int, Field(ge=1, le=10_000_000)]
DaysLimit = Annotated[int, Field(ge=1, le=36_500)]


class LimitsPatch(Input):
    """What to change; null: as much as is kept of everyone."""

    memories: MemoriesLimit | None = None
    days: DaysLimit | None = None


class MePatch(Input):
    """What to change; what is left out stays, null clears."""

    memory_enabled: bool = True
    about_me: Words | None = None
    how_to_answer: Words | None = None
    language: Tag | None = None
    retention: LimitsPatch | None = None


@router.get("")
async def get_me(user_id: UserId, parts: PartsOf) -> Me:
    """You, and what you have set."""
    async with parts.database.transaction() as tx:
        return me_of(await Users(tx).get(user_id), parts.settings)


@router.patch("")
async def change_me(body: MePatch, user_id: UserId, parts: PartsOf) -> Me:
    """Change what you have set. It holds from the next message on; limits of memory within some ten minutes."""
    values = _columns(body)
    _within(parts.settings, values)
    async with parts.database.transaction() as tx:
        changed = await Users(tx).change(user_id, values)
        await Notices(tx).me(user_id)
        return me_of(changed, parts.settings)


def _columns(body: MePatch) -> dict[str, Any]:
    """What was sent, by column."""
    values: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set - {"retention"}}
    for name in ("about_me", "how_to_answer"):
        if name in values:
            values[name] = values[name] or ""
    if "retention" in body.model_fields_set:
        sent = {"memories", "days"} if body.retention is None else body.retention.model_fields_set
        values |= {f"retention_{name}": getattr(body.retention, name, None) for name in sent}
    return values


def _within(settings: Settings, values: dict[str, Any]) -> None:
    """Raise `InvalidRequest` for a limit that is laxer than the deployment's."""
    for name, limit in (("memories", settings.retention_memories), ("days", settings.retention_days)):
        own = values.get(f"retention_{name}")
        if limit and own is not None and own > limit:
            raise InvalidRequest(f"retention.{name} is {own}; {limit} is the most that is kept of anyone")
