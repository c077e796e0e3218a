"""`milvus-lite server` with five gaps of it closed. Run as `python -m app.embedded.milvus_child server ...`.

Milvus Lite 3.2 opens a collection when it is first asked for it, on whichever of its threads, without a lock. Two
requests at once, as after a restart, so opened it twice over one write-ahead log: what one of the two had acknowledged
was gone with it. Seen after kill -9: two of twenty memories, acknowledged a moment after the server was back.

Nor do its writes to one collection wait for one another (read in its source, not seen to lose anything). Within one
process the index sees to that; the service and a worker beside it are two.

On a full disk a flush that fails lets go of the rows that it was to write, and the next one that succeeds deletes the
log that they were in; a write that fails half-way leaves a log that nothing after it can be read from. Seen on a full
disk: rows acknowledged before it were gone from the index for good.

What is deleted or changed stays in its files (`app/embedded/milvus_gone.py`). And words are weighed by the file that
they are in (`app/embedded/milvus_words.py`).
"""

import errno
import os
import sys
import threading
import traceback
from collections.abc import Callable
from functools import wraps
from typing import Any

from app.embedded.milvus_gone import drop_what_is_gone, flush_what_was_left
from app.embedded.milvus_words import weigh_words_over_all

ROOM = 32 * 1024 * 1024
"""Bytes free below which nothing is written. A write takes some kilobytes, a flush a few megabytes at the most."""
DISK_FAILED = 74
"""The exit status after a write that failed on the disk: EX_IOERR."""


class NoRoom(OSError):
    """Nothing was begun: the disk is nearly full."""


def main() -> int:
    """Serve as `milvus-lite` does."""
    from milvus_lite.cmdline import main as serve

    open_one_at_a_time()
    write_one_at_a_time()
    write_only_where_there_is_room()
    drop_what_is_gone()
    flush_what_was_left()
    weigh_words_over_all()
    status: int = serve()
    return status


def open_one_at_a_time() -> None:
    """Have one thread at a time look a collection up, make it or drop it."""
    from milvus_lite.db import MilvusLite

    lock = threading.RLock()

    def locked(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def one_at_a_time(*arguments: Any, **named: Any) -> Any:
            with lock:
                return method(*arguments, **named)

        return one_at_a_time

    for name in ("get_collection", "create_collection", "drop_collection", "rename_collection"):
        setattr(MilvusLite, name, locked(getattr(MilvusLite, name)))


def write_one_at_a_time() -> None:
    """Have one thread at a time write to a collection, or flush it. Searches go on meanwhile."""
    from milvus_lite.engine.collection import Collection

    for name in ("insert", "upsert", "delete", "flush"):
        setattr(Collection, name, one_at_a_time(getattr(Collection, name)))


def write_only_where_there_is_room() -> None:
    """Refuse writes and flushes while the disk is nearly full, before anything is begun; searches go on. Where one
    fails on the disk all the same, end: the next start reads the log as after any crash, and nothing is lost."""
    from milvus_lite.engine.collection import Collection

    for name in ("insert", "upsert", "delete", "flush"):
        setattr(Collection, name, with_room(getattr(Collection, name)))


def with_room(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method of a collection, with room on its disk asked for first."""

    @wraps(method)
    def having_room(self: Any, *arguments: Any, **named: Any) -> Any:
        disk = os.statvfs(self._data_dir)
        if disk.f_bavail * disk.f_frsize < ROOM:
            raise NoRoom(errno.ENOSPC, "The disk is nearly full; nothing is written to the index until there is room")
        try:
            return method(self, *arguments, **named)
        except NoRoom:
            raise
        except OSError as error:
            traceback.print_exception(error)
            sys.stderr.flush()
            os._exit(DISK_FAILED)

    return having_room


def one_at_a_time(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method, with calls on one and the same object waiting for each other; it may call itself and its like."""

    @wraps(method)
    def waiting(self: Any, *arguments: Any, **named: Any) -> Any:
        # Made by whichever thread comes first: `setdefault` of a plain dictionary is atomic.
        with self.__dict__.setdefault("_one_at_a_time", threading.RLock()):
            return method(self, *arguments, **named)

    return waiting


if __name__ == "__main__":
    raise SystemExit(main())
