"""What can go wrong between us and Postgres."""

from graphs.errors import MemochaError, Permanent, Retryable


class DatabaseUnavailable(Retryable):
    """Postgres was not reached, broke off, or did not answer in time."""

    code = "database_unavailable"
    title = "The database cannot be reached. Nothing was lost; try again in a moment."


class StorageFull(DatabaseUnavailable):
    """Postgres has no space left to store anything. Not waited for as a restart is: somebody has to make room."""

    code = "storage_full"
    title = "There is no space left to store anything. What was stored is safe; try again when there is space."


class StatementRefused(MemochaError):
    """Postgres refused a statement: a constraint or a value that it cannot hold. A mistake of ours."""


class InvalidCursor(Permanent):
    """A page's cursor that was not made here."""

    code = "invalid_cursor"
    title = "The cursor is not one that a list gave out."
