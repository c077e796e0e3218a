"""Identifiers: UUIDv7, so that rows made one after another lie beside each other in their indexes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, literal
from uuid_utils.compat import uuid7

LOCAL_USER_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The one user of an installation without sign-in; a migration inserts the row."""


def new_id() -> UUID:
    """A UUIDv7: its order is the order of making, within this process."""
    return uuid7()


def among(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """`column IN ids`, as one parameter: to write out and parse 200 of them took longer than to find the rows."""
    return column == any_(literal(list(ids), ARRAY(Uuid())))  # type: ignore[no-any-return]
