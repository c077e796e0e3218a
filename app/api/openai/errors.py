"""Errors in OpenAI's form."""

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel

KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


class Error(BaseModel):
    """What went wrong."""

    message: str
    type: str
    code: str | None = None
    param: str | None = None


class ErrorBody(BaseModel):
    """An error as OpenAI's clients read it."""

    error: Error


def error_body(status: int, code: str, message: str, param: str | None = None) -> dict[str, Any]:
    """The body for an error."""
    kind = KINDS.get(status, "invalid_request_error" if status < 500 else "server_error")
    return ErrorBody(error=Error(message=message, type=kind, code=code, param=param)).model_dump()


def openai_error(problem: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    """The response for a problem's body. What is invalid is a 400 there."""
    status = problem["status"]
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        status = HTTPStatus.BAD_REQUEST
    message, param = problem["title"], None
    if "detail" in problem:
        message = f"{message} {problem['detail'].removesuffix('.')}."
        param = problem.get("param")
    return JSONResponse(error_body(status, problem["code"], message, param), status_code=int(status), headers=headers)
