"""`memocha sessions`: the conversations."""

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from app.cli.memories import SHOWN, text_of
from app.cli.remote import Json, Url, Yes, each, talk
from app.cli.screen import Screen, count, moment

if TYPE_CHECKING:
    from app.schemas import ListedSession, Message, Receipt, Session
    from memocha.client import Client

sessions = typer.Typer(
    name="sessions", help="The conversations: see, find, rename, archive, delete.", no_args_is_help=True
)

Id = Annotated[UUID, typer.Argument(metavar="ID", help="The session, as `list` shows it.")]
Ids = Annotated[list[UUID], typer.Argument(metavar="ID", help="Sessions, as `list` shows them.")]
Archived = Annotated[bool, typer.Option("--archived", help="Those of the archive.")]
Any_ = Annotated[bool, typer.Option("--any", help="Those of the archive and the others.")]
Limit = Annotated[int | None, typer.Option(min=1, help=f"At the most; else {SHOWN}, with --json all.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]


@sessions.command("list")
def list_sessions(
    archived: Archived = False,
    either: Any_ = False,
    limit: Limit = None,
    everything: All = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List the sessions, the last talked in first. With --json a line each."""
    _list(None, archived, either, limit, everything, url, as_json)


@sessions.command("search")
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS")],
    archived: Archived = False,
    either: Any_ = False,
    limit: Limit = None,
    everything: All = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Find the sessions whose title has the words, or in which they were said. With --json a line each."""
    _list(text_of(words), archived, either, limit, everything, url, as_json)


def _list(
    words: str | None,
    archived: bool,
    either: bool,
    limit: int | None,
    everything: bool,
    url: str | None,
    as_json: bool,
) -> None:
    which: Literal["any"] | bool = "any" if either else archived

    async def work(memocha: "Client", screen: Screen) -> None:
        most = limit or (None if everything or as_json else SHOWN)
        found = memocha.sessions.all(search=words, archived=which)
        await screen.listed(
            found, show, most, nothing="There is no such session." if words else "There are no sessions here."
        )

    talk(work, url, as_json)


@sessions.command("show")
def show_session(session_id: Id, url: Url = None, as_json: Json = False) -> None:
    """Show what was said in a session, oldest first."""

    async def work(memocha: "Client", screen: Screen) -> None:
        session = await memocha.sessions.get(session_id)
        messages = await memocha.sessions.history(session_id)
        if as_json:
            said = [message.model_dump(mode="json") for message in messages]
            screen.document({**session.model_dump(mode="json"), "messages": said})
            return
        show(screen, session)
        for message in messages:
            _show_message(screen, message)

    talk(work, url, as_json)


@sessions.command("rename")
def rename(
    session_id: Id, title: Annotated[list[str], typer.Argument(metavar="TITLE")], url: Url = None, as_json: Json = False
) -> None:
    """Give a session another title."""
    words = text_of(title)

    async def work(memocha: "Client", screen: Screen) -> None:
        screen.one(await memocha.sessions.change(session_id, title=words), show)

    talk(work, url, as_json)


@sessions.command("archive")
def archive(ids: Ids, url: Url = None, as_json: Json = False) -> None:
    """Put sessions into the archive. What was said in them stays remembered."""
    _set_archived(ids, True, url, as_json)


@sessions.command("unarchive")
def unarchive(ids: Ids, url: Url = None, as_json: Json = False) -> None:
    """Take sessions out of the archive."""
    _set_archived(ids, False, url, as_json)


def _set_archived(ids: list[UUID], archived: bool, url: str | None, as_json: bool) -> None:
    async def work(memocha: "Client", screen: Screen) -> None:
        async def change(session_id: UUID) -> None:
            show(screen, await memocha.sessions.change(session_id, archived=archived))

        await each(ids, change, screen)

    talk(work, url, as_json)


@sessions.command("rm")
def remove(
    ids: Ids,
    keep_memories: Annotated[
        bool, typer.Option("--keep-memories", help="Delete what was said, and remember it all the same.")
    ] = False,
    yes: Yes = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Delete sessions with all that was said in them, and the memories that came from them. It cannot be undone."""

    async def work(memocha: "Client", screen: Screen) -> None:
        if screen.asks(yes=yes):
            for session_id in ids:
                screen.note(f"{session_id}  {(await memocha.sessions.get(session_id)).title}")
            kept = "; their memories stay" if keep_memories else " with their memories"
            screen.confirm(f"Delete {count(len(ids), 'session', 'sessions')}{kept}?")

        async def delete(session_id: UUID) -> None:
            receipt = await memocha.sessions.delete(session_id, memories="keep" if keep_memories else "delete")
            _show_receipt(screen, session_id, receipt)

        await each(ids, delete, screen)

    talk(work, url, as_json)


def show(screen: Screen, session: "Session | ListedSession") -> None:
    """One of a list: its id, when it was last talked in, what is special about it, its title, where the words are."""
    if screen.json:
        screen.line(session)
        return
    marks = [
        name for name, is_so in (("archived", session.archived), ("memory off", not session.memory_enabled)) if is_so
    ]
    match = getattr(session, "match", None)
    title = f"{session.title or 'Untitled'}{f' … {match.text}' if match else ''}"
    screen.entry([str(session.id), moment(session.updated_at), ",".join(marks) or "-"], title)


def _show_message(screen: Screen, message: "Message") -> None:
    who = message.speaker or ("You" if message.role == "user" else "Memocha")
    given = f", given {count(len(message.memories), 'memory', 'memories')}" if message.memories else ""
    screen.say(f"\n{who}, {moment(message.created_at)}{given}:\n{message.content}")


def _show_receipt(screen: Screen, session_id: UUID, receipt: "Receipt") -> None:
    if screen.json:
        screen.line({"id": str(session_id), **receipt.model_dump(mode="json")})
        return
    gone = f"{count(receipt.messages, 'message', 'messages')}, {count(receipt.memories, 'memory', 'memories')}"
    screen.say(f"{session_id}: deleted, {gone}.")
