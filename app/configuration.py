"""docs/configuration.md, made from the settings: `python -m app.configuration`."""

import re
from collections.abc import Iterable, Iterator
from inspect import getsource
from pathlib import Path
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from app.secret_files import is_secret
from app.settings import Settings

PAGE: Final = Path(__file__).parents[1] / "docs" / "configuration.md"

HEAD: Final = """\
# Configuration

Every setting, as `app/settings.py` has it; this page is made from there by `python -m app.configuration`. They are read
once, at start, from the environment and from `.env` in the working folder; the environment comes first. An empty value
is as none. A wrong one is refused at start, in words. `.env.example` has all of them, to copy. A secret may come from a
file, as containers are given them: `MEMOCHA_API_KEY_FILE=/run/secrets/api_key`.

With nothing set, `memocha up` starts an embedded part for whatever has no address here. Most installations set the chat
model, and an API key or accounts where others can reach them; the parameters of the engines, whose defaults suit, come
last.
"""

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Service": ("Service",),
    "Accounts": ("Accounts",),
    "Chat model": ("Chat model",),
    "Memory": ("Memory", "What is made of what was said"),
    "Limits and jobs": ("Retention", "Forgetting", "Jobs and limits"),
    "Where things are kept": (
        "Where things are kept",
        "Postgres",
        "Redis",
        "Memory index",
        "Milvus",
        "pgvector",
        "Evaluation",
    ),
}
"""The page's headings, with the rooms of the settings that stand under each."""

ENGINES: Final = re.compile(
    r".*_pool_size"
    r"|milvus_(index|metric|hnsw_.+|diskann_.+|drop_ratio|consistency|partition_key|shards|replicas)"
    r"|pgvector_(index|hnsw_.+)"
)
"""What few have reason to touch."""

LAST: Final = """\
## Parameters of the engines

For large installations. What those of the indexes bring is measured in [tuning](tuning.md); `HNSW` and `DISKANN` are
kinds of index, and what is named after one counts for that kind alone.
"""

TABLE: Final = "| setting | default | values | what |\n| --- | --- | --- | --- |\n"

ROOM: Final = re.compile(r"^    # (\w.*)$|^    (\w+): ", re.MULTILINE)
"""A comment that heads settings, or a setting."""


def page() -> str:
    """The page as it should be."""
    parts = [HEAD]
    for group, names in groups().items():
        parts.append(f"## {group}\n\n{_table(name for name in names if not ENGINES.fullmatch(name))}")
    parts.append(f"{LAST}\n{_table(name for name in Settings.model_fields if ENGINES.fullmatch(name))}")
    return "\n".join(parts)


def groups() -> dict[str, list[str]]:
    """The names of the settings by the heading that they stand under, those of the engines among them. A room that was
    put under none has a heading of its own."""
    of_room = {room: group for group, members in GROUPS.items() for room in members}
    found: dict[str, list[str]] = {group: [] for group in GROUPS}
    for room, names in rooms().items():
        found.setdefault(of_room.get(room, room), []).extend(names)
    return found


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


def _table(names: Iterable[str]) -> str:
    return TABLE + "".join(f"{_row(name, Settings.model_fields[name])}\n" for name in names)


def _row(name: str, field: FieldInfo) -> str:
    variable = field.validation_alias if isinstance(field.validation_alias, str) else f"MEMOCHA_{name.upper()}"
    return f"| `{variable}` | {_default(field)} | {_values(field)} | {field.description or ''} |"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    match value:
        case None:
            return "none"
        case [] | {} if not value:
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
        return "words with commas between, or JSON" if get_origin(kind) is list else "JSON"
    if is_secret(field):
        return "a secret"
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
