"""Having the index there, and full, whatever became of it."""

import asyncio

import structlog

from app.db.engine import Database
from app.db.errors import DatabaseUnavailable
from app.db.indexing import Indexing
from graphs.errors import IndexUnavailable
from graphs.memory.managed import ManagedIndex

log = structlog.get_logger(__name__)

AGAIN_AFTER = 1.0
"""Seconds between two tries to reach the engine at start; it may take longer to come up than we do."""


async def keep_index(index: ManagedIndex, database: Database) -> None:
    """Reach the index as soon as it is there. When it had to be made anew, have every memory indexed again.

    The rows are marked as missing, and the workers' sweep takes them from there.
    """
    while True:
        try:
            if await index.prepare():
                async with database.transaction() as tx:
                    count = await Indexing(tx).expect_all_again()
                log.info("the index is new; memories will be indexed", count=count)
        except (IndexUnavailable, DatabaseUnavailable) as error:
            log.debug("the index is not there yet", error=str(error))
            await asyncio.sleep(AGAIN_AFTER)
        else:
            return
