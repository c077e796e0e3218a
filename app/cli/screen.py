"""Where a command's words go: results to standard output, all else to standard error; as text, or as JSON."""

import io
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import typer

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")
F = TypeVar("F", bound="Form")
# What an answer or a memory holds must not steer the terminal.
_CONTROL: Final = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))
_ESCAPED: Final = {code: f"\\u{code:04x}" for code in range(127, 160)}


class Form(Protocol):
    """An object that tells itself as JSON: a Pydantic model."""

    def model_dump(self, *, mode: str) -> dict[str, Any]: ...


def clean(text: str) -> str:
    """The text without what a terminal would obey: control characters but line feeds and tabs."""
    return text.translate(_CONTROL)


def one_line(text: str) -> str:
    """The text on one line, without what a terminal would obey."""
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """JSON that a terminal shows and does not obey; it means the same."""
    return text.translate(_ESCAPED)


def moment(when: datetime) -> str:
    """A time as people here write it, in this machine's zone."""
    return when.astimezone().strftime("%Y-%m-%d %H:%M")


def count(number: int, one: str, many: str) -> str:
    """`1 memory`, `2,000 memories`."""
    return f"{number:,} {one if number == 1 else many}"


class Screen:
    """Standard output and standard error of one command. Writing raises `BrokenPipeError` where nobody reads."""

    def __init__(self, *, as_json: bool) -> None:
        self.json = as_json
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        self.terminal = sys.stdout.isatty() and not as_json
        self.bars = sys.stderr.isatty() and not as_json

    # --- results

    def document(self, value: Form | Mapping[str, Any] | Sequence[Form | Mapping[str, Any]]) -> None:
        """The one result of a command, as JSON."""
        self._write(json.dumps(_plain(value), ensure_ascii=False, indent=2))

    def line(self, value: Form | Mapping[str, Any]) -> None:
        """One of many results, as a line of JSON."""
        self._write(json.dumps(_plain(value), ensure_ascii=False))

    def one(self, value: F, show: Callable[["Screen", F], None]) -> None:
        """The one thing that a command is about: as JSON, or as `show` shows it to people."""
        if self.json:
            self.document(value)
        else:
            show(self, value)

    def say(self, text: str) -> None:
        """A result for people."""
        print(clean(text))

    def entry(self, fields: Sequence[str], text: str) -> None:
        """One thing of a list. A terminal gets its text below the rest, a program all on a line, with tabs between."""
        fields = [one_line(field) for field in fields]
        if not self.terminal:
            print(*fields, one_line(text), sep="\t")
            return
        from rich.padding import Padding
        from rich.text import Text

        self._paper.print(Text("  ".join(field for field in fields if field != "-")), style="dim", soft_wrap=True)
        self._paper.print(Padding(Text(clean(text).expandtabs(4)), (0, 0, 0, 4)))

    @cached_property
    def _paper(self) -> "Console":
        return _console(error=False)

    async def listed(
        self, found: AsyncIterator[T], show: Callable[["Screen", T], None], most: int | None, *, nothing: str
    ) -> None:
        """Show what comes, as it comes: `most` at the most, and then say that there is more."""
        shown = 0
        async for one in found:
            if most is not None and shown == most:
                self.note(f"There are more than these {most}: --limit or --all shows them.")
                return
            show(self, one)
            shown += 1
        if not shown:
            self.note(nothing)

    def _write(self, text: str) -> None:
        sys.stdout.flush()
        sys.stdout.buffer.write(escaped(text).encode(errors="replace") + b"\n")
        sys.stdout.buffer.flush()

    # --- beside the results

    def note(self, text: str) -> None:
        """Words beside the results; a program that wants JSON gets none."""
        if not self.json:
            sys.stdout.flush()
            print(clean(text), file=sys.stderr)

    def problem(self, problem: Mapping[str, Any], words: str | None = None) -> None:
        """What went wrong: an object of RFC 9457, or `words` (else its title) for people."""
        sys.stdout.flush()
        if self.json:
            print(escaped(json.dumps(problem, ensure_ascii=False, default=str)), file=sys.stderr)
            return
        from rich.text import Text

        said = words or str(problem["title"])
        _console(error=True).print(Text(clean(said)), style="red", soft_wrap=True)

    def asks(self, *, yes: bool) -> bool:
        """Whether a person has to be asked first. Raises `typer.BadParameter` where nobody can be."""
        if not yes and not sys.stdin.isatty():
            raise typer.BadParameter("this cannot be undone; where nobody can be asked, say --yes", param_hint="--yes")
        return not yes

    def confirm(self, question: str) -> None:
        """Go on only where the person says yes. Raises `typer.Abort`."""
        # In an event loop the first Ctrl-C would wait for the answer.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            typer.confirm(clean(question), abort=True, err=True)
        finally:
            signal.signal(signal.SIGINT, before)


def problem_of(code: str, title: str, **members: Any) -> dict[str, Any]:
    """A problem that did not come from the service."""
    return {"type": "about:blank", "title": title, "code": code, **members}


def _plain(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _console(*, error: bool) -> "Console":
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            """Rich would end the process; the command has an exit code for it."""
            raise BrokenPipeError

    return Piped(stderr=error, markup=False, highlight=False, emoji=False)
