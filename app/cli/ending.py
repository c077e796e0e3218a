"""How a command ends: every way out of it becomes an exit code, in words or in JSON."""

import os
import sys
from typing import TYPE_CHECKING

import typer
from typer._click.exceptions import ClickException  # wrong usage; typer has no public name for it

from app.cli.exits import ExitCode
from app.cli.screen import Screen, problem_of

if TYPE_CHECKING:
    from collections.abc import Callable


def end(command: "Callable[..., object]") -> int:
    """Run the command with the arguments of the process; its exit code."""
    # Asked before the arguments are understood: they may be what is wrong.
    as_json = "--json" in sys.argv[1:]
    try:
        code = command(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        return ExitCode.CUT_OFF
    except SystemExit as ended:
        # So typer and Rich end where they notice that nobody reads; with 0, where a shell has asked for completions.
        if ended.code != 1:
            raise
        return ExitCode.CUT_OFF
    except ClickException as error:
        _tell(error, as_json=as_json)
        return ExitCode.USAGE
    except typer.Abort:
        Screen(as_json=as_json).problem(problem_of("aborted", "Nothing was changed."))
        return ExitCode.FAILED
    return code if isinstance(code, int) else ExitCode.DONE


def _tell(error: ClickException, *, as_json: bool) -> None:
    if as_json:
        Screen(as_json=True).problem(problem_of("usage", error.format_message()))
        return
    from typer.rich_utils import rich_format_error

    rich_format_error(error)


def _silence() -> None:
    """What is left to write goes nowhere, so that Python does not complain about it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
