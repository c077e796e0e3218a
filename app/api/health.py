"""Whether the service lives, and what it lacks."""

from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from app.api.parts import PartsOf
from app.chat.models import Choice
from app.parts import Parts
from app.status import Dependency, State, overall
from app.version import VERSION

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """Alive."""

    status: Literal["ok"] = "ok"
    version: str
    commit: str


class Readiness(BaseModel):
    """`down` when chat cannot work at all; `degraded` when it works with less."""

    status: State
    dependencies: dict[str, Dependency]


class ModelChoice(BaseModel):
    """A model that a turn may ask for."""

    name: str
    """What a turn names it by."""
    label: str
    """The name alone, for people."""
    default: bool
    """Whether it answers where a turn names none."""
    local: bool
    """Whether it runs on this machine: what is said does not leave it."""
    context_tokens: int
    """Prompt and answer together."""
    max_tokens: int
    """The longest answer."""
    input_price: float | None
    """USD per million tokens read; null: unknown."""
    output_price: float | None
    """USD per million tokens written; null: unknown."""


class ModelList(BaseModel):
    """The models, the default first."""

    items: list[ModelChoice]


@router.get("/health")
async def health(parts: PartsOf) -> Health:
    """The process is alive."""
    return Health(version=VERSION, commit=parts.settings.commit)


@router.get("/ready", responses={503: {"model": Readiness}})
async def ready(parts: PartsOf, response: Response) -> Readiness:
    """What works. 503 only without Postgres: without it no message can be kept, and none is taken."""
    found = await parts.status.look()
    status = overall(found)
    if status == "down":
        response.status_code = 503
    return Readiness(status=status, dependencies=found)


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """For Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/api/models")
async def models(parts: PartsOf) -> ModelList:
    """The models that may be chosen, the default first."""
    return ModelList(items=[_told(parts, choice) for choice in parts.models.choices])


def _told(parts: Parts, choice: Choice) -> ModelChoice:
    config = choice.config
    price = parts.prices.get(config.name)
    return ModelChoice(
        name=config.name,
        label=config.model,
        default=config.name == parts.models.default,
        local=config.is_local,
        context_tokens=choice.model.context,
        max_tokens=config.max_tokens,
        input_price=float(price.read) if price is not None else None,
        output_price=float(price.written) if price is not None else None,
    )
