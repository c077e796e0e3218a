"""`memocha user`: who is remembered."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.accounts import change_password, create_account
from app.cli.exits import ExitCode
from app.cli.remote import Json, Url, Yes, talk, utf8
from app.cli.screen import Screen, moment, one_line, problem_of

if TYPE_CHECKING:
    from app.account_schemas import Account
    from app.schemas import Me
    from memocha.client import Client
    from memocha.client.me import Changes, Limits

user = typer.Typer(name="user", help="Who is remembered, and how.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(metavar="LOGIN", parser=utf8, help="What they sign in with.")]
Stdin = Annotated[bool, typer.Option("--stdin", help="Read the password from the input; it need not be changed then.")]
Words = Annotated[str | None, typer.Option(metavar="TEXT", parser=utf8)]
Number = Annotated[int | None, typer.Option(min=0, help="0: as everyone's.")]


@user.command("show")
def show_user(url: Url = None, as_json: Json = False) -> None:
    """Show what is set of the user."""

    async def work(memocha: "Client", screen: Screen) -> None:
        _show(screen, await memocha.me.get())

    talk(work, url, as_json)


@user.command("list")
def list_users(url: Url = None, as_json: Json = False) -> None:
    """List the accounts, where you are an admin; without accounts there is one user."""

    async def work(memocha: "Client", screen: Screen) -> None:
        if (await memocha.accounts.state()).mode == "accounts":
            for account in await memocha.accounts.users():
                _show_account(screen, account)
            return
        me = await memocha.me.get()
        if as_json:
            screen.line({"id": str(me.id), "name": me.name})
        else:
            screen.entry([str(me.id)], me.name)

    talk(work, url, as_json)


@user.command("set")
def set_user(
    memory: Annotated[
        bool | None, typer.Option("--memory/--no-memory", help="Recall and remember, or neither.")
    ] = None,
    about_me: Words = None,
    how_to_answer: Words = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", parser=utf8, help="BCP-47, as pt-BR; empty: the question's.")
    ] = None,
    keep_memories: Number = None,
    keep_days: Number = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Change what is set; an empty text takes it away."""
    changes: Changes = {}
    if memory is not None:
        changes["memory_enabled"] = memory
    if about_me is not None:
        changes["about_me"] = about_me or None
    if how_to_answer is not None:
        changes["how_to_answer"] = how_to_answer or None
    if language is not None:
        changes["language"] = language or None
    limits: Limits = {}
    if keep_memories is not None:
        limits["memories"] = keep_memories or None
    if keep_days is not None:
        limits["days"] = keep_days or None
    if limits:
        changes["retention"] = limits
    if not changes:
        raise typer.BadParameter("say what to change, as --memory or --about-me", param_hint="options")

    async def work(memocha: "Client", screen: Screen) -> None:
        _show(screen, await memocha.me.change(changes))

    talk(work, url, as_json)


@user.command("erase")
def erase(yes: Yes = False, url: Url = None, as_json: Json = False) -> None:
    """Delete all that is kept of the user: conversations, memories, imports, settings. It cannot be undone."""

    async def work(memocha: "Client", screen: Screen) -> None:
        if screen.asks(yes=yes):
            screen.note("To keep a copy, first: memocha export --out FILE")
            screen.confirm("Delete every conversation, every memory and every setting of yours?")
        receipt = await memocha.me.erase()
        if as_json:
            screen.document(receipt)
            return
        for name, value in receipt.model_dump(exclude={"note"}).items():
            screen.say(f"{name}: {value:,}")
        screen.note(receipt.note)

    talk(work, url, as_json)


@user.command("create")
def create(
    login: Login,
    admin: Annotated[bool, typer.Option("--admin", help="Who may make and look after accounts.")] = False,
    local: Annotated[
        bool, typer.Option("--local", help="Whose is what was said and remembered before there were accounts.")
    ] = False,
    stdin: Stdin = False,
    as_json: Json = False,
) -> None:
    """Make an account, in the database of the service on this machine; prints a password to sign in with once."""
    create_account(login, admin=admin, local=local, stdin=stdin, as_json=as_json)


@user.command("password")
def password(login: Login, stdin: Stdin = False, as_json: Json = False) -> None:
    """Set another password, in the database of the service on this machine, and end every sign-in of that account."""
    change_password(login, stdin=stdin, as_json=as_json)


def unsupported(words: str, as_json: bool) -> None:
    """Say what this version cannot do, and what can be done. Raises `typer.Exit`."""
    Screen(as_json=as_json).problem(problem_of("not_supported", words))
    raise typer.Exit(ExitCode.INVALID)


def _show_account(screen: Screen, account: "Account") -> None:
    if screen.json:
        screen.line(account)
        return
    seen = moment(account.last_seen_at) if account.last_seen_at else "-"
    marks = "disabled" if account.disabled_at else "-"
    screen.entry([str(account.id), seen, account.role, marks], account.login)


def _show(screen: Screen, me: "Me") -> None:
    if screen.json:
        screen.document(me)
        return
    kept = me.retention
    for name, value in (
        ("id", str(me.id)),
        ("name", me.name),
        ("memory", "on" if me.memory_enabled else "off"),
        ("about me", me.about_me),
        ("how to answer", me.how_to_answer),
        ("language", me.language or "the question's"),
        ("kept", f"{kept.memories or 'all'} memories, {f'{kept.days} days' if kept.days else 'for good'}"),
    ):
        screen.say(f"{name}: {one_line(value)}")
