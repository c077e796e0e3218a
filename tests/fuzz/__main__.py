"""`python -m tests.fuzz [--seconds 600] [--seed N]`: asks for so long, and tells what came of it."""

import argparse
import asyncio
import secrets
import sys

from rich.console import Console
from rich.table import Table

from tests.fuzz.fuzzing import fuzz


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=None, help="none: another one each time; it is printed")
    asked = parser.parse_args()
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(f"seed {seed}, {asked.seconds} s")
    outcome = asyncio.run(fuzz(asked.seconds, seed))
    table = Table("route", "requests", "answers, by status")
    for route, by_status in outcome.requests.items():
        told = "  ".join(f"{status}: {count}" for status, count in sorted(by_status.items()))
        table.add_row(route, str(sum(by_status.values())), told)
    console.print(outcome.report, markup=False, highlight=False)
    console.print(table)
    for fault in outcome.faults:
        console.print(f"in the service's log: {fault}", markup=False)
    failed = bool(outcome.failed or outcome.faults)
    console.print(
        f"{outcome.total} requests at {len(outcome.requests)} routes, seed {seed}: {'FAILED' if failed else 'nothing found'}"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
