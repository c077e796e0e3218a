"""How the embedded parts are, in a file beside their data: the supervisor writes it, the service shows it in /ready."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from app.embedded.files import write_private

FILE = "status.json"


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One part. While weights come down, `done` of `total` bytes are here; else both are None."""

    name: str
    state: str
    """A value of `app.embedded.part.State`, or `fetching`."""
    detail: str = ""
    done: int | None = None
    total: int | None = None


def write_status(data_dir: Path, parts: list[PartStatus]) -> None:
    """Replace the file in one step."""
    write_private(data_dir / FILE, json.dumps([asdict(part) for part in parts]))


def read_status(data_dir: Path) -> list[PartStatus]:
    """The parts as their supervisor last saw them; none where no supervisor has written."""
    try:
        content = (data_dir / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return [PartStatus(**part) for part in json.loads(content)]
