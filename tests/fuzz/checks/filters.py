"""A filter as the embedded engine's own parser reads it, and what it then selects."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import pyarrow as pa
from milvus_lite.schema.types import CollectionSchema, DataType, FieldSchema
from milvus_lite.search.filter import compile_filter, evaluate_mask, parse_expr
from milvus_lite.search.filter.ast import CmpOp, FieldRef, InOp, StringLit

from graphs.errors import InvalidMemoryQuery
from graphs.memory.expressions import any_of, expression, literal, milliseconds
from graphs.memory.in_memory import passes
from graphs.memory.index import IndexEntry, IndexFilter

SCHEMA = CollectionSchema(
    [
        FieldSchema("id", DataType.VARCHAR, is_primary=True),
        FieldSchema("user_id", DataType.VARCHAR),
        FieldSchema("session_id", DataType.VARCHAR),
        FieldSchema("kind", DataType.VARCHAR),
        FieldSchema("seq", DataType.INT64),
        FieldSchema("created_at", DataType.INT64),
    ]
)


def check_literal(value: str) -> None:
    """A text comes out of the parser as it went in, and as one value."""
    try:
        written = literal(value)
    except InvalidMemoryQuery:
        assert "\x00" in value
        return
    compared = parse_expr(f"user_id == {written}")
    assert isinstance(compared, CmpOp)
    assert isinstance(compared.left, FieldRef)
    assert isinstance(compared.right, StringLit)
    assert compared.right.value == value
    listed = parse_expr(any_of("id", [value, "x", value]))
    assert isinstance(listed, InOp)
    assert [each.value for each in listed.values.elements] == [value, "x", value]


def check_filter(wanted: IndexFilter, entries: Sequence[IndexEntry]) -> None:
    """What it selects is what the same filter selects without an engine, times taken to the millisecond."""
    table = pa.table(
        {
            "id": _texts(str(entry.id) for entry in entries),
            "user_id": _texts(str(entry.user_id) for entry in entries),
            "session_id": _texts(_text(entry.session_id) for entry in entries),
            "kind": _texts(entry.kind.value for entry in entries),
            "seq": pa.array([entry.seq for entry in entries], type=pa.int64()),
            "created_at": pa.array([milliseconds(entry.created_at) for entry in entries], type=pa.int64()),
        }
    )
    selected = evaluate_mask(compile_filter(expression(wanted), SCHEMA), table)
    expected = [passes(entry, wanted) for entry in entries]
    assert list(selected) == expected, expression(wanted)


def _texts(values: Iterable[str]) -> pa.Array:
    return pa.array(list(values), type=pa.string())


def _text(key: UUID | None) -> str:
    return "" if key is None else str(key)
