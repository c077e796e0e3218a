"""Whether the container that this runs in does its work: `healthcheck.py api`, `healthcheck.py worker`."""

import os
import sys
from urllib.request import ProxyHandler, build_opener

SILENT_FOR = 30
"""Seconds without a sign of life, of which workers give one every 3, after which none is there."""


def api() -> bool:
    """The API answers. Whether all that it leans on does is what `/ready` says; a restart would not help there."""
    opener = build_opener(ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{os.environ.get('MEMOCHA_PORT', '8000')}/health", timeout=4) as answer:
        return bool(answer.status == 200)


def worker() -> bool:
    """A worker gave a sign of life in the database lately. Of several, this does not tell which one."""
    import psycopg

    with psycopg.connect(os.environ["MEMOCHA_DATABASE_URL"], connect_timeout=4) as connection:
        row = connection.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [SILENT_FOR],
        ).fetchone()
        return row is not None and row[0] > 0


if __name__ == "__main__":
    sys.exit(0 if {"api": api, "worker": worker}[sys.argv[1]]() else 1)
