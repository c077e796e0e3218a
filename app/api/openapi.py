"""The OpenAPI description, with the events of a stream among its components."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app import events
from app.chat import events as chat_events

EVENTS: list[type[BaseModel]] = [chat_events.ChatEvent, *chat_events.NAMES, events.UserEvent, *events.NAMES]


def describe(app: FastAPI) -> None:
    """Have the application's schema name the stream's events; clients generate their types from it."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            _, definitions = models_json_schema(
                [(model, "serialization") for model in EVENTS], ref_template="#/components/schemas/{model}"
            )
            components = made.setdefault("components", {}).setdefault("schemas", {})
            for name, definition in definitions.get("$defs", {}).items():
                components.setdefault(name, definition)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]
