"""Results as tables in the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from evals.metrics import METRICS
from evals.statistics import Figure
from evals.summary import ALL, BASELINE, Group, Summary

COLUMNS = {
    "recall@5": "R@5",
    "recall@10": "R@10",
    "recall@20": "R@20",
    "ndcg@10": "nDCG@10",
    "mrr": "MRR",
    "recall@1000t": "R@1000t",
    "gated@10": "gated@10",
    "stale": "stale",
    "silent": "silent",
}
assert set(COLUMNS) == set(METRICS)


def show(title: str, summaries: Sequence[Summary], console: Console) -> None:
    """One table of all systems, one by split and category, and one of time and cost."""
    console.print(_overall(title, summaries))
    console.print(_by_group(f"{title}: evidence recall@10 by kind of question", summaries))
    console.print(_latency(f"{title}: milliseconds a question and what a prompt would carry", summaries))


def _overall(title: str, summaries: Sequence[Summary]) -> Table:
    shown = [name for name in COLUMNS if any(name in each.groups[ALL].metrics for each in summaries)]
    table = Table(title=title, title_justify="left")
    table.add_column("system")
    for name in shown:
        table.add_column(COLUMNS[name], justify="right")
    table.add_column("abstention AUC", justify="right")
    table.add_column(f"R@10 to {BASELINE}", justify="right")
    for each in summaries:
        group = each.groups[ALL]
        cells = [short(group.metrics.get(name)) for name in shown]
        table.add_row(each.system, *cells, short(group.abstention), change(group.difference.get("recall@10")))
    return table


def _by_group(title: str, summaries: Sequence[Summary]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("questions")
    table.add_column("n", justify="right")
    for each in summaries:
        table.add_column(each.system, justify="right")
    for name in summaries[0].groups:
        groups = [each.groups.get(name) for each in summaries]
        cells = [_recall(group) for group in groups]
        if any(cells):
            first = groups[0]
            count = first.metrics["recall@10"].count if first and "recall@10" in first.metrics else 0
            table.add_row(name.replace("split:", "").replace("category:", ""), str(count), *cells)
    return table


def _recall(group: Group | None) -> str:
    return interval(group.metrics["recall@10"]) if group and "recall@10" in group.metrics else ""


def _latency(title: str, summaries: Sequence[Summary]) -> Table:
    table = Table("system", "embed p50/p95", "search p50/p95", "rank p50/p95", "all p50/p95", "tokens", title=title)
    table.title_justify = "left"
    for each in summaries:
        spans = (each.latency[name] for name in ("embed", "search", "rank", "total"))
        table.add_row(each.system, *(f"{span['p50']:.1f} / {span['p95']:.1f}" for span in spans), f"{each.tokens:,.0f}")
    return table


def short(figure: Figure | None) -> str:
    """`0.592`, or nothing."""
    return f"{figure.value:.3f}" if figure else ""


def interval(figure: Figure) -> str:
    """`0.592 [0.561, 0.622]`"""
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def change(figure: Figure | None) -> str:
    """`+0.131 [+0.104, +0.158]`, or nothing."""
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]" if figure else ""
