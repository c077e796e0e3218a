"""Results as rows of text, the same for the page and for the documentation."""

from collections.abc import Mapping, Sequence

from evals.metrics import METRICS
from evals.report import Report
from evals.statistics import Figure
from evals.summary import ALL, BASELINE, WHOLE, WITHOUT, Summary

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
"""What tables call each metric."""
assert set(COLUMNS) == set(METRICS)

Rows = list[list[str]]
"""The first is the head."""


def whole(summaries: Sequence[Summary]) -> list[Summary]:
    """The systems, without those that lack a step."""
    return [each for each in summaries if not each.system.startswith(WITHOUT)]


def lacking(summaries: Sequence[Summary]) -> list[Summary]:
    """Memocha without single steps."""
    return [each for each in summaries if each.system.startswith(WITHOUT)]


def overall(summaries: Sequence[Summary]) -> Rows:
    """Every metric of every system, over all questions."""
    systems = whole(summaries)
    shown = [name for name in COLUMNS if any(name in each.groups[ALL].metrics for each in systems)]
    abstains = any(each.groups[ALL].abstention for each in systems)
    head = ["system", *(COLUMNS[name] for name in shown), *(["AUC"] if abstains else []), f"R@10 to {BASELINE}"]
    rows = [head]
    for each in systems:
        group = each.groups[ALL]
        cells = [short(group.metrics.get(name)) for name in shown]
        auc = [short(group.abstention)] if abstains else []
        rows.append([each.system, *cells, *auc, change(group.difference.get("recall@10"))])
    return rows


def by_group(summaries: Sequence[Summary], systems: Sequence[str] | None = None) -> Rows:
    """Recall@10 with intervals, by kind of question; of all systems or of some."""
    shown = [each for each in whole(summaries) if systems is None or each.system in systems]
    groups = recall_by_group(shown)
    rows = [["questions", "n", *(each.system for each in shown)]]
    for name, figures in groups.items():
        count = next(iter(figures.values())).count
        cells = [interval(figures[each.system]) if each.system in figures else "" for each in shown]
        rows.append([name, str(count), *cells])
    return rows


def recall_by_group(summaries: Sequence[Summary]) -> dict[str, Mapping[str, Figure]]:
    """Recall@10 by kind of question, then by system. Kinds that say the same as another are left out."""
    groups: dict[str, Mapping[str, Figure]] = {}
    for name in dict.fromkeys(name for each in summaries for name in each.groups):
        figures = {
            each.system: each.groups[name].metrics["recall@10"]
            for each in summaries
            if name in each.groups and "recall@10" in each.groups[name].metrics
        }
        if figures and not any(figures == other for other in groups.values()):
            groups[plain(name)] = figures
    return groups


def latency(summaries: Sequence[Summary]) -> Rows:
    """Milliseconds a question, p50 and p95, and tokens."""
    rows = [["system", "embed", "search", "rank", "all", "tokens"]]
    for each in whole(summaries):
        spans = (each.latency[name] for name in ("embed", "search", "rank", "total"))
        rows.append([each.system, *(f"{span['p50']:.1f} / {span['p95']:.1f}" for span in spans), f"{each.tokens:,.0f}"])
    return rows


def steps(summaries: Sequence[Summary]) -> Rows:
    """What is lost without each step, question by question, with the interval of the difference."""
    compared = ("recall@10", "recall@1000t", "ndcg@10")
    rows = [["without", *(f"{COLUMNS[name]} to {WHOLE}" for name in compared), "AUC"]]
    for each in lacking(summaries):
        group = each.groups[ALL]
        cells = [change(group.difference.get(name)) for name in compared]
        rows.append([each.system.removeprefix(WITHOUT), *cells, short(group.abstention)])
    return rows


def answers(report: Report) -> Rows:
    """Questions answered right from what each system recalled."""
    rows = [["system", "reader", "judge", "right", "n", "tokens read", "tokens written"]]
    for one in report.answers:
        right = f"{one.right:.3f} [{one.low:.3f}, {one.high:.3f}]"
        read, written = f"{one.prompt_tokens:,}", f"{one.completion_tokens:,}"
        rows.append([one.system, one.reader, one.judge, right, str(one.count), read, written])
    return rows


def plain(group: str) -> str:
    """`split:tuning category:multi` as people read it."""
    return group.replace("split:", "").replace("category:", "").replace("language:", "in ")


def short(figure: Figure | None) -> str:
    """`0.592`, or nothing."""
    return f"{figure.value:.3f}" if figure else ""


def interval(figure: Figure) -> str:
    """`0.592 [0.561, 0.622]`"""
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"


def change(figure: Figure | None) -> str:
    """`+0.131 [+0.104, +0.158]`, or nothing."""
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]" if figure else ""
