"""`milvus-lite server` with one gap of it closed. Run as `python -m app.embedded.milvus_child server ...`.

Milvus Lite 3.2 opens a collection when it is first asked for it, on whichever of its threads, without a lock. Two
requests at once, as after a restart, so opened it twice over one write-ahead log: what one of the two had acknowledged
was gone with it. Seen after kill -9: two of twenty memories, acknowledged a moment after the server was back.
"""

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any


def main() -> int:
    """Serve as `milvus-lite` does."""
    from milvus_lite.cmdline import main as serve

    open_one_at_a_time()
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


if __name__ == "__main__":
    raise SystemExit(main())
