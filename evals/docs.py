"""The tables of docs/evaluation.md, made from the committed results: `python -m evals.docs`.

A table stands between `<!-- table: NAME DATASET EMBEDDER -->` and `<!-- end -->`.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.report import Report, read
from evals.reports import tables
from evals.reports.tables import Rows

PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"
KINDS: Mapping[str, Callable[[Report], Rows]] = {
    "overall": lambda report: tables.overall(report.summaries),
    "groups": lambda report: tables.by_group(report.summaries, ("bm25", "dense", "rrf", "memocha")),
    "steps": lambda report: tables.steps(report.summaries),
    "latency": lambda report: tables.latency(report.summaries),
}
_PLACE = re.compile(r"(<!-- table: (\w+) ([\w-]+) ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, reports: Mapping[tuple[str, str], Report]) -> str:
    """The page with its tables as the reports have them. Raises `KeyError` for a table without its report."""
    return _PLACE.sub(lambda place: place[1] + _markdown(_rows(place, reports)) + place[5], text)


def committed() -> dict[tuple[str, str], Report]:
    """The results that are part of the repository, by data set and embedder."""
    return {(report.dataset, report.embedder): report for report in read()}


def main() -> int:
    """Write the page anew."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), committed()), encoding="utf-8")
    return 0


def _rows(place: re.Match[str], reports: Mapping[tuple[str, str], Report]) -> Rows:
    return KINDS[place[2]](reports[place[3], place[4]])


def _markdown(rows: Rows) -> str:
    head, *body = rows
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *body))


if __name__ == "__main__":
    sys.exit(main())
