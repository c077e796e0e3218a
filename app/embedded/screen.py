"""What `memocha up` shows in the terminal: few lines, and bars while weights come down."""

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from app.embedded.weights import Weight

STEP = 10
"""Percent between two lines where there is no terminal to draw a bar on."""


class Terminal(Console):
    """A console whose reader may go away (`memocha up | head`, a closed window): what runs goes on, unseen."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class Screen:
    """Writes lines and progress to a terminal, or to a file or pipe without control characters."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Terminal(highlight=False)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._printed: dict[str, int] = {}

    def say(self, text: str) -> None:
        """One line, in rich's markup."""
        self._print_line(text)

    def fail(self, text: str) -> None:
        """An error, word for word."""
        self._print_line(f"Memocha: {text}", style="red", markup=False)

    def fetching(self, weight: Weight, done: int, total: int, source: str) -> None:
        """Progress of a download, as `weights.fetch` reports it."""
        if self.console.is_terminal:
            self._draw(weight.name, done, total)
        else:
            self._print(weight.name, done * 100 // total, total, source)

    def fetched(self, weight: Weight) -> None:
        """The download is over, well or not."""
        task = self._tasks.pop(weight.name, None)
        if self._bars is not None and task is not None:
            self._bars.remove_task(task)
        self._printed.pop(weight.name, None)
        if not self._tasks:
            self.close()

    def close(self) -> None:
        """Take the bars off the screen."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
        self._tasks.clear()

    def _print_line(self, text: str, *, style: str | None = None, markup: bool = True) -> None:
        try:
            self.console.print(text, style=style, markup=markup, soft_wrap=True)
        except OSError:  # the terminal is gone
            self.console.quiet = True

    def _draw(self, name: str, done: int, total: int) -> None:
        if self._bars is None:
            words = TextColumn("  {task.description}")
            self._bars = Progress(
                words,
                BarColumn(),
                DownloadColumn(),
                TimeRemainingColumn(),
                console=self.console,
                transient=True,
            )
            self._bars.start()
        if name not in self._tasks:
            self._tasks[name] = self._bars.add_task(f"downloading {name}", total=total)
        self._bars.update(self._tasks[name], completed=done)

    def _print(self, name: str, percent: int, total: int, source: str) -> None:
        step = percent // STEP
        if step > self._printed.get(name, -1):
            self._printed[name] = step
            self.say(f"  downloading {name}: {percent} % of {total / 1e6:.1f} MB ({source})")
