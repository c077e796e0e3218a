"""What an evaluation leaves behind: a file that tables, pages and documentation are made from."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from evals.records import DataInvalid
from evals.summary import Summary

RESULTS = Path(__file__).with_name("results")
"""The results that are part of the repository."""
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Answers:
    """How many questions were answered right from a system's memories."""

    system: str
    reader: str
    judge: str
    right: float
    """Share that the judge took for right."""
    low: float
    high: float
    count: int
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Report:
    """One data set under one embedder."""

    dataset: str
    note: str
    embedder: str
    """The setting that chooses it: `minilm`, `e5`, ..."""
    questions: int
    conversations: int
    messages: int
    k: int
    """Memories that were asked for."""
    machine: dict[str, Any]
    summaries: Sequence[Summary]
    answers: Sequence[Answers] = ()

    @property
    def title(self) -> str:
        """What to call it in a heading."""
        return f"{self.dataset}, {self.embedder}"

    @property
    def filename(self) -> str:
        """`locomo.minilm.json`; a remote embedder's name with nothing that a path could stumble over."""
        safe = "".join(char if char.isalnum() or char in "-_" else "-" for char in self.embedder)
        return f"{self.dataset}.{safe}.json"


_REPORTS = TypeAdapter(Report)
_INNERMOST = re.compile(r"\{[^{}]*\}")
"""Objects that hold no other: a figure takes one line of a file, so that a change of it does too."""


def machine() -> dict[str, Any]:
    """Where the times come from."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "load": round(os.getloadavg()[0], 1),
        "onnxruntime": version("onnxruntime"),
    }


def write(report: Report, folder: Path) -> Path:
    """Put the report into the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / report.filename
    report = _REPORTS.validate_python(rounded(_REPORTS.dump_python(report)))
    text = _REPORTS.dump_json(report, indent=1).decode()
    path.write_text(_INNERMOST.sub(lambda found: " ".join(found[0].split()), text) + "\n", encoding="utf-8")
    return path


def read(folder: Path = RESULTS) -> list[Report]:
    """All reports of a folder, by name. Raises `DataInvalid`."""
    reports = []
    for path in sorted(folder.glob("*.*.json")):
        try:
            reports.append(_REPORTS.validate_json(path.read_bytes()))
        except ValidationError as error:
            raise DataInvalid(f"{path} is not a report of memocha eval: {error}") from error
    return reports


def rounded(value: Any) -> Any:
    """Figures to four digits: more would differ between machines and say nothing."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return round(value, DIGITS) if isinstance(value, float) else value
