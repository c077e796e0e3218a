"""Waiting until what was just stored can be found, so that who adds and searches in one breath finds it."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import structlog

from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.indexing import Indexing

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
    pause = FIRST
    try:
        async with asyncio.timeout(within):
            while await _missing(database, user_id, ids):
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, LONGEST)
    except (TimeoutError, DatabaseUnavailable) as error:
        log.warning("the index has not taken what was added yet", memories=len(ids), error=type(error).__name__)
        return False
    return True


async def _missing(database: Database, user_id: UUID, ids: Sequence[UUID]) -> bool:
    async with database.reading() as rows:
        return await Indexing(rows).missing(user_id, ids)
