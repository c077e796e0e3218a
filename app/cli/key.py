"""`memocha key`: the key to the service."""

import typer

from app.cli.exits import ExitCode
from app.cli.remote import Json, Url, address_of, finish, is_open, load_settings
from app.cli.screen import Screen
from app.cli.user import unsupported

ONE_KEY = (
    "There is one key, which the service reads from MEMOCHA_API_KEY when it starts. To revoke it, put another in its "
    "place (memocha key create makes one) and start the service again; whoever has the old one is then refused."
)

key = typer.Typer(name="key", help="The key to the service.", no_args_is_help=True)


@key.command("create")
def create(as_json: Json = False) -> None:
    """Make a key, to be set where the service runs and where it is used. No service is asked or told."""
    from app.embedded.files import make_secret

    screen = Screen(as_json=as_json)
    made = make_secret()
    if as_json:
        screen.document({"key": made})
    else:
        screen.say(made)
    screen.note("Set MEMOCHA_API_KEY to it where the service runs (its .env, or its environment), and start it again.")


@key.command("list")
def list_keys(url: Url = None, as_json: Json = False) -> None:
    """Say whether the service wants a key, and takes the one that is set here."""
    settings = load_settings(as_json=as_json)
    screen = Screen(as_json=as_json)
    mine = settings.api_key.get_secret_value() if settings.api_key else None

    async def work() -> None:
        address = address_of(settings, url)
        required = not await is_open(address, None)
        accepted = not required or (mine is not None and await is_open(address, mine))
        _show(screen, address, required=required, given=mine is not None, accepted=accepted)
        if not accepted:
            raise typer.Exit(ExitCode.REFUSED)

    finish(work, screen)


def _show(screen: Screen, address: str, *, required: bool, given: bool, accepted: bool) -> None:
    if screen.json:
        screen.line({"name": "MEMOCHA_API_KEY", "required": required, "given": given, "accepted": accepted})
    elif not required:
        screen.say(f"MEMOCHA_API_KEY: {address} wants none; only this machine reaches it.")
    elif not given:
        screen.say(f"MEMOCHA_API_KEY: {address} wants one, and none is set here.")
    else:
        screen.say(f"MEMOCHA_API_KEY: {address} {'takes' if accepted else 'refuses'} the one that is set here.")


@key.command("revoke")
def revoke(as_json: Json = False) -> None:
    """Say what is needed to revoke the key."""
    unsupported(ONE_KEY, as_json)
