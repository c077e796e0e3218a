"""The tables of docs/evaluation.md and the gate's in docs/memory/recall.md, made from the committed results:
`python -m evals.docs`.

A table stands between `<!-- table: NAME DATASET EMBEDDER -->`, or `<!-- gate -->`, and `<!-- end -->`.
"""

import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from evals.report import RESULTS, Report, read
from evals.reports import tables
from evals.reports.tables import Rows

PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"
RECALL = PAGE.parent / "memory" / "recall.md"
KINDS: Mapping[str, Callable[[Report], Rows]] = {
    "overall": lambda report: tables.overall(report.summaries),
    "groups": lambda report: tables.by_group(report.summaries, ("bm25", "dense", "rrf", "memocha")),
    "steps": lambda report: tables.steps(report.summaries),
    "latency": lambda report: tables.latency(report.summaries),
}
GATE = ("world_given", "evidence@8")
_GATE = re.compile(r"(<!-- gate -->\n).*?(<!-- end -->)", re.DOTALL)
_PLACE = re.compile(r"(<!-- table: (\w+) ([\w-]+) ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(text: str, reports: Mapping[tuple[str, str], Report]) -> str:
    """The page with its tables as the reports have them. Raises `KeyError` for a table without its report."""
    return _PLACE.sub(lambda place: place[1] + _markdown(_rows(place, reports)) + place[5], text)


def with_gate(text: str) -> str:
    """The page with the table of where the gate stands, as results/gate.json has it."""
    figures = json.loads((RESULTS / "gate.json").read_text(encoding="utf-8"))
    rows = [["bound", "the world, people / LoCoMo", "evidence@8, people / LoCoMo"]]
    for bound, of in figures["by_bound"].items():
        name = "none" if not float(bound) else f"**{bound}**" if float(bound) == figures["bound"] else bound
        shares = (f"{of['people'][key]['value']:.2f} / {of['locomo'][key]['value']:.2f}" for key in GATE)
        rows.append([name, *shares])
    return _GATE.sub(lambda place: place[1] + _markdown(rows) + place[2], text)


def committed() -> dict[tuple[str, str], Report]:
    """The results that are part of the repository, by data set and embedder."""
    return {(report.dataset, report.embedder): report for report in read()}


def main() -> int:
    """Write the page anew."""
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), committed()), encoding="utf-8")
    RECALL.write_text(with_gate(RECALL.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def _rows(place: re.Match[str], reports: Mapping[tuple[str, str], Report]) -> Rows:
    return KINDS[place[2]](reports[place[3], place[4]])


def _markdown(rows: Rows) -> str:
    head, *body = rows
    rule = ["---", *(["---:"] * (len(head) - 1))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *body))


if __name__ == "__main__":
    sys.exit(main())
