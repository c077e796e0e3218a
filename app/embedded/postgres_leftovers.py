"""Server processes that a killed Postgres left behind, and how they are ended before it starts again.

Killing the first process of a server with -9 leaves its children; they hold its shared memory until they notice,
and a new server refuses to start meanwhile. They are known by the cluster's label in their process title, which
every user may read; their working folder would need rights that root in a container lacks.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGKILL, SIGQUIT, Signals

from app.embedded.errors import DataUnusable

PATIENCE = 5.0
"""Seconds that they get after each step: on their own, asked to quit, killed."""


async def end_leftovers(cluster: Path, label: str) -> None:
    """Wait for, then end, every server process of this cluster; drop a pid file whose pid is someone else's now.

    Only for the holder of the data folder's lock: whatever runs there then has lost its supervisor.
    """
    alive = server_processes(label)
    # A server whose first process lives is shutting down in order; children without it are better ended at once.
    steps: list[Signals | None] = [None, SIGQUIT, SIGKILL] if _first_process(cluster) in alive else [SIGQUIT, SIGKILL]
    for step in steps:
        if step is not None:
            _send(alive, step)
        deadline = time.monotonic() + PATIENCE
        while alive and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
            alive = server_processes(label)
        if not alive:
            break
    if alive:
        raise DataUnusable(f"Processes {sorted(alive)} of an earlier Postgres on {cluster} cannot be ended; end them.")
    _drop_recycled_pid(cluster)


def server_processes(label: str) -> set[int]:
    """Ids of the processes that carry the cluster's label."""
    if sys.platform == "linux":
        titles = {int(entry.name): _title(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    else:
        listing = subprocess.run(
            ["ps", "-axww", "-o", "pid=,command="],  # noqa: S607
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        rows = (line.split(maxsplit=1) for line in listing.splitlines())
        titles = {int(row[0]): row[1] for row in rows if len(row) == 2}
    return {pid for pid, title in titles.items() if label in title and "postgres" in title}


def _title(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return ""


def _first_process(cluster: Path) -> int | None:
    try:
        first = (cluster / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0]
    except FileNotFoundError:
        return None
    return int(first) if first.lstrip("-").isdigit() else None


def _drop_recycled_pid(cluster: Path) -> None:
    """A pid file that names a living process of another program would keep Postgres from starting."""
    first = _first_process(cluster)
    if first is not None and _exists(first):
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _send(pids: set[int], number: Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        except PermissionError as error:
            raise DataUnusable(
                f"Process {pid}, left by an earlier Postgres, belongs to another user; end it."
            ) from error
