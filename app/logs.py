"""Structured logs. No message text, memory text or key is ever logged at info level or above."""

import logging
import sys
from typing import Literal, TextIO

import structlog

from app.tracebacks import ExcInfo, traceback_of

QUIET = ("httpx", "httpx2", "httpcore", "alembic", "procrastinate", "pymilvus", "langgraph", "uvicorn.access")
WORDY = ("openai", "sse_starlette", "mcp")
"""Write what people say when they are asked for all they have: whatever the level, they are not."""


def configure(level: str = "info", form: Literal["auto", "json", "console"] = "auto") -> None:
    """Send all logs, those of libraries too, through structlog to standard error: JSON, or lines for a terminal."""
    console = form == "console" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_write_traceback)]
        if console
        else [structlog.processors.ExceptionRenderer(traceback_of), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)  # or libraries' deprecations would stand between the lines of JSON
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    for name in WORDY:
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))


def _write_traceback(stream: TextIO, exc_info: ExcInfo) -> None:
    stream.write("\n" + traceback_of(exc_info))
