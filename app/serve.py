"""The processes: an API with or without its worker, and a worker alone."""

import sys

import uvicorn
import uvloop

from app import logs
from app.settings import Settings

GRACE = 30
"""Seconds that open connections are given when the server stops."""
NEEDED = {
    "database_url": "MEMOCHA_DATABASE_URL (postgresql://user:password@host:5432/database)",
    "milvus_uri": "MEMOCHA_MILVUS_URI (http://host:19530)",
    "llm": "MEMOCHA_LLM (for example openai:gpt-5-mini)",
}


def missing(settings: Settings, names: list[str]) -> str | None:
    """What has to be set first, in words; None when all is there."""
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
    if migrate_first:
        uvloop.run(_migrate(settings))
    from app.main import create_app

    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = uvicorn.Server(config)
    server.run()
    return 0 if server.started else 1


def work(settings: Settings) -> int:
    """Run jobs until told to stop; the process's exit status."""
    if (problem := missing(settings, ["database_url", "milvus_uri"])) is not None:
        print(problem, file=sys.stderr)  # noqa: T201 - the command's own answer
        return 2
    logs.configure(settings.log_level, settings.log_format)
    from app.parts import run_jobs

    uvloop.run(run_jobs(settings))
    return 0


async def _migrate(settings: Settings) -> None:
    from app.db.migrate import migrate

    assert settings.database_url is not None
    await migrate(settings.database_url.get_secret_value())
