"""Having the index there, and full, whatever became of it."""

import asyncio

import structlog

from app.db.errors import DatabaseUnavailable
from app.generations import Generations
from app.rebuilding import Rebuild
from graphs.errors import IndexUnavailable

log = structlog.get_logger(__name__)

AGAIN_AFTER = 1.0
"""Seconds between two tries to reach the engine at start; it may take longer to come up than we do."""
LOOK = 2.0
"""Seconds between two looks while a generation is being filled."""
QUIET = 10.0
"""Seconds between two looks otherwise: another process may make the index anew."""


async def keep_index(generations: Generations, rebuild: Rebuild | None) -> None:
    """Reach the index as soon as it is there, and follow what serves. With `rebuild`, make it anew where another
    embedder is asked for than made it, where memories went to another place before, and whenever it was lost; and go
    on with what was begun before.

    Other than that it was lost, that is decided once, at start: of two processes with different settings the older
    does not make anew what the newer has just made.
    """
    decided = rebuild is None
    generations.deciding = not decided
    while True:
        try:
            fits = await generations.look()
            if rebuild is not None and not fits and (not decided or generations.unfilled):
                await rebuild.begin()
            elif rebuild is not None and not decided:
                await rebuild.give_up()
            decided, generations.deciding = True, False
            more = rebuild is not None and await rebuild.step()
        except (IndexUnavailable, DatabaseUnavailable) as error:
            log.debug("the index is not there yet", error=str(error))
            generations.deciding = False
            await asyncio.sleep(AGAIN_AFTER)
        else:
            if not more:
                await asyncio.sleep(QUIET if generations.live.pair.complete and not generations.progress else LOOK)
