"""What an item of a LangGraph store says, and whether it passes a filter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from langgraph.store.base import get_text_at_path

OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "$eq": eq, "$ne": ne, "$gt": gt, "$gte": ge, "$lt": lt, "$lte": le
}  # fmt: skip


def said_by(value: Mapping[str, Any], fields: Sequence[str] | None) -> str:
    """The text that a value is found by; empty where it says nothing.

    `fields`: the paths to read, as LangGraph writes them ("text", "notes[*].body"); None: everything in it. JSON's
    punctuation is left out, since the embedder and the people who read a memory have no use for it.
    """
    if fields is not None:
        return "\n".join(text for path in fields for text in get_text_at_path(value, path) if text.strip())
    said = list(_leaves(value))
    return said[0][1] if len(said) == 1 else "\n".join(f"{name}: {text}" if name else text for name, text in said)


def _leaves(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number with the name that it stands under."""
    match value:
        case Mapping():
            for key, part in value.items():
                yield from _leaves(part, str(key))
        case list() | tuple():
            for part in value:
                yield from _leaves(part, name)
        case str() if value.strip():
            yield name, value.strip()
        case bool() | int() | float():
            yield name, str(value)


def passes(value: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> bool:
    """Whether a value has what a filter asks for. What cannot be compared (a number with a text, what is not there) is
    neither above nor below. Raises `ValueError` for an operator that there is none of."""
    return all(_agrees(value.get(key), asked) for key, asked in (wanted or {}).items())


def _agrees(value: object, asked: object) -> bool:
    if not isinstance(asked, Mapping):
        return value == asked
    if any(str(name).startswith("$") for name in asked):
        return all(_compares(value, name, bound) for name, bound in asked.items())
    return isinstance(value, Mapping) and all(_agrees(value.get(key), part) for key, part in asked.items())


def _compares(value: object, name: str, bound: object) -> bool:
    if name not in OPERATORS:
        raise ValueError(f"{name} is no operator of a filter; there are {', '.join(OPERATORS)}")
    try:
        return bool(OPERATORS[name](value, bound))
    except TypeError:
        return False
