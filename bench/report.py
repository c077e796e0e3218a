"""What a benchmark brings: figures, ratios to a baseline of the same run, targets met or missed; a table and a file."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should not go over."""

    what: str
    value: float
    at_most: float

    @property
    def met(self) -> bool:
        return self.value <= self.at_most


@dataclass(slots=True)
class Report:
    """One benchmark's outcome."""

    figures: dict[str, Any]
    ratios: dict[str, float] = field(default_factory=dict)
    """Each named `what / baseline`, both of this run."""
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def spread(values: Sequence[float], digits: int = 1) -> dict[str, float]:
    """p50 and p95."""
    return {
        "p50": round(statistics.median(values), digits),
        "p95": round(statistics.quantiles(values, n=20, method="inclusive")[-1], digits),
    }


def ratio(value: float, baseline: float) -> float:
    return round(value / baseline, 2) if baseline else float("inf")


def show(name: str, report: Report, console: Console) -> None:
    """The table of one benchmark."""
    table = Table("", "", title=name, title_justify="left", show_header=False)
    for label, value in _flat(report.figures):
        table.add_row(label, value)
    table.add_section()
    for what, value in report.ratios.items():
        table.add_row(what, f"x {value:g}")
    table.add_section()
    for target in report.targets:
        verdict = "[green]met[/]" if target.met else "[red]missed[/]"
        table.add_row(f"target: {target.what}", f"{target.value:g} of at most {target.at_most:g}, {verdict}")
    console.print(table)
    for note in report.notes:
        console.print(note)


def write(name: str, report: Report, machine: dict[str, Any]) -> Path:
    """The file of one benchmark."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    content = {
        "name": name,
        "machine": machine,
        "figures": report.figures,
        "ratios": report.ratios,
        "targets": [{**asdict(target), "met": target.met} for target in report.targets],
        "notes": report.notes,
    }
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return path


def _flat(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for label, value in figures.items():
        name = f"{prefix}{label}"
        if isinstance(value, dict) and any(isinstance(each, dict) for each in value.values()):
            rows += _flat(value, f"{name}, ")
        elif isinstance(value, dict):
            rows.append((name, "   ".join(f"{key} {each:g}" if isinstance(each, float) else f"{key} {each}"
                                          for key, each in value.items())))  # fmt: skip
        else:
            rows.append((name, f"{value:g}" if isinstance(value, float) else str(value)))
    return rows
