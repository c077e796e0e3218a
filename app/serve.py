"""The processes: an API with or without its worker, and a worker alone."""

import gc
import sys

import structlog
import uvicorn
import uvloop

from app import logs
from app.embedded.environment import with_embedded
from app.settings import Settings
from graphs.errors import Retryable

log = structlog.get_logger(__name__)

GRACE = 30
"""Seconds that open connections are given when the server stops."""
NEEDED = {
    "database_url": "MEMOCHA_DATABASE_URL (postgresql://user:password@host:5432/database)",
    "milvus_uri": "MEMOCHA_MILVUS_URI (http://host:19530)",
    "llm": "MEMOCHA_LLM (for example openai:gpt-5-mini)",
}


def missing(settings: Settings, names: list[str]) -> str | None:
    """What has to be set first, in words; None when all is there."""
    if settings.index != "milvus":
        names = [name for name in names if name != "milvus_uri"]
    lacking = [NEEDED[name] for name in names if getattr(settings, name) is None]
    if not lacking:
        return None
    return "Not set: " + ", ".join(lacking) + ".\nTo have all of it started here, run: memocha up"


def serve(settings: Settings, *, migrate_first: bool = False) -> int:
    """Serve HTTP until told to stop; the process's exit status."""
    if (problem := missing(settings, list(NEEDED))) is not None:
        print(problem, file=sys.stderr)  # noqa: T201 - the command's own answer
        return 2
    logs.configure(settings.log_level, settings.log_format)
    # What is imported stays: looking through it for garbage again and again would take a sixth of the start, and later
    # hold up requests.
    gc.disable()
    if migrate_first:
        uvloop.run(_migrate(settings))
    if settings.llm_check and (refusal := uvloop.run(refused_model(settings))) is not None:
        print(refusal, file=sys.stderr)  # noqa: T201 - the command's own answer
        return 1
    from app.main import create_app

    gc.freeze()
    gc.enable()
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1


def work(settings: Settings) -> int:
    """Run jobs until told to stop; the process's exit status. Beside a `memocha up` it works on that one's parts."""
    settings = with_embedded(settings)
    if (problem := missing(settings, ["database_url", "milvus_uri"])) is not None:
        print(problem, file=sys.stderr)  # noqa: T201 - the command's own answer
        return 2
    logs.configure(settings.log_level, settings.log_format)
    from app.parts import run_jobs

    uvloop.run(run_jobs(settings))
    return 0


async def refused_model(settings: Settings) -> str | None:
    """Why the chat model will never answer as it is configured; None where it does, or where its server is only away.

    A server that is away may be on its way up: that is logged, and shown by /ready until it is there.
    """
    from app.chat.models import configs
    from graphs.models.check import check

    report = await check(configs(settings)[0])
    if report.error is not None and not issubclass(report.error, Retryable):
        return f"{report.problem} {report.advice}"
    if not report.ok:
        log.warning("the chat model does not answer yet", problem=report.problem, advice=report.advice)
    return None


async def _migrate(settings: Settings) -> None:
    from app.db.migrate import migrate

    assert settings.database_url is not None
    await migrate(settings.database_url.get_secret_value())
