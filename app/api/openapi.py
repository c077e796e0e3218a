"""The OpenAPI description: how refusals are told, what a stream's events hold, and LangServe's routes as they are."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app import events
from app.api.openai.errors import ErrorBody
from app.chat import events as chat_events
from app.schemas import Problem

EVENTS: list[type[BaseModel]] = [chat_events.ChatEvent, *chat_events.NAMES, events.UserEvent, *events.NAMES]
COMPONENTS = "#/components/schemas/"
REFUSED: dict[HTTPStatus, str] = {
    HTTPStatus.UNAUTHORIZED: "No credential, or a wrong one.",
    HTTPStatus.FORBIDDEN: "Sent by a page of another origin, to a name that is not ours, or with a key for less.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than is taken.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests, or no budget for another answer; `code` says which.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Something that is needed is away, or the turn failed; `code` says why.",
}
"""What any route may answer; that it is too large, those with a body."""
INVALID = "A value is missing, malformed or out of bounds."
BUSY = "The session is answering another message; `run_id` names the run."
LANGSERVE = "/chat/"
LANGSERVE_EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {"event": {"enum": ["metadata", "data", "error", "end"]}, "data": {"type": "string"}},
    "required": ["event"],
}


def event_stream(names: Mapping[type[BaseModel], str], *, numbered: bool) -> dict[str, Any]:
    """The content of a response that is a stream of these events; `numbered`: each has an id that counts up."""
    of_each = [_event(model, name, numbered=numbered) for model, name in names.items()]
    return {"text/event-stream": {"schema": {"oneOf": of_each}}}


def describe(app: FastAPI) -> None:
    """Have the application's schema tell what is answered; clients generate their types from it."""

    def schema() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            components = made.setdefault("components", {}).setdefault("schemas", {})
            for name, definition in _definitions().items():
                components.setdefault(name, definition)
            made["components"]["responses"] = _refusals()
            for path, operations in made["paths"].items():
                for operation in operations.values():
                    _tell(path, operation)
            for unused in ("HTTPValidationError", "ValidationError"):
                components.pop(unused, None)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = schema  # type: ignore[method-assign]


def _event(model: type[BaseModel], name: str, *, numbered: bool) -> dict[str, Any]:
    data = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"{COMPONENTS}{model.__name__}"},
    }
    properties = {"event": {"const": name}, "data": data} | ({"id": {"type": "string"}} if numbered else {})
    return {"type": "object", "properties": properties, "required": sorted(properties)}


def _definitions() -> dict[str, Any]:
    """What no route's model brings along."""
    models: list[type[BaseModel]] = [*EVENTS, Problem, ErrorBody]
    _, made = models_json_schema([(model, "serialization") for model in models], ref_template=COMPONENTS + "{model}")
    definitions: dict[str, Any] = made.get("$defs", {})
    return definitions


def _refusals() -> dict[str, Any]:
    """What any route may answer, in our form and in OpenAI's."""
    return {
        f"{form.__name__}{int(status)}": {"description": description, "content": _content(form)}
        for form in (Problem, ErrorBody)
        for status, description in REFUSED.items()
    }


def _content(form: type[BaseModel]) -> dict[str, Any]:
    kind = "application/problem+json" if form is Problem else "application/json"
    return {kind: {"schema": {"$ref": f"{COMPONENTS}{form.__name__}"}}}


def _tell(path: str, operation: dict[str, Any]) -> None:
    """Put the description of one route right: FastAPI knows the forms of its own errors, not of ours."""
    responses = operation["responses"]
    form: type[BaseModel] = ErrorBody if path.startswith("/v1/") else Problem
    if path.startswith(LANGSERVE):
        _tell_langserve(path, operation)
    if form is ErrorBody:
        # What is invalid is a 400 there.
        responses.pop("422", None)
    elif "422" in responses:
        responses["422"]["description"] = INVALID
    for code, response in responses.items():
        # Whether it is ready is told in one form, whatever the status.
        if int(code) >= HTTPStatus.BAD_REQUEST and (path, code) != ("/ready", "503"):
            response["content"] = _content(form)
    for status in REFUSED:
        if status is not HTTPStatus.REQUEST_ENTITY_TOO_LARGE or "requestBody" in operation:
            responses.setdefault(str(int(status)), {"$ref": f"#/components/responses/{form.__name__}{int(status)}"})


def _tell_langserve(path: str, operation: dict[str, Any]) -> None:
    """LangServe describes its streams as JSON, and nothing of what is refused before it is asked."""
    responses = operation["responses"]
    responses.setdefault("422", {"description": INVALID})
    if "requestBody" in operation:
        responses.setdefault("404", {"description": "There is no such session."})
        responses.setdefault(
            "409", {"description": "The session is answering another message; `run_id` names the run."}
        )
    if path.rpartition("/")[2].startswith("stream"):
        responses["200"]["content"] = {"text/event-stream": {"schema": LANGSERVE_EVENT}}
