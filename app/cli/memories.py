"""`memocha memories`: what is remembered."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from uuid import UUID

import typer

from app.cli.remote import Json, Url, When, Yes, each, talk, utf8
from app.cli.screen import Screen, count, moment, one_line

if TYPE_CHECKING:
    from app.schemas import Memory, MemoryDetail
    from memocha.client import Client

SHOWN: Final = 50
"""How many of a list people are shown where they say nothing."""
SHORT: Final = 100

memories = typer.Typer(name="memories", help="What is remembered: see, find, add, pin, forget.", no_args_is_help=True)

Kind = Annotated[Literal["episode", "fact", "digest"] | None, typer.Option(help="Only of this kind.")]
Session = Annotated[UUID | None, typer.Option(metavar="ID", help="Only what was said in this session.")]
Pinned = Annotated[bool | None, typer.Option("--pinned/--not-pinned", help="Only what is pinned, or is not.")]
Ids = Annotated[list[UUID], typer.Argument(metavar="ID", help="Ids, as `list` and `search` show them.")]


def narrowed(kind: str | None, session: UUID | None, since: Any, until: Any, pinned: bool | None) -> dict[str, Any]:
    """The filters, as the client takes them."""
    from graphs.memory.records import MemoryKind

    of_kind = MemoryKind(kind) if kind is not None else None
    return {"kind": of_kind, "session_id": session, "since": since, "until": until, "pinned": pinned}


@memories.command("list")
def list_memories(
    kind: Kind = None,
    session: Session = None,
    since: When = None,
    until: When = None,
    pinned: Pinned = None,
    state: Annotated[Literal["active", "paused"] | None, typer.Option(help="Only what is so.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help=f"At the most; else {SHOWN}, with --json all.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """List what is remembered, what was said last first. With --json a line each."""

    async def work(memocha: "Client", screen: Screen) -> None:
        from graphs.memory.records import MemoryState

        wanted = narrowed(kind, session, since, until, pinned)
        found = memocha.memories.all(**wanted, state=MemoryState(state) if state else None)
        most = limit or (None if everything or as_json else SHOWN)
        await screen.listed(found, show, most, nothing="Nothing of that kind is remembered.")

    talk(work, url, as_json)


@memories.command("search")
def search(
    words: Annotated[list[str], typer.Argument(metavar="QUESTION", help="A question, or words.")],
    k: Annotated[int, typer.Option("-k", "--limit", min=1, max=200, help="How many.")] = 10,
    kind: Kind = None,
    session: Session = None,
    since: When = None,
    until: When = None,
    pinned: Pinned = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Find the memories that are nearest to a question, best first."""
    question = text_of(words)

    async def work(memocha: "Client", screen: Screen) -> None:
        found = await memocha.memories.search(question, k=k, **narrowed(kind, session, since, until, pinned))
        if as_json:
            screen.document(found)
            return
        if found.degraded:
            screen.note("The memory index does not answer; memories were searched by words alone.")
        for memory in found.items:
            show(screen, memory)
        if not found.items:
            screen.note("Nothing of that kind is remembered.")

    talk(work, url, as_json)


@memories.command("show")
def show_memory(
    memory_id: Annotated[UUID, typer.Argument(metavar="ID")], url: Url = None, as_json: Json = False
) -> None:
    """Show one memory, with where it comes from and what was changed of it."""

    async def work(memocha: "Client", screen: Screen) -> None:
        screen.one(await memocha.memories.get(memory_id), _describe)

    talk(work, url, as_json)


