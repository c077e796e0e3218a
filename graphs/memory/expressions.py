"""Milvus filter expressions: the one place where values become part of one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from graphs.errors import InvalidMemoryQuery
from graphs.memory.index import IndexFilter


def literal(value: str | int | UUID) -> str:
    """A value as it stands in an expression. The embedded engine takes no parameters beside an expression
    (`filter_params`), so what is put in is escaped here, and nowhere else."""
    if isinstance(value, UUID):
        return f'"{value}"'
    if isinstance(value, int):
        return str(int(value))
    if "\x00" in value:
        raise InvalidMemoryQuery("a filter value holds a zero byte")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'


def any_of(field: str, values: Sequence[str | UUID]) -> str:
    """That a field holds one of the values."""
    return f"{field} in [{', '.join(literal(value) for value in values)}]"


def expression(wanted: IndexFilter) -> str:
    """The filter as the engine reads it; the user comes first, always."""
    parts = [f"user_id == {literal(wanted.user_id)}"]
    if wanted.session_id is not None:
        parts.append(f"session_id == {literal(wanted.session_id)}")
    if wanted.kinds:
        parts.append(any_of("kind", sorted(wanted.kinds)))
    if wanted.since is not None:
        parts.append(f"created_at >= {milliseconds(wanted.since)}")
    if wanted.until is not None:
        parts.append(f"created_at < {milliseconds(wanted.until)}")
    if wanted.hidden_session is not None:
        hidden = f"session_id != {literal(wanted.hidden_session)}"
        parts.append(f"({hidden} or seq < {literal(wanted.hidden_from_seq)})")
    return " and ".join(parts)


def milliseconds(moment: datetime) -> int:
    """Since 1970, rounded up: whole numbers compare as the times do as long as both are rounded alike."""
    return -int(-moment.timestamp() * 1000 // 1)
