"""One person's messages over 289 days, with what is true of them and when it changed (cri-benchmark, persona 1)."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = "cri_persona1"


@dataclass(frozen=True, slots=True)
class Line:
    """One message."""

    number: int
    session: str
    role: str
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Persona:
    """The conversation and its ground truth."""

    lines: list[Line]
    truth: dict[str, Any]

    def line(self, number: int) -> Line:
        """The message of that number."""
        return self.lines[number - 1]

    def of_text(self, text: str) -> Line | None:
        """The message that says just this."""
        return next((line for line in self.lines if line.content == text and line.role == "user"), None)


def load() -> Persona:
    """From the folder that MEMOCHA_EVAL_DATA names."""
    folder = Path(os.environ["MEMOCHA_EVAL_DATA"]) / FOLDER
    lines = []
    for raw in (folder / "conversations.jsonl").read_text(encoding="utf-8").splitlines():
        each = json.loads(raw)
        at = datetime.fromisoformat(each["timestamp"]).replace(tzinfo=UTC)
        lines.append(Line(each["message_id"], each["session_id"], each["role"], each["content"], at))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    return Persona(lines, json.loads((folder / "ground_truth.json").read_text(encoding="utf-8")))
