"""Results as one page of HTML that needs nothing beside it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from evals.report import Report
from evals.reports import plots, tables
from evals.reports.tables import Rows

SHOWN_BY_GROUP = ("rrf", "memocha")
"""The systems of the plot by kind of question: more would be a thicket."""
CSS = Path(__file__).with_name("page.css")
EXPLAINED = """Evidence recall@k: the share of the messages that hold an answer, among the first k distinct messages
found. R@1000t: the share in what fits 1,000 estimated tokens of prompt. gated@10: recall@10 of what the gate lets
through. stale: how often what is no longer true stands above what is. silent: how often nothing is recalled for a
question without an answer. AUC: how well the best memory's score tells questions with an answer from those without;
0.5 tells nothing. Brackets hold 95 % bootstrap intervals over questions."""


def write(reports: Sequence[Report], path: Path) -> None:
    """Write the page."""
    path.write_text(render(reports), encoding="utf-8")


def render(reports: Sequence[Report]) -> str:
    """The page's text."""
    links = "".join(f'<a href="#r{at}">{escape(report.title)}</a>' for at, report in enumerate(reports))
    sections = "\n".join(_section(at, report) for at, report in enumerate(reports))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Memocha, evaluated</title>'
        f"<style>{CSS.read_text(encoding='utf-8')}</style></head><body><header><h1>Memocha, evaluated</h1>"
        f"<p>{escape(EXPLAINED)}</p><nav>{links}</nav></header>\n<main>{sections}</main></body></html>\n"
    )


def _section(at: int, report: Report) -> str:
    size = f"{report.questions} questions on {report.messages:,} messages of {report.conversations} conversations"
    made = ", ".join(f"{key} {value}" for key, value in report.machine.items())
    systems, lacking = tables.whole(report.summaries), tables.lacking(report.summaries)
    parts = [f'<section id="r{at}"><h2>{escape(report.title)}</h2><p>{escape(size)}; {escape(report.note)}.</p>']
    if systems:
        pair = [each for each in systems if each.system in SHOWN_BY_GROUP] or systems[:2]
        parts += [
            _figure("Evidence found", plots.recall_by_system(systems), tables.overall(systems)),
            _figure(
                "By kind of question",
                plots.recall_by_group(tables.recall_by_group(pair)),
                tables.by_group(systems),
                folded=True,
            ),
            _figure("Time of a question, and tokens", plots.latency(systems), tables.latency(systems)),
        ]
    if lacking:
        parts.append(_figure("One step switched off", plots.steps(lacking), tables.steps(lacking)))
    if report.answers:
        parts.append(f"<h3>Answered right</h3>{_table(tables.answers(report))}")
    parts.append(f'<p class="made">Measured on: {escape(made)}. {report.k} memories asked for.</p></section>')
    return "\n".join(parts)


def _figure(title: str, drawing: str, rows: Rows, *, folded: bool = False) -> str:
    table = _table(rows)
    if folded:
        table = f"<details><summary>All figures</summary>{table}</details>"
    return f'<h3>{escape(title)}</h3><figure role="img" aria-label="{escape(title)}">{drawing}</figure>{table}'


def _table(rows: Rows) -> str:
    head, *body = rows
    top = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in body
    )
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'
