"""docs/configuration.md, made from the settings: `python -m app.configuration`."""

import re
from collections.abc import Iterator
from inspect import getsource
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from app.settings import Settings

PAGE: Final = Path(__file__).parents[1] / "docs" / "configuration.md"

HEAD: Final = """\
# Configuration

Every setting, as `app/settings.py` has it; this page is made from there by `python -m app.configuration`. They are read
once, at start, from the environment and from `.env` in the working folder; the environment comes first. An empty value
is as none. A wrong one is refused at start, in words. With nothing set, `memocha up` starts an embedded part for
whatever has no address here. `.env.example` has all of them, to copy; what those of Milvus and pgvector bring is in
[tuning.md](tuning.md).
"""

ROOM: Final = re.compile(r"^    # (\w.*)$|^    (\w+): ", re.MULTILINE)
"""A comment that heads settings, or a setting."""


def page() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for room, names in rooms().items():
        rows = "\n".join(_row(name, Settings.model_fields[name]) for name in names)
        parts.append(f"## {room}\n\n| setting | default | values | what |\n| --- | --- | --- | --- |\n{rows}\n")
    return "\n".join(parts)


def rooms() -> dict[str, list[str]]:
    """The names of the settings by the comment that they stand under, in order."""
    found: dict[str, list[str]] = {}
    room = ""
    for heading, name in ROOM.findall(getsource(Settings)):
        if heading:
            room = heading
        elif name in Settings.model_fields:
            found.setdefault(room, []).append(name)
    return found


def _row(name: str, field: FieldInfo) -> str:
    variable = field.validation_alias if isinstance(field.validation_alias, str) else f"MEMOCHA_{name.upper()}"
    return f"| `{variable}` | {_default(field)} | {_values(field)} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    match value:
        case None:
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case float():
            return f"`{value:g}`"
        case _:
            return f"`{value}`"


def _values(field: FieldInfo) -> str:
    """What may be set, as far as the type tells."""
    kind = _plain(field.annotation)
    if get_origin(kind) is Literal:
        return ", ".join(f"`{each}`" for each in get_args(kind))
    if kind is bool:
        return "`true`, `false`"
    if get_origin(kind) in (list, dict):
        return "JSON"
    return ", ".join(_bounds(field)) if kind in (int, float) else ""


def _plain(annotation: Any) -> Any:
    """The type without its None."""
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    return kinds[0] if NoneType in get_args(annotation) else annotation


def _bounds(field: FieldInfo) -> Iterator[str]:
    bounds = {
        name: getattr(each, name) for each in field.metadata for name in ("ge", "gt", "le", "lt") if hasattr(each, name)
    }
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    yield " ".join(
        f"{words[name]} {bounds[name]:g}" if isinstance(bounds[name], float) else f"{words[name]} {bounds[name]:,}"
        for name in words
        if name in bounds
    )


def main() -> None:
    """Write the page."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
