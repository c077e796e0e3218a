"""`python -m bench [names...]`: each benchmark prints its table and writes `bench/results/<name>.json`."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module

import structlog
from rich.console import Console

from bench import machine
from bench.report import Report, show, write

NAMES = (
    "startup",
    "turn_cost",
    "first_token",
    "searchable",
    "first_byte",
    "stream_cpu",
    "recall",
    "recall_pgvector",
    "remembers",
    "tuning",
    "milvus_crowd",
    "imports",
    "imports_pgvector",
    "imports_archive",
)
LONG = ("imports", "imports_pgvector", "imports_archive")
"""Take from some minutes to an hour: measured where they are asked for by name."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures Memocha on this machine.")
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(NAMES)}; none: all but {', '.join(LONG)}"
    )
    names = parser.parse_args().names or [name for name in NAMES if name not in LONG]
    if unknown := [name for name in names if name not in NAMES]:
        parser.error(f"there is no benchmark {', '.join(unknown)}")
    console = Console(width=None if sys.stdout.isatty() else 140)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    met = True
    for name in names:
        here = machine.facts()
        report = asyncio.run(benchmark(name)())
        here["load_1m_after"] = round(os.getloadavg()[0], 2)
        show(name, report, console)
        console.print(
            f"load {here['load_1m']} before, {here['load_1m_after']} after; written: {write(name, report, here)}\n"
        )
        met = met and all(target.met for target in report.targets)
    return 0 if met else 1


def benchmark(name: str) -> Callable[[], Awaitable[Report]]:
    """What measures it. Imported when it runs: what one needs must not weigh on another."""
    module = import_module("bench.recall_report" if name == "recall" else f"bench.{name}")
    measure: Callable[[], Awaitable[Report]] = module.measure
    return measure


if __name__ == "__main__":
    sys.exit(main())
