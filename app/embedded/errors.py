"""The errors of the embedded parts.

    EmbeddedError
    ├── PartFailed          a child process did not become ready, or gave up
    ├── AlreadyRunning      another process holds the data folder
    ├── DataUnusable        the data folder cannot be used as it is
    └── WeightsUnavailable  no source had a model's weights

Each message is written for the person at the terminal: what happened, and what to do.
"""

from graphs.errors import Permanent


class EmbeddedError(Permanent):
    """An embedded part cannot do its work."""

    code = "embedded_error"
    title = "A part of the service could not be started."


class PartFailed(EmbeddedError):
    """A child process did not become ready in time, or ended."""


class AlreadyRunning(EmbeddedError):
    """Another process holds the data folder."""


class DataUnusable(EmbeddedError):
    """The data folder cannot be used as it is: another version wrote it, or its rights do not fit."""


class WeightsUnavailable(EmbeddedError):
    """No source had a model's weights."""
