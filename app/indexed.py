"""Waiting until what was just stored can be found, so that who adds and searches in one breath finds it, and until what
was deleted cannot."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog

from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.indexing import Indexing
from graphs.errors import IndexUnavailable
from graphs.memory.index import MemoryIndex

log = structlog.get_logger(__name__)

WITHIN: Final = 2.0
"""Seconds that an answer waits for the index at the most; some 0.1 is what it takes."""
FIRST: Final = 0.02
LONGEST: Final = 0.2
"""Seconds between two looks, at first and later."""


async def until_indexed(database: Database, user_id: UUID, ids: Sequence[UUID], within: float = WITHIN) -> bool:
    """Wait until the index has taken these memories, which are stored; whether it has.

    Raises nothing, whatever is away or slow: their job is stored too, and the index takes them when it can. It is the
    rows that are looked at, where the worker notes it, since that may be another process.
    """
    end, pause = time.monotonic() + within, FIRST
    try:
        # No look is broken off: that would cost the connection it is made on.
        while await _missing(database, user_id, ids):
            if time.monotonic() + pause > end:
                log.warning("the index has not taken what was added yet", memories=len(ids))
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LONGEST)
    except DatabaseUnavailable as error:
        log.warning("what was added is stored; whether the index has it cannot be read", error=str(error))
        return False
    return True


async def until_gone(
    index: MemoryIndex, user_id: UUID, ids: Sequence[UUID] | None = None, within: float = WITHIN
) -> bool:
    """Wait until the index, asked for it, has none of these memories, or none of the user's; whether it has none.

    Raises nothing: the job that takes them out is stored with the deletion.
    """
    pause = FIRST
    try:
        async with asyncio.timeout(within):
            while await index.count(user_id, ids):
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST)
    except TimeoutError:
        log.warning("the index has not dropped what was deleted yet")
        return False
    except IndexUnavailable as error:
        log.warning("whether the index has dropped what was deleted cannot be asked", error=str(error))
        return False
    return True


async def _missing(database: Database, user_id: UUID, ids: Sequence[UUID]) -> bool:
    async with database.reading() as rows:
        return await Indexing(rows).missing(user_id, ids)
