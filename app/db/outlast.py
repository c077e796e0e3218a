"""Waiting for Postgres where what was done would otherwise be lost to a restart of it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from app.db.errors import DatabaseUnavailable, StorageFull

PATIENCE = 30.0
"""Seconds: a server that was killed replays its log first, which took 3 s of a busy machine with little data."""

T = TypeVar("T")


async def outlast(work: Callable[[], Awaitable[T]], *, patience: float = PATIENCE) -> T:
    """Do the work, again while Postgres is away. Done twice it must do no more than once: the connection may break
    during the commit itself. Raises `DatabaseUnavailable` when Postgres is still away after `patience` seconds, and its
    `StorageFull` at once: somebody has to make room, and whoever asked is to know."""
    async for attempt in stamina.retry_context(
        on=_passes, attempts=None, timeout=patience, wait_initial=0.1, wait_max=1.0, wait_jitter=0.1
    ):
        with attempt:
            return await work()
    raise AssertionError("the last attempt returns or raises")


def _passes(error: Exception) -> bool:
    return isinstance(error, DatabaseUnavailable) and not isinstance(error, StorageFull)
