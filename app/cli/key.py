"""`memocha key`: the key to the service, or keys of one's own where it has accounts."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from app.cli.exits import ExitCode
from app.cli.remote import Json, Url, address_of, finish, is_open, load_settings, talk, utf8
from app.cli.screen import Screen, moment
from app.cli.user import unsupported

if TYPE_CHECKING:
    from app.account_schemas import Key
    from memocha.client import Client

ONE_KEY = (
    "There is one key, which the service reads from MEMOCHA_API_KEY when it starts. To revoke it, put another in its "
    "place (memocha key create makes one) and start the service again; whoever has the old one is then refused. Where "
    "there are accounts: memocha key revoke ID."
)
USUAL = ("chat", "memories:read", "memories:write", "account")

key = typer.Typer(name="key", help="The key to the service.", no_args_is_help=True)


@key.command("create")
def create(
    name: Annotated[str | None, typer.Argument(metavar="NAME", parser=utf8, help="What it is for.")] = None,
    scopes: Annotated[
        list[str] | None,
        typer.Option("--scope", metavar="SCOPE", help=f"{', '.join(USUAL)} (else these), or users, for admins."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="How long it is taken; else for good.")] = None,
    login: Annotated[
        str | None, typer.Option(metavar="LOGIN", parser=utf8, help="Sign in for it, by a password that is asked for.")
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Make a key of your own, where the service has accounts. Without a NAME one to be set where the service runs and
    where it is used; then no service is asked or told."""
    if name is None:
        if scopes or days or login or url:
            raise typer.BadParameter("say what the key is for", param_hint="NAME")
        _make(Screen(as_json=as_json))
        return
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    made_for: Any = scopes or list(USUAL)

    async def ask(memocha: "Client", screen: Screen) -> None:
        made = await memocha.accounts.create_key(name, made_for, expires_at)
        if as_json:
            screen.document(made)
            return
        screen.say(made.key)
        screen.note("It is shown this once. Commands send it where MEMOCHA_API_KEY is set to it.")

    if login is None:
        talk(ask, url, as_json)
    else:
        _signed_in(ask, login, url, as_json)


@key.command("list")
def list_keys(url: Url = None, as_json: Json = False) -> None:
    """List your keys, where the service has accounts; else say whether it wants a key, and takes the one set here."""
    settings = load_settings(as_json=as_json)
    screen = Screen(as_json=as_json)
    mine = settings.api_key.get_secret_value() if settings.api_key else None

    async def work() -> None:
        from memocha.client import Client

        address = address_of(settings, url)
        async with Client(address, mine) as memocha:
            if (await memocha.accounts.state()).mode == "accounts":
                for each in await memocha.accounts.keys():
                    _show_own(screen, each)
                return
        required = not await is_open(address, None)
        accepted = not required or (mine is not None and await is_open(address, mine))
        _show(screen, address, required=required, given=mine is not None, accepted=accepted)
        if not accepted:
            raise typer.Exit(ExitCode.REFUSED)

    finish(work, screen)


@key.command("revoke")
def revoke(
    key_id: Annotated[UUID | None, typer.Argument(metavar="ID", help="The key, as `list` shows it.")] = None,
    login: Annotated[
        str | None, typer.Option(metavar="LOGIN", parser=utf8, help="Sign in for it, by a password that is asked for.")
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Have one of your keys taken no more, where the service has accounts; without an ID say what else is needed."""
    if key_id is None:
        unsupported(ONE_KEY, as_json)
        return

    async def ask(memocha: "Client", screen: Screen) -> None:
        await memocha.accounts.revoke_key(key_id)
        if as_json:
            screen.document({"id": str(key_id), "revoked": True})
        else:
            screen.say(f"{key_id}: revoked.")

    if login is None:
        talk(ask, url, as_json)
    else:
        _signed_in(ask, login, url, as_json)


def _make(screen: Screen) -> None:
    from app.embedded.files import make_secret

    made = make_secret()
    if screen.json:
        screen.document({"key": made})
    else:
        screen.say(made)
    screen.note("Set MEMOCHA_API_KEY to it where the service runs (its .env, or its environment), and start it again.")


def _signed_in(ask: "Callable[[Client, Screen], Awaitable[None]]", login: str, url: str | None, as_json: bool) -> None:
    """Do the work signed in for the time of it, whatever key is set. Raises `typer.Exit`, the reason told, where it
    fails."""
    from memocha.client import Client

    settings = load_settings(as_json=as_json)
    screen = Screen(as_json=as_json)
    password = (
        typer.prompt("Password", hide_input=True, err=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\r\n")
    )

    async def connected() -> None:
        async with Client(address_of(settings, url)) as memocha, memocha.accounts.signed_in(login, password):
            await ask(memocha, screen)

    finish(connected, screen)


def _show_own(screen: Screen, key: "Key") -> None:
    if screen.json:
        screen.line(key)
        return
    used, until = (moment(when) if when else "-" for when in (key.last_used_at, key.expires_at))
    screen.entry([str(key.id), f"{key.hint}...", used, until, ",".join(key.scopes)], key.name)


def _show(screen: Screen, address: str, *, required: bool, given: bool, accepted: bool) -> None:
    if screen.json:
        screen.line({"name": "MEMOCHA_API_KEY", "required": required, "given": given, "accepted": accepted})
    elif not required:
        screen.say(f"MEMOCHA_API_KEY: {address} wants none; only this machine reaches it.")
    elif not given:
        screen.say(f"MEMOCHA_API_KEY: {address} wants one, and none is set here.")
    else:
        screen.say(f"MEMOCHA_API_KEY: {address} {'takes' if accepted else 'refuses'} the one that is set here.")
