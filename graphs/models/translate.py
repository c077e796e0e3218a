"""Provider errors, translated where they cross into Memocha."""

import re
import time
from email.utils import parsedate_to_datetime
from typing import Any, Final

import openai
from langchain_core.exceptions import ContextOverflowError

from graphs.errors import (
    MemochaError,
    ModelCredential,
    ModelOverloaded,
    ModelRejected,
    ModelUnavailable,
    ModelUnknown,
    PromptTooLong,
)
from graphs.models.config import ModelConfig

# OpenAI and vLLM name it by code, llama.cpp by type, others only in words.
_TOO_LONG_CODES: Final = {"context_length_exceeded", "exceed_context_size_error", "string_above_max_length"}
_TOO_LONG_WORDS: Final = (
    "context length",
    "context size",
    "context window",
    "maximum context",
    "prompt is too long",
    "too many tokens",
)
_CODE: Final = re.compile(r"[\w.-]{1,60}", re.ASCII)
_BUSY_CODES: Final = {"rate_limit_exceeded", "rate_limit_error", "overloaded_error", "server_overloaded"}


def translate(error: openai.APIError, config: ModelConfig) -> MemochaError:
    """The error of our tree for one of the OpenAI client's; its message never holds the key."""
    said = _told(error, config)
    if isinstance(error, openai.APITimeoutError):
        return ModelUnavailable(f"{config.url} did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        return ModelUnavailable(f"{config.url} was not reached or broke off: {error.__cause__ or error.message}")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, said, config)
    if _too_long(error):
        return PromptTooLong(said)
    if error.code in _BUSY_CODES or error.type in _BUSY_CODES:
        return ModelOverloaded(said)
    return ModelUnavailable(said)


def _by_status(error: openai.APIStatusError, said: str, config: ModelConfig) -> MemochaError:
    status = error.status_code
    wait = retry_after(error.response.headers)
    if status in (401, 403):
        return ModelCredential(said)
    if status == 429 and "insufficient_quota" in (error.code, error.type):
        return ModelCredential(f"{said}: the account behind the key has no credit left")
    if status == 429 or (status >= 500 and wait is not None):
        return ModelOverloaded(said, retry_after=wait)
    if status in (408, 409, 425) or status >= 500:
        return ModelUnavailable(said)
    if _too_long(error) or status == 413:
        return PromptTooLong(said)
    if status == 404 or error.code == "model_not_found":
        return ModelUnknown(f"{said} (asked {config.url} for {config.model!r})")
    return ModelRejected(f"{config.name} refused the request: status {status}, {_code(error)}")


def _code(error: openai.APIError) -> str:
    """Its code or type, where it is of the form of one."""
    named = (each for each in (error.code, error.type) if isinstance(each, str) and _CODE.fullmatch(each))
    return next(named, "no code")


def _too_long(error: openai.APIError) -> bool:
    if isinstance(error, ContextOverflowError) or {error.code, error.type} & _TOO_LONG_CODES:
        return True
    words = error.message.lower()
    return any(phrase in words for phrase in _TOO_LONG_WORDS)


def _told(error: openai.APIError, config: ModelConfig) -> str:
    """What is told of it: never the server's words, which may repeat what it was asked, and errors are logged."""
    status = f"status {error.status_code}, " if isinstance(error, openai.APIStatusError) else ""
    return f"{config.name} failed: {status}{_code(error)}"


def retry_after(headers: Any) -> float | None:
    """Seconds that the server asks to wait (`Retry-After` as a number or date, `retry-after-ms`), or None."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        value = headers.get("retry-after")
        if not value:
            return None
        if value.strip().replace(".", "", 1).isdigit():
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
