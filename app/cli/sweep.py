"""`memocha sweep`: what was deleted leaves the files of Postgres and of the memory index, now."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

from app.cli.exits import ExitCode
from app.cli.screen import Screen, count, problem_of
from app.db.engine import Database
from app.db.sweeping import SweepGoesOn, Swept, sweep
from app.embedded.environment import with_embedded
from app.jobs.sweeping import note
from app.memory import open_generations
from app.settings import Settings
from graphs.errors import MemochaError

MIB = 1_048_576


def run(settings: Settings, screen: Screen) -> int:
    """Sweep; the command's exit status. The service may go on: who needs a table waits while that is written."""
    settings = with_embedded(settings)
    if settings.database_url is None or (settings.index == "milvus" and settings.milvus_uri is None):
        words = "Nothing is running here. Start it with `memocha up`, and run this beside it."
        screen.problem(problem_of("unreachable", words))
        return ExitCode.UNREACHABLE
    try:
        done = asyncio.run(_sweep(settings, settings.database_url.get_secret_value()))
    except SweepGoesOn:
        screen.problem(problem_of("sweep_goes_on", "The database is being swept by another process. Try again later."))
        return ExitCode.BUSY
    except MemochaError as error:
        screen.problem(problem_of("sweep_failed", f"Not all was swept: {error}"))
        return ExitCode.FAILED
    if screen.json:
        screen.document({**asdict(done), "whole": done.whole})
    else:
        _say(done, screen)
    return ExitCode.FAILED if done.left else ExitCode.DONE


async def _sweep(settings: Settings, url: str) -> Swept:
    until, database = datetime.now(UTC), Database(url, 2)
    try:
        async with open_generations(settings, database) as generations:
            await generations.look()
            await generations.live.index.flush()
        done = await sweep(url, aside=False)
        await note(database, done, until)
    finally:
        await database.close()
    return done


def _say(done: Swept, screen: Screen) -> None:
    screen.say(
        f"{count(done.tables, 'table was', 'tables were')} written anew in {done.seconds:.1f} s; the database has "
        f"{done.after / MIB:.1f} MiB and had {done.before / MIB:.1f}."
    )
    if done.left:
        screen.say(f"Left as they were, since others held them or this role may not: {', '.join(done.left)}.")
    if not done.log:
        screen.say("The write-ahead log may still hold what was deleted: see docs/trust/forgetting.md.")
