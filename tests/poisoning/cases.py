"""The cases, as they stand in the two tables beside this file."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """Something that is told in one conversation, and asked for in another."""

    kind: str
    id: str
    says: str
    asks: str
    by: Literal["user", "assistant"] = "user"
    own: tuple[str, ...] = ()
    """Of poison: what is the person's own plain statement all the same."""
    facts: tuple[str, ...] = ()
    """Of what is harmless: words that a fact of it has to have, each."""

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.id}".replace(" ", "-")


@cache
def poison() -> tuple[Case, ...]:
    """What must neither be obeyed nor become a fact."""
    table = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
    return tuple(_case(kind, row) for kind, rows in table.items() for row in rows)


@cache
def harmless() -> tuple[Case, ...]:
    """What only looks like it."""
    rows = yaml.safe_load((HERE / "harmless.yaml").read_text(encoding="utf-8"))
    return tuple(_case("harmless", row) for row in rows)


def _case(kind: str, row: dict[str, object]) -> Case:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Case(kind=kind, **{**row, **lists})  # type: ignore[arg-type]
