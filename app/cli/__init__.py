"""The `memocha` command. Each command imports what it needs when it runs, so that all of them start fast."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from app.cli.ending import end
from app.cli.exits import ExitCode
from app.cli.key import key
from app.cli.memories import memories
from app.cli.remote import Json, Url, address_of, load_settings, talk
from app.cli.screen import Screen, problem_of
from app.cli.sessions import sessions
from app.cli.user import user

if TYPE_CHECKING:
    from app.settings import Settings

cli = typer.Typer(
    name="memocha",
    help="A self-hosted chatbot with long-term memory.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for group in (memories, sessions, user, key):
    cli.add_typer(group)


def _version(wanted: bool) -> None:
    if wanted:
        from app.version import VERSION

        print(f"memocha {VERSION}")
        raise typer.Exit


@cli.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which Memocha this is.")
    ] = False,
) -> None:
    """A self-hosted chatbot with long-term memory."""


def log_little(settings: "Settings") -> None:
    """Keep standard output for the command's own words: its parts log what is wrong, to standard error."""
    from app import logs

    logs.configure("warning", settings.log_format)


@cli.command()
def up() -> None:
    """Start everything here: the service, and an embedded part for whatever has no address configured."""
    from app.embedded.supervisor import main as supervise

    raise typer.Exit(supervise(load_settings()))


@cli.command()
def serve(
    migrate: Annotated[bool, typer.Option(help="Bring the database up to date first.")] = False,
) -> None:
    """Serve the HTTP interface. Needs MEMOCHA_DATABASE_URL, MEMOCHA_MILVUS_URI and MEMOCHA_LLM."""
    from app.serve import serve as run

    raise typer.Exit(run(load_settings(), migrate_first=migrate))


@cli.command()
def worker() -> None:
    """Run background jobs: indexing, forgetting, upkeep."""
    from app.serve import work

    raise typer.Exit(work(load_settings()))


@cli.command("migrate")
def migrate_command(as_json: Json = False) -> None:
    """Bring the database up to date. Safe to run from several machines at once."""
    import asyncio

    from app.db.migrate import migrate
    from app.embedded.environment import with_embedded

    screen = Screen(as_json=as_json)
    settings = with_embedded(load_settings(as_json=as_json))
    log_little(settings)
    if settings.database_url is None:
        words = "MEMOCHA_DATABASE_URL is not set, and no `memocha up` is running here."
        screen.problem(problem_of("settings", words))
        raise typer.Exit(ExitCode.USAGE)
    asyncio.run(migrate(settings.database_url.get_secret_value()))
    if as_json:
        screen.document({"migrated": True})
    else:
        screen.say("The database is up to date.")


@cli.command()
def chat(
    url: Url = None,
    session: Annotated[str | None, typer.Option(help="Continue this session.")] = None,
    as_json: Json = False,
) -> None:
    """Talk in the terminal, and see which memories each answer was given. With --json a line for each event."""
    from app.cli.chat import chat as run

    settings = load_settings(as_json=as_json)
    raise typer.Exit(run(address_of(settings, url), session, key=settings.api_key, as_json=as_json))


@cli.command()
def mcp(
    url: Url = None,
) -> None:
    """Give a program's model the memory as tools (Model Context Protocol), over standard input and output."""
    from app.cli.mcp import mcp as run

    settings = load_settings()
    raise typer.Exit(run(address_of(settings, url), settings.api_key))


@cli.command("import")
def import_command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE", help="Lines or archives, as they are; - for the input."),
    ] = None,
    wait: Annotated[bool, typer.Option(help="Wait until all of it can be found.")] = True,
    follow: Annotated[UUID | None, typer.Option(metavar="JOB", help="Wait for an import that goes on already.")] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Take in what was exported: Memocha's lines, or another chat's archive. The same again changes nothing."""
    if bool(files) is (follow is not None):
        raise typer.BadParameter("name one or more, or an import to --follow", param_hint="FILE")
    from app.cli import transfer

    transfer.check(files or [])
    talk(
        lambda memocha, screen: (
            transfer.follow(memocha, screen, follow)
            if follow
            else transfer.import_files(memocha, screen, files or [], wait=wait)
        ),
        url,
        as_json,
    )


@cli.command("export")
def export_command(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where to; else to standard output.")
    ] = None,
    url: Url = None,
    as_json: Json = False,
) -> None:
    """Write everything of yours as lines, which import takes. A file is there when all has come."""
    from app.cli import transfer

    talk(lambda memocha, screen: transfer.export(memocha, screen, out), url, as_json)


@cli.command()
def doctor(as_json: Json = False) -> None:
    """Say what works, what does not, and what to do."""
    from app.cli.doctor import doctor as run

    settings = load_settings(as_json=as_json)
    log_little(settings)
    raise typer.Exit(run(settings, as_json=as_json))


@cli.command()
def reindex(as_json: Json = False) -> None:
    """Make the memory index again from the database, beside the old one, and swap it in."""
    from app.cli.reindex import reindex as run

    settings = load_settings(as_json=as_json)
    log_little(settings)
    raise typer.Exit(run(settings, Screen(as_json=as_json)))


@cli.command()
def sweep(as_json: Json = False) -> None:
    """Have what was deleted leave the files of the database and of the memory index too, now."""
    from app.cli.sweep import run

    settings = load_settings(as_json=as_json)
    log_little(settings)
    raise typer.Exit(run(settings, Screen(as_json=as_json)))


@cli.command("eval")
def eval_command(
    datasets: Annotated[
        list[str] | None,
        typer.Argument(help="people (ours, the default), locomo, memorybank-en, memorybank-cn, longmemeval, beam"),
    ] = None,
    system: Annotated[
        list[str] | None, typer.Option(help="bm25, dense, rrf, memocha, everything; may be given several times.")
    ] = None,
    index: Annotated[list[str] | None, typer.Option(help="What memocha searches: memory, milvus, pgvector.")] = None,
    embedder: Annotated[str | None, typer.Option(help="As MEMOCHA_EMBEDDINGS: minilm, e5, openai:NAME, ...")] = None,
    split: Annotated[Literal["tuning", "held-out"] | None, typer.Option(help="One of the two; none: both.")] = None,
    ablation: Annotated[bool, typer.Option(help="Also memocha with single steps switched off.")] = False,
    k: Annotated[int, typer.Option(min=20, max=200, help="Memories asked for.")] = 30,
    conversations: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions of each conversation.")] = None,
    reader: Annotated[
        str | None, typer.Option(help="Model that answers from what was recalled: local, openai:NAME, ...")
    ] = None,
    judge: Annotated[str | None, typer.Option(help="Model that judges the answers; else the reader.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for results as JSON and a page with plots.")] = None,
    floor: Annotated[float | None, typer.Option(help="Fail where memocha's recall@10 is below this.")] = None,
    as_json: Json = False,
) -> None:
    """Measure how well memory finds what questions need, beside plain search. Needs the extra `eval`."""
    from app.cli.eval import evaluate

    settings = load_settings(as_json=as_json)
    log_little(settings)
    raise typer.Exit(
        evaluate(
            settings.model_copy(update={"embeddings": embedder}) if embedder else settings,
            datasets or ["people"],
            systems=system or ["bm25", "dense", "rrf", "memocha", "everything"],
            indexes=index or ["memory"],
            split=split,
            ablation=ablation,
            k=k,
            conversations=conversations,
            limit=limit,
            reader=reader,
            judge=judge,
            folder=report,
            floor=floor,
            as_json=as_json,
        )
    )


def main() -> None:
    """The console script's entry."""
    sys.exit(end(cli))
