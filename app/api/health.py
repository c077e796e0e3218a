"""Whether the service lives, and what it lacks."""

from typing import Any, Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from app.api.parts import PartsOf
from app.status import Dependency, State
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


@router.get("/health")
async def health(parts: PartsOf) -> Health:
    """The process is alive."""
    return Health(version=VERSION, commit=parts.settings.commit)


@router.get("/ready", responses={503: {"model": Readiness}})
async def ready(parts: PartsOf, response: Response) -> Readiness:
    """What works. 503 only without Postgres: without it no message can be kept, and none is taken."""
    found = await parts.status.look()
    status: State = "ok" if all(item.state == "ok" for item in found.values()) else "degraded"
    if found["postgres"].state == "down":
        status = "down"
        response.status_code = 503
    return Readiness(status=status, dependencies=found)


@router.get("/metrics", include_in_schema=False)
async def metrics() -> Response:
    """For Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@router.get("/api/models")
async def models(parts: PartsOf) -> dict[str, Any]:
    """The models that may be chosen, the default first. `context_tokens`: prompt and answer together."""
    return {
        "items": [
            {
                "name": choice.config.name,
                "context_tokens": choice.model.context,
                "max_tokens": choice.config.max_tokens,
            }
            for choice in parts.models.choices
        ]
    }
