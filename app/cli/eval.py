"""`memocha eval`: how well memory finds what questions need."""

import asyncio
import logging
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import structlog
from rich.console import Console

from app.embedded.errors import EmbeddedError
from app.settings import Settings
from graphs.errors import MemochaError

EXTRA: Final = ("matplotlib", "pytrec_eval", "scipy", "yaml")
"""The packages that the extra `eval` brings."""
CACHE: Final = Path("~/.cache/memocha/evals").expanduser()
PLAIN_WIDTH: Final = 180
"""Columns of a table that goes into a file."""


def evaluate(
    settings: Settings, datasets: Sequence[str], *, folder: Path | None, floor: float | None, **options: Any
) -> int:
    """Evaluate, and print tables; the command's exit status: 1 where Memocha's recall@10 is below `floor`, 2 where
    something is missing. `folder`: where a file for each data set and a page of all go. `options`: of
    `evals.command.Options`."""
    console = Console(width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    errors = Console(stderr=True)
    if missing := [name for name in EXTRA if find_spec(name) is None]:
        errors.print(f"Evaluation needs {', '.join(missing)}: [bold]pip install 'memocha\\[eval]'[/bold]")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    from evals import report as files
    from evals.command import Options, recall
    from evals.command import evaluate as run
    from evals.records import DataInvalid, DataMissing
    from evals.reports import page

    try:
        reports = asyncio.run(run(Options(datasets, CACHE, **options), settings, console))
    except (DataMissing, DataInvalid, EmbeddedError, MemochaError, ValueError) as error:
        errors.print(str(error), markup=False)
        return 2
    if folder is not None:
        for report in reports:
            files.write(report, folder)
        page.write(files.read(folder), folder / "report.html")
        console.print(f"Written: {folder / 'report.html'} and a file for each data set beside it.")
    low = [report.title for report in reports if floor is not None and (recall(report) or 0.0) < floor]
    if low:
        errors.print(f"Memocha's evidence recall@10 is below {floor}: {'; '.join(low)}")
    return 1 if low else 0
