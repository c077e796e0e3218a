"""`memocha reindex`: the memory index made again from the rows, beside the old one, and swapped in."""

import asyncio
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.exits import ExitCode
from app.cli.screen import Screen, count, problem_of
from app.db.engine import Database
from app.embedded.environment import with_embedded
from app.generations import Generations
from app.indexing import LOOK
from app.memory import open_generations
from app.rebuilding import Rebuild
from app.settings import Settings
from graphs.errors import MemochaError


def reindex(settings: Settings, screen: Screen) -> int:
    """Index every memory again; the command's exit status. The service may go on meanwhile."""
    console = Console(stderr=True, quiet=not screen.bars)
    settings = with_embedded(settings)
    if settings.database_url is None or (settings.index == "milvus" and settings.milvus_uri is None):
        words = "Nothing is running here. Start it with `memocha up`, and run this beside it."
        screen.problem(problem_of("unreachable", words))
        return ExitCode.UNREACHABLE
    try:
        number = asyncio.run(_reindex(settings, settings.database_url.get_secret_value(), console))
    except MemochaError as error:
        screen.problem(problem_of("reindex_failed", f"The index serves as it did before: {error}"))
        return ExitCode.FAILED
    if screen.json:
        screen.document({"memories": number})
    else:
        screen.say(f"{count(number, 'memory is', 'memories are')} indexed.")
    return ExitCode.DONE


async def _reindex(settings: Settings, database_url: str, console: Console) -> int:
    database = Database(database_url, 4)
    columns = (TextColumn("Indexing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        async with open_generations(settings, database) as generations:
            with Progress(*columns, console=console) as progress:
                return await remake(generations, lambda done, total: bar(progress, done, total))
    finally:
        await database.close()


def bar(progress: Progress, done: int, total: int) -> None:
    """Show how far it is."""
    if not progress.tasks:
        progress.add_task("", total=total)
    progress.update(progress.tasks[0].id, completed=done, total=total)


async def remake(generations: Generations, tell: Callable[[int, int], None]) -> int:
    """Make the index anew, or follow the process that does so already; how many memories it took.

    Broken off, it is gone on with by the service's workers, or by the next `memocha reindex`. Raises
    `IndexUnavailable` and `DatabaseUnavailable`.
    """
    rebuild = Rebuild(generations)
    await generations.look()
    await rebuild.begin()
    done = total = 0
    while True:
        more = await rebuild.step()
        await generations.look()
        if (progress := generations.progress) is None:
            tell(total, total)
            return total
        done, total = progress.processed, progress.total
        tell(done, total)
        if not more:
            await asyncio.sleep(LOOK)
