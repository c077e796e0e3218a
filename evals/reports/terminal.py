"""Results as tables in the terminal."""

from rich.console import Console
from rich.table import Table

from evals.report import Report
from evals.reports import tables
from evals.reports.tables import Rows


def show(report: Report, console: Console) -> None:
    """All systems, kinds of questions, time and cost; where there are, steps switched off and answers."""
    summaries, title = report.summaries, f"{report.title} ({report.questions} questions)"
    if tables.whole(summaries):
        console.print(_table(title, tables.overall(summaries)))
        console.print(_table(f"{title}: evidence recall@10 by kind of question", tables.by_group(summaries)))
        console.print(_table(f"{title}: milliseconds a question, p50 / p95; tokens", tables.latency(summaries)))
    if tables.lacking(summaries):
        console.print(_table(f"{title}: with one step switched off", tables.steps(summaries)))
    if report.answers:
        console.print(_table(f"{title}: answered right", tables.answers(report)))


def _table(title: str, rows: Rows) -> Table:
    head, *body = rows
    table = Table(title=title, title_justify="left")
    for at, name in enumerate(head):
        table.add_column(name, justify="left" if at == 0 else "right")
    for row in body:
        table.add_row(*row)
    return table
