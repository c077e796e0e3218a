"""Every error as problem+json."""

from http import HTTPStatus
from math import ceil
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.api.openai.errors import openai_error
from app.api.openai.refusals import refusal
from app.api.rate_fields import OPENAI, rate_fields
from app.errors import (
    InvalidRequest,
    OutOfScope,
    RateLimited,
    Unauthorized,
    problem,
    problem_of,
)
from graphs.errors import MemochaError, Retryable

log = structlog.get_logger(__name__)

MCP = "/mcp"
BEARER = 'Bearer realm="Memocha"'
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def problem_response(path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    """The response for a problem's body; OpenAI's clients and those of the Model Context Protocol get it in theirs."""
    if path.startswith(OPENAI):
        return openai_error(body, headers)
    if path == MCP:
        return _rpc_error(body, headers)
    return JSONResponse(body, status_code=body["status"], headers=headers, media_type="application/problem+json")


def answer_to(request: Request, error: MemochaError) -> JSONResponse:
    """The response for an error."""
    path = request.url.path
    return problem_response(path, problem_of(error, request_id=request.state.request_id), _headers(error, path))


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(MemochaError)
    async def ours(request: Request, error: MemochaError) -> JSONResponse:
        if isinstance(error, Retryable):
            log.warning("request failed", code=error.code, error=str(error))
        return answer_to(request, error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # What was sent is left out, but where a client of OpenAI's is told of a number or a name: it may be somebody's
        # words.
        # LangServe gives words in place of a list.
        items = [item for item in error.errors() if isinstance(item, dict)]
        told: dict[str, Any]
        if request.url.path.startswith(OPENAI) and items:
            told = dict(zip(("detail", "param"), refusal(items[0]), strict=True))
        else:
            told = {"errors": [{"loc": list(item["loc"]), "msg": item["msg"], "type": item["type"]} for item in items]}
        return problem_response(
            request.url.path,
            problem(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                InvalidRequest.code,
                InvalidRequest.title,
                request_id=request.state.request_id,
                **told,
            ),
        )

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        code, title = status.phrase.lower().replace(" ", "_").replace("-", "_"), f"{status.phrase}."
        if status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY):
            # A body that is no text at all, or what LangServe refuses: for a client the same as any that is invalid.
            status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, InvalidRequest.code, InvalidRequest.title
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers["allow"] = ", ".join(_methods(app, request.url.path))
        return problem_response(
            request.url.path, problem(status, code, title, request_id=request.state.request_id), headers
        )


async def unexpected(request: Request, error: Exception) -> JSONResponse:
    """The response where nobody foresaw the error, which is logged."""
    log.error("unexpected error", exc_info=error)
    return problem_response(
        request.url.path,
        problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            MemochaError.code,
            MemochaError.title,
            request_id=request.state.request_id,
        ),
    )


def _methods(app: FastAPI, path: str) -> list[str]:
    """What may be done there. The route that refuses knows its own methods alone, not those of others at its path."""

    def taken(method: str) -> bool:
        scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
        return any(route.matches(scope)[0] is Match.FULL for route in app.router.routes)

    return [method for method in METHODS if taken(method)]


def _rpc_error(body: dict[str, Any], headers: dict[str, str] | None) -> JSONResponse:
    """An error of JSON-RPC, of no request's id: the body is not read where it is refused before. -32000 is the first of
    those that are a server's own."""
    message = " ".join(str(body[name]) for name in ("title", "detail") if name in body)
    told = {"jsonrpc": "2.0", "id": None, "error": {"code": -32000, "message": message, "data": body}}
    return JSONResponse(told, status_code=body["status"], headers=headers)


def _headers(error: MemochaError, path: str) -> dict[str, str]:
    if isinstance(error, Unauthorized):
        return {"www-authenticate": BEARER}
    if isinstance(error, OutOfScope):
        return {"www-authenticate": f'{BEARER}, error="insufficient_scope", scope="{error.scope}"'}
    if isinstance(error, RateLimited):
        fields = rate_fields(
            path,
            unit=error.unit,
            limit=error.limit,
            left=error.left,
            window=error.window,
            more_in=error.retry_after,
        )
        return {"retry-after": str(max(1, ceil(error.retry_after))), **fields}
    if isinstance(error, Retryable):
        return {"retry-after": str(max(1, round(error.retry_after or 0)))}
    return {}
