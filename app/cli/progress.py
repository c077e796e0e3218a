"""Bars that show how far an import or an export is, on a terminal and nowhere else."""

from collections.abc import Callable
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.cli.screen import Screen

if TYPE_CHECKING:
    from rich.progress import Progress

    from app.schemas import Job


class Bars:
    """A bar for each step, on standard error. They are gone when the block ends."""

    def __init__(self, screen: Screen) -> None:
        self._shown = screen.bars
        self._stack = ExitStack()
        self._progress: Progress | None = None
        self._what = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away."""
        self._stack.close()
        self._progress = None

    def sent(self, size: int | None) -> Callable[[int], None]:
        """What is to be told how many bytes have gone; `size`: of how many."""
        return lambda gone: self._show("Sending", gone, size, of_bytes=True)

    def received(self, come: int) -> None:
        """So many bytes have come."""
        self._show("Receiving", come, None, of_bytes=True)

    def job(self, job: "Job") -> None:
        """The import is so far."""
        self._show("Remembering", job.processed, job.total, of_bytes=False)

    def _show(self, what: str, done: int, total: int | None, *, of_bytes: bool) -> None:
        if not self._shown:
            return
        if what != self._what or self._progress is None:
            self.close()
            self._what = what
            self._progress = self._stack.enter_context(_bar(of_bytes=of_bytes, known=total is not None))
            self._progress.add_task(what, total=total)
        self._progress.update(self._progress.tasks[0].id, completed=done, total=total)


def _bar(*, of_bytes: bool, known: bool) -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    amount = DownloadColumn() if of_bytes else MofNCompleteColumn()
    left = [TimeRemainingColumn()] if known else []
    return Progress(
        TextColumn("{task.description}"), BarColumn(), amount, *left, console=Console(stderr=True), transient=True
    )
