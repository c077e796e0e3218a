"""The chaos matrix: every fault of every part in every phase of a turn. `python -m tests.chaos --turns 2000 --seed 7`.

Runs every cell once, and goes on until so many turns were taken; or until the time is over. Exit status 1 where anything was lost,
doubled, hung or did not heal. `--only postgres:pause:mid` runs that cell, `--only postgres` all of Postgres'.
"""

import argparse
import asyncio
import logging
import os
import random
import signal
import sys
import time
from pathlib import Path

from tests.chaos.cells import Cell, cells
from tests.chaos.drill import drill
from tests.chaos.faults import Fault
from tests.chaos.report import Report, why_not
from tests.chaos.stage import open_stage
from tests.chaos.words import Words


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=0, help="take at least so many; 0: each cell once")
    parser.add_argument("--seed", type=int, default=None, help="the same moments again")
    parser.add_argument("--sessions", type=int, default=5, help="conversations at once in each cell")
    parser.add_argument("--only", default="", help="cells by name or part of it, with commas between")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after so long")
    parser.add_argument("--report", type=Path, default=None, help="a file for all figures, as JSON")
    parser.add_argument("--logs", type=Path, default=None, help="a folder to keep the instance's logs in")
    return parser.parse_args()


async def run(told: argparse.Namespace) -> Report:
    seed = told.seed if told.seed is not None else random.randrange(1_000_000)
    report = Report(seed, told.sessions, told.report)
    until = time.monotonic() + told.minutes * 60
    words = Words(random.Random(f"{seed} {time.time_ns()}"))
    async with open_stage(logs=told.logs) as stage:
        lap = 0
        while not lap or report.turns < told.turns:
            for cell in shuffled(told.only, seed, lap):
                why = why_not(cell, disks=bool(stage.disks), redis=stage.has_redis)
                if time.monotonic() > until:
                    why = why or "there was no time for it"
                elif lap and report.turns >= told.turns:
                    return report
                if why is None:
                    fault = Fault(stage, cell, cell.dice(seed, lap))
                    report.add(await drill(stage, cell, fault, told.sessions, words))
                elif not lap:
                    report.left_out[cell.name] = why
            lap += 1
            if not report.outcomes or time.monotonic() > until:
                break
    return report


async def until_told_to_stop(told: argparse.Namespace) -> Report:
    """The run; SIGINT and SIGTERM end it with all that it started, also where a shell has had it ignore the first."""
    running = asyncio.create_task(run(told))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    return await running


def shuffled(only: str, seed: int, lap: int) -> list[Cell]:
    """The cells by chance, so that a run that has no time for all of them has some of each kind and phase."""
    order = list(cells(only))
    random.Random(f"{seed} {lap}").shuffle(order)
    return order


def main() -> int:
    # Its own connections to Milvus break with each fault; what they say of it would stand between the lines.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    logging.disable(logging.CRITICAL)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    try:
        report = asyncio.run(until_told_to_stop(arguments()))
    except asyncio.CancelledError:
        print("Stopped. What was seen until then is above, and in the report.")
        return 130
    print()
    print("\n".join(report.table()))
    report.write()
    return 1 if report.failures or not report.outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
