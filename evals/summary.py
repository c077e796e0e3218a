"""From rows to what is reported: figures by group, against the baseline, with time and cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.metrics import METRICS, Row
from evals.statistics import Figure, auc, mean, percentile

BASELINE = "rrf"
WHOLE = "memocha"
WITHOUT = "memocha without: "
"""What the names of systems begin with that lack a step."""
ALL = "all"
SIDES = ("split:tuning", "split:held-out")
FEWEST = 5
"""Questions of each kind below which no area under the curve is reported."""


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of questions, as one system did."""

    count: int
    metrics: Mapping[str, Figure]
    difference: Mapping[str, Figure]
    """To what the system is compared with, question by question."""
    abstention: Figure | None
    """How well confidence tells questions with an answer from those without."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One system over one data set."""

    system: str
    against: str
    """The system that differences are to: plain search, or whole Memocha where a step of it is switched off."""
    groups: Mapping[str, Group]
    """`all`, and by `split:`, `category:`, `language:`, and split and category together."""
    latency: Mapping[str, Mapping[str, float]]
    """p50 and p95 of `embed`, `search`, `rank` and their sum `total`, milliseconds."""
    tokens: float
    """Mean of what a prompt would carry: the best ten memories, or everything."""


def summarise(rows: Mapping[str, Sequence[Row]]) -> list[Summary]:
    """The figures of each system, by its name, in the order given."""
    return [_summary(name, several, rows) for name, several in rows.items()]


def _summary(name: str, rows: Sequence[Row], every: Mapping[str, Sequence[Row]]) -> Summary:
    against = WHOLE if name.startswith(WITHOUT) else BASELINE
    other = {row.question.id: row for row in every.get(against, ())} if name != against else {}
    return Summary(
        system=name,
        against=against,
        groups={
            group: _group(some, other)
            for group, some in _groups(rows)
            # Of what lacks a step only the whole and the two sides are reported: the rest would be noise.
            if against == BASELINE or group == ALL or group in SIDES
        },
        latency=_latency(rows),
        tokens=round(sum(row.tokens for row in rows) / len(rows), 1),
    )


def _groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {ALL: list(rows)}
    for row in rows:
        split, category = f"split:{row.split}", f"category:{row.question.category}"
        for name in (split, category, f"language:{row.question.language}", f"{split} {category}"):
            groups.setdefault(name, []).append(row)
    yield from sorted(groups.items(), key=lambda item: (item[0] != ALL, item[0]))


def _group(rows: Sequence[Row], baseline: Mapping[str, Row]) -> Group:
    metrics, difference = {}, {}
    for name in METRICS:
        measured = [row for row in rows if name in row.values]
        if not measured:
            continue
        metrics[name] = mean([row.values[name] for row in measured])
        pairs = [(row, baseline[row.question.id]) for row in measured if row.question.id in baseline]
        changes = [row.values[name] - other.values[name] for row, other in pairs if name in other.values]
        if changes:
            difference[name] = mean(changes)
    return Group(len(rows), metrics, difference, _abstention(rows))


def _abstention(rows: Sequence[Row]) -> Figure | None:
    with_answer = [row.confidence for row in rows if row.question.answerable]
    without = [row.confidence for row in rows if not row.question.answerable]
    return auc(with_answer, without) if min(len(with_answer), len(without)) >= FEWEST else None


def _latency(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    times = {name: [getattr(row.timing, name) for row in rows] for name in ("embed", "search", "rank")}
    times["total"] = [sum(parts) for parts in zip(*times.values(), strict=True)]
    return {
        name: {"p50": round(percentile(taken, 0.5), 2), "p95": round(percentile(taken, 0.95), 2)}
        for name, taken in times.items()
    }
