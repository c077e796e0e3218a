"""`memocha eval`: how well memory finds what questions need."""

import asyncio
import json
import logging
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import structlog
from pydantic import TypeAdapter
from rich.console import Console

from app.cli.exits import ExitCode
from app.cli.screen import Screen, problem_of
from app.embedded.errors import EmbeddedError
from app.settings import Settings
from graphs.errors import MemochaError

EXTRA: Final = ("matplotlib", "pytrec_eval", "scipy", "yaml")
"""The packages that the extra `eval` brings."""
CACHE: Final = Path("~/.cache/memocha/evals").expanduser()
PLAIN_WIDTH: Final = 180
"""Columns of a table that goes into a file."""


def evaluate(
    settings: Settings,
    datasets: Sequence[str],
    *,
    folder: Path | None,
    floor: float | None,
    as_json: bool = False,
    **options: Any,
) -> int:
    """Evaluate, and print tables; the command's exit status: 1 where Memocha's recall@10 is below `floor`, 2 where
    something is missing. `folder`: where a file for each data set and a page of all go. `options`: of
    `evals.command.Options`."""
    screen = Screen(as_json=as_json)
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH, quiet=as_json)
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        screen.problem(problem_of("missing", f"Evaluation needs {', '.join(missing)}: pip install 'memocha[eval]'"))
        return ExitCode.USAGE
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from evals import report as files
    from evals.command import Options, recall
    from evals.command import evaluate as run
    from evals.records import DataInvalid, DataMissing
    from evals.reports import page

    try:
        reports = asyncio.run(run(Options(datasets, CACHE, **options), settings, console))
    except (DataMissing, DataInvalid, EmbeddedError, MemochaError, ValueError) as error:
        screen.problem(problem_of("evaluation", str(error)))
        return ExitCode.USAGE
    if folder is not None:
        for report in reports:
            files.write(report, folder)
        page.write(files.read(folder), folder / "report.html")
        console.print(f"Written: {folder / 'report.html'} and a file for each data set beside it.")
    low = [report.title for report in reports if floor is not None and (recall(report) or 0.0) < floor]
    if as_json:
        form = TypeAdapter(files.Report)
        screen.document([json.loads(form.dump_json(report)) for report in reports])
    if low:
        screen.problem(problem_of("below_floor", f"Memocha's evidence recall@10 is below {floor}: {'; '.join(low)}"))
    return ExitCode.FAILED if low else ExitCode.DONE
