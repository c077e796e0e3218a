"""Accounts, made on the machine of the service, in its database: so the first admin comes to be."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import typer

from app.cli.exits import ExitCode, of_status
from app.cli.remote import load_settings
from app.cli.screen import Screen, problem_of

if TYPE_CHECKING:
    from app.db.models import User
    from app.security.signing_in import SigningIn

OFF = "MEMOCHA_AUTH is not accounts here: until the service has it so, nobody signs in."


def create_account(login: str, *, admin: bool, local: bool, stdin: bool, as_json: bool) -> None:
    """Make one; the password is read from the input, or made, to be changed at the first sign-in."""

    async def work(signing_in: "SigningIn") -> "User":
        from app.security.signing_in import require_login

        name = require_login(login)
        return await signing_in.create(name, role="admin" if admin else "member", local=local)

    _with_password(work, login, stdin=stdin, as_json=as_json)


def change_password(login: str, *, stdin: bool, as_json: bool) -> None:
    """Set another password; every sign-in of theirs ends."""

    async def work(signing_in: "SigningIn") -> "User":
        return await signing_in.named(login)

    _with_password(work, login, stdin=stdin, as_json=as_json)


def _with_password(work: "Callable[[SigningIn], Awaitable[User]]", login: str, *, stdin: bool, as_json: bool) -> None:
    """Find or make the account, and set its password. Raises `typer.Exit`, the reason told, where it fails."""
    import asyncio

    from app.errors import problem_of as problem_of_error
    from app.errors import status_of
    from app.security.passwords import require_good
    from app.security.signing_in import folded
    from app.security.tokens import new_password
    from graphs.errors import MemochaError

    screen = Screen(as_json=as_json)
    url, accounts_on = _database(screen, as_json=as_json)
    password = sys.stdin.readline().rstrip("\r\n") if stdin else new_password()

    async def set_it() -> "User":
        from app.security.access import signing_in_at

        # Looked at before anything is made.
        require_good(password, folded(login))
        async with signing_in_at(url) as signing_in:
            user = await work(signing_in)
            return await signing_in.set_password(user.id, password, chosen=stdin)

    try:
        user = asyncio.run(set_it())
    except MemochaError as error:
        status = status_of(error)
        problem = problem_of_error(error)
        words = f"{problem['title']} {problem['detail']}." if "detail" in problem else None
        screen.problem(problem, words)
        busy = of_status(int(status)) is ExitCode.BUSY
        code = ExitCode.UNREACHABLE if int(status) >= 500 else ExitCode.INVALID if busy else of_status(int(status))
        raise typer.Exit(code) from None
    _tell(screen, user, None if stdin else password)
    if not accounts_on:
        screen.note(OFF)


def _tell(screen: Screen, user: "User", password: str | None) -> None:
    if screen.json:
        screen.document({"id": str(user.id), "login": user.login, "role": user.role, "one_time_password": password})
        return
    screen.say(f"{user.login}: {user.role}")
    if password is not None:
        screen.say(f"password: {password}")
        screen.note("It is shown this once, and to be changed at the first sign-in.")


def _database(screen: Screen, *, as_json: bool) -> tuple[str, bool]:
    """Where it is, and whether the service has accounts as far as the settings here tell."""
    from app.embedded.environment import with_embedded

    settings = with_embedded(load_settings(as_json=as_json))
    if settings.database_url is None:
        words = "MEMOCHA_DATABASE_URL is not set, and no `memocha up` is running here."
        screen.problem(problem_of("settings", words))
        raise typer.Exit(ExitCode.USAGE)
    from app import logs

    logs.configure("warning", settings.log_format)
    return settings.database_url.get_secret_value(), settings.auth == "accounts"
