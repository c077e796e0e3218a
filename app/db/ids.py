"""Identifiers: UUIDv7, so that rows made one after another lie beside each other in their indexes."""

from uuid import UUID

from uuid_utils.compat import uuid7

LOCAL_USER_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The one user of an installation without sign-in; a migration inserts the row."""


def new_id() -> UUID:
    """A UUIDv7: its order is the order of making, within this process."""
    return uuid7()