@memories.command("add")
def add(
    words: Annotated[list[str], typer.Argument(metavar="TEXT", help="What to remember; - reads it from the input.")],
    valid_from: When = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Have something remembered."""
    text = text_of(words)

    async def work(memocha: "Client", screen: Screen) -> None:
        screen.one(await memocha.memories.add(text, valid_from=valid_from), show)

    talk(work, url, as_json)


@memories.command("rm")
def remove(ids: Ids, yes: Yes = False, url: Url = None, as_json: Json = False) -> None:
    """Forget memories, with what was derived from the same messages. It cannot be undone."""

    async def work(memocha: "Client", screen: Screen) -> None:
        if screen.asks(yes=yes):
            for memory_id in ids:
                screen.note(f"{memory_id}  {one_line((await memocha.memories.get(memory_id)).text)}")
            screen.confirm(f"Forget {count(len(ids), 'memory', 'memories')}?")

        async def forget(memory_id: UUID) -> None:
            receipt = await memocha.memories.delete(memory_id)
            if as_json:
                screen.line({"id": str(memory_id), **receipt.model_dump(mode="json")})
            else:
                screen.say(f"{memory_id}: {count(receipt.memories, 'memory', 'memories')} forgotten.")

        await each(ids, forget, screen)
        screen.note("The messages that they came from stay in their conversations; they are not remembered again.")

    talk(work, url, as_json)


@memories.command("pin")
def pin(ids: Ids, url: Url = None, as_json: Json = False) -> None:
    """Keep memories whatever the limits are."""
    _set_pinned(ids, True, url, as_json)


@memories.command("unpin")
def unpin(ids: Ids, url: Url = None, as_json: Json = False) -> None:
    """Keep memories no longer than others."""
    _set_pinned(ids, False, url, as_json)


def _set_pinned(ids: list[UUID], pinned: bool, url: str | None, as_json: bool) -> None:
    async def work(memocha: "Client", screen: Screen) -> None:
        async def change(memory_id: UUID) -> None:
            show(screen, await memocha.memories.change(memory_id, pinned=pinned))

        await each(ids, change, screen)

    talk(work, url, as_json)


def text_of(words: list[str]) -> str:
    """The words as one text; those of the input for `-`."""
    try:
        text = sys.stdin.buffer.read().decode() if words == ["-"] else utf8(" ".join(words))
    except UnicodeError:
        raise typer.BadParameter("is not UTF-8") from None
    if not text.strip():
        raise typer.BadParameter("is empty")
    return text


def show(screen: Screen, memory: "Memory") -> None:
    """One of a list: its id, when it was said, its kind, what is special about it, its score, its text."""
    if screen.json:
        screen.line(memory)
        return
    marks = [name for name, is_so in _marks(memory) if is_so]
    score = "-" if memory.score is None else f"{memory.score:.2f}"
    screen.entry([str(memory.id), moment(memory.created_at), memory.kind, ",".join(marks) or "-", score], memory.text)


def _marks(memory: "Memory") -> tuple[tuple[str, bool], ...]:
    return (
        ("pinned", memory.pinned),
        ("paused", memory.state == "paused"),
        ("superseded", memory.superseded_by is not None),
    )


def _describe(screen: Screen, memory: "MemoryDetail") -> None:
    show(screen, memory)
    said = [
        ("Said by", memory.speaker or memory.role),
        ("Session", f"{memory.session_id} {memory.session_title or ''}".strip() if memory.session_id else ""),
        ("Holds from", moment(memory.valid_from) if memory.valid_from else ""),
        ("Holds until", moment(memory.valid_to) if memory.valid_to else ""),
        ("Superseded by", str(memory.superseded_by or "")),
        ("Given to", count(memory.recalled_count, "answer", "answers") if memory.recalled_count else ""),
    ]
    for name, value in said:
        if value:
            screen.say(f"{name}: {one_line(value)}")
    for source in memory.sources:
        quoted = f": {one_line(source.quote)}" if source.quote else ""
        screen.say(f"From message {source.message_id}, {moment(source.created_at)}{quoted}")
    for earlier in memory.earlier:
        screen.say(f"Before: {one_line(earlier.text)[:SHORT]}")
    for event in memory.history:
        was = f", was: {one_line(event.old_text)[:SHORT]}" if event.old_text else ""
        screen.say(f"{moment(event.at)} {event.action}{was}")
