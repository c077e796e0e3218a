"""A command at work on a service that runs: where it is, the key to it, and what becomes of its refusals."""

import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.exits import ExitCode, of_status
from app.cli.screen import Screen, problem_of

if TYPE_CHECKING:
    from uuid import UUID

    from app.settings import Settings
    from memocha.client import Client, ClientError, Refused

ADVICE = {
    "unauthorized": "The key was refused. Set MEMOCHA_API_KEY to the service's key.",
    "sign_in_needed": "Set MEMOCHA_API_KEY to one of your keys: memocha key create NAME --login LOGIN makes one.",
}
"""By code, what to say in place of what the service says."""


def when(text: str) -> datetime:
    """A date or a time, of this machine's zone where it names none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError):
        raise typer.BadParameter("is no date like 2026-05-03, nor a time like 2026-05-03T12:00Z") from None


def utf8(text: str) -> str:
    """The text. Raises `typer.BadParameter` for bytes that are none."""
    try:
        return text.encode().decode()
    except UnicodeError:
        raise typer.BadParameter("is not UTF-8") from None


Url = Annotated[
    str | None,
    typer.Option("--url", help="Where the service is; else MEMOCHA_URL, else the one that runs on this machine."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
When = Annotated[datetime | None, typer.Option(parser=when, metavar="TIME")]


def load_settings(*, as_json: bool = False) -> "Settings":
    """The settings, or an exit that names what is wrong with each."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from app.settings import Settings

    words = []
    try:
        return Settings()
    except SettingsError as error:
        words.append(str(error))
    except ValidationError as error:
        for item in error.errors():
            name = f"MEMOCHA_{str(item['loc'][0]).upper()}: " if item["loc"] else ""
            words.append(f"{name}{item['msg'].removeprefix('Value error, ')}")
    Screen(as_json=as_json).problem(
        problem_of("settings", "A setting is not valid.", detail="; ".join(words)), "\n".join(words)
    )
    raise typer.Exit(ExitCode.USAGE)


def address_of(settings: "Settings", url: str | None) -> str:
    """Where the service is: as said, as MEMOCHA_URL says, as the one that runs with this data folder has noted, else
    where MEMOCHA_HOST and _PORT would have it."""
    import httpx

    from app.embedded.environment import FILE
    from app.embedded.service import ServicePart

    if url is not None:
        try:
            right = httpx.URL(url).scheme in ("http", "https") and httpx.URL(url).host
        except httpx.InvalidURL:
            right = ""
        if not right:
            raise typer.BadParameter("is not of the form http://HOST:PORT", param_hint="--url")
    if (said := url or settings.url) is not None:
        return said.rstrip("/")
    if (settings.data_dir / FILE).exists():
        # It may not have said yet, or be about to stop.
        with suppress(OSError, ValueError, KeyError, TypeError):
            return str(json.loads((settings.data_dir / "lock").read_text(encoding="utf-8"))["address"])
    return ServicePart(settings).address


def talk(work: "Callable[[Client, Screen], Awaitable[None]]", url: str | None, as_json: bool) -> None:
    """Do the work with a client of the service. Raises `typer.Exit`, the reason told, where it fails."""
    from memocha.client import Client

    settings = load_settings(as_json=as_json)
    screen = Screen(as_json=as_json)
    key = settings.api_key.get_secret_value() if settings.api_key else None

    async def connected() -> None:
        async with Client(address_of(settings, url), key) as memocha:
            await work(memocha, screen)

    finish(connected, screen)


async def is_open(address: str, key: str | None) -> bool:
    """Whether the service there lets that key in, or none. Raises `ClientError` where it does not say."""
    from memocha.client import Client, Refused

    async with Client(address, key) as memocha:
        try:
            await memocha.me.get()
        except Refused as error:
            if of_status(error.status) is not ExitCode.REFUSED:
                raise
            return False
    return True


def finish(work: "Callable[[], Coroutine[Any, Any, None]]", screen: Screen) -> None:
    """Do the work. Raises `typer.Exit`, the reason told, where it fails."""
    import asyncio

    from memocha.client import ClientError

    try:
        asyncio.run(work())
    except ClientError as error:
        raise typer.Exit(failure(screen, error)) from None


async def each(ids: "list[UUID]", do: "Callable[[UUID], Awaitable[None]]", screen: Screen) -> None:
    """Do it with each, also where another was refused. Raises `typer.Exit` with the first refusal's code."""
    from memocha.client import Refused

    ended = ExitCode.DONE
    for one in ids:
        try:
            await do(one)
        except Refused as error:
            code = failure(screen, error, str(one), id=str(one))
            ended = ended or code
    if ended:
        raise typer.Exit(ended)


def failure(screen: Screen, error: "ClientError", about: str | None = None, **members: Any) -> ExitCode:
    """Tell what went wrong; the exit code for it. `about`: with what; `members`: what a program is told beside it."""
    code, problem, words = _told(error)
    screen.problem({**problem, **members}, f"{about}: {words}" if about else words)
    return code


def _told(error: "ClientError") -> tuple[ExitCode, dict[str, Any], str]:
    """The exit code, the problem for a program, the words for a person."""
    from memocha.client import JobFailed, Refused, Unreachable
    from memocha.client.connection import UNKNOWN

    words = str(error)
    match error:
        case Refused():
            code = ExitCode.UNREACHABLE if error.code == UNKNOWN else of_status(error.status)
            return code, dict(error.problem), ADVICE.get(error.code) or _with_rules(error)
        case Unreachable():
            return (
                ExitCode.UNREACHABLE,
                problem_of("unreachable", words),
                f"{words}\nTo start it here: memocha up. To name another: --url or MEMOCHA_URL.",
            )
        case JobFailed():
            return ExitCode.FAILED, problem_of("job_failed", words, job=error.job.model_dump(mode="json")), words
        case _:
            return ExitCode.FAILED, problem_of("connection_lost", words), words


def _with_rules(error: "Refused") -> str:
    """The refusal, and which fields break which rules."""
    rules = [f"{'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in error.problem.get("errors") or []]
    return "\n".join([str(error), *rules])
