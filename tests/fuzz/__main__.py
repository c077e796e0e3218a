"""`python -m tests.fuzz [http [--accounts] | guided [TARGET ...]] [--seconds 600] [--seed N]`: tries for so long, and
tells what came of it. Without a kind all three, each for so long: requests without accounts and with them, and all
targets.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.fuzz.fuzzing import Outcome, fuzz
from tests.fuzz.guided import NAMES, Guided, guided


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=["all", "http", "guided"], default="all")
    parser.add_argument("target", nargs="*", choices=[*NAMES, []], default=[], help="of guided; none: all of them")
    parser.add_argument("--accounts", action="store_true", help="of http: at a service that has accounts")
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=None, help="none: another one each time; it is printed")
    asked = parser.parse_args()
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(f"seed {seed}, {asked.seconds} s of each kind")
    failed = False
    for accounts in {"all": [False, True], "http": [asked.accounts], "guided": []}[asked.kind]:
        failed |= _tell_requests(console, asyncio.run(fuzz(asked.seconds, seed, accounts=accounts)), seed)
    if asked.kind != "http":
        targets = asked.target or list(NAMES)
        each = max(asked.seconds // len(targets), 1)
        failed |= _tell_targets(console, asyncio.run(_try(targets, each, seed)), seed)
    return 1 if failed else 0


async def _try(targets: list[str], seconds: int, seed: int) -> list[Guided]:
    with tempfile.TemporaryDirectory(prefix="memocha-fuzz-") as folder:
        return [await guided(target, seconds, seed, Path(folder) / target) for target in targets]


def _tell_requests(console: Console, outcome: Outcome, seed: int) -> bool:
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
    return failed


def _tell_targets(console: Console, outcomes: list[Guided], seed: int) -> bool:
    table = Table("target", "inputs", "counters of the code reached", "kept", "found")
    for outcome in outcomes:
        table.add_row(
            outcome.target, str(outcome.executions), str(outcome.reached), str(outcome.corpus), str(bool(outcome.fault))
        )
    for outcome in outcomes:
        if outcome.fault:
            console.print(f"{outcome.fault}\n{outcome.target} with {outcome.input!r}", markup=False, highlight=False)
    console.print(table)
    failed = any(outcome.fault for outcome in outcomes)
    console.print(
        f"{sum(outcome.executions for outcome in outcomes)} inputs, seed {seed}: {'FAILED' if failed else 'nothing found'}"
    )
    return failed


if __name__ == "__main__":
    sys.exit(main())
