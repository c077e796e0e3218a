"""What the command ends with. Scripts may rely on these; docs/cli.md has the same table."""

from enum import IntEnum
from typing import Final


class ExitCode(IntEnum):
    """The status of the process."""

    DONE = 0
    FAILED = 1
    """It was begun and did not end well."""
    USAGE = 2
    """The arguments or the settings are wrong, or a question could not be asked: nothing was begun."""
    UNREACHABLE = 3
    """Nothing answers at the address, or what does is not Memocha."""
    NOT_FOUND = 4
    REFUSED = 5
    """The key is missing or wrong."""
    INVALID = 6
    """What was sent breaks a rule, or cannot be done here: nothing was changed."""
    BUSY = 7
    """Not now: the same later may do."""
    INTERRUPTED = 130
    """Ctrl-C."""
    CUT_OFF = 141
    """Whoever read the output went away, as `head` does."""


OF_STATUS: Final = {
    401: ExitCode.REFUSED,
    403: ExitCode.REFUSED,
    404: ExitCode.NOT_FOUND,
    409: ExitCode.BUSY,
    413: ExitCode.INVALID,
    415: ExitCode.INVALID,
    422: ExitCode.INVALID,
    429: ExitCode.BUSY,
    503: ExitCode.BUSY,
}


def of_status(status: int) -> ExitCode:
    """The exit code for an HTTP status."""
    return OF_STATUS.get(status, ExitCode.FAILED)
