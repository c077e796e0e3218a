"""The `memocha` command. Each command imports what it needs when it runs, so that all of them start fast."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from app.settings import Settings

cli = typer.Typer(
    name="memocha",
    help="A self-hosted chatbot with long-term memory.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def load_settings() -> Settings:
    """The settings, or an exit that names what is wrong with each."""
    try:
        return Settings()
    except ValidationError as error:
        for item in error.errors():
            name = f"MEMOCHA_{str(item['loc'][0]).upper()}: " if item["loc"] else ""
            print(f"{name}{item['msg'].removeprefix('Value error, ')}", file=sys.stderr)
        raise typer.Exit(2) from None


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
def migrate_command() -> None:
    """Bring the database up to date. Safe to run from several machines at once."""
    from app.db.migrate import migrate
    from app.embedded.environment import with_embedded

    settings = with_embedded(load_settings())
    if settings.database_url is None:
        print("MEMOCHA_DATABASE_URL is not set, and no `memocha up` is running here.", file=sys.stderr)
        raise typer.Exit(2)
    asyncio.run(migrate(settings.database_url.get_secret_value()))
    print("The database is up to date.")


@cli.command()
def chat(
    url: Annotated[
        str | None, typer.Option(help="Where the service listens; else as MEMOCHA_HOST and _PORT say.")
    ] = None,
    session: Annotated[str | None, typer.Option(help="Continue this session.")] = None,
) -> None:
    """Talk in the terminal, and see which memories each answer was given."""
    from app.cli.chat import chat as run

    settings = load_settings()
    raise typer.Exit(run(url or f"http://{settings.host}:{settings.port}", session, key=settings.api_key))


@cli.command()
def mcp(
    url: Annotated[
        str | None, typer.Option(help="Where the service listens; else as MEMOCHA_HOST and _PORT say.")
    ] = None,
) -> None:
    """Give a program's model the memory as tools (Model Context Protocol), over standard input and output."""
    from app.cli.mcp import mcp as run

    settings = load_settings()
    raise typer.Exit(run(url or f"http://{settings.host}:{settings.port}", settings.api_key))


@cli.command()
def doctor() -> None:
    """Say what works, what does not, and what to do."""
    from app.cli.doctor import doctor as run

    raise typer.Exit(run(load_settings()))


@cli.command()
def reindex() -> None:
    """Make the memory index again from the database, beside the old one, and swap it in."""
    from app.cli.reindex import reindex as run

    raise typer.Exit(run(load_settings()))


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
) -> None:
    """Measure how well memory finds what questions need, beside plain search. Needs the extra `eval`."""
    from app.cli.eval import evaluate

    settings = load_settings()
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
        )
    )


def main() -> None:
    """The console script's entry."""
    cli()
