"""Plots, as SVG that stands in a page by itself: no script, no font file, nothing to fetch."""

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from evals.metrics import CUTS
from evals.statistics import Figure
from evals.summary import ALL, WITHOUT, Summary

STYLE: Any = {
    "svg.fonttype": "none",  # letters stay letters: searchable, and in the page's font
    "svg.hashsalt": "memocha",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
}
COLOURS = {"memocha": "#7c3aed", "rrf": "#0e7490", "bm25": "#a16207", "dense": "#15803d", "everything": "#6b7280"}
OTHER = "#be185d"
WIDTH, ROW = 7.6, 0.34
"""Inches: of a plot, and of one line in it."""
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


def recall_by_system(summaries: Sequence[Summary]) -> str:
    """Evidence recall at 5, 10 and 20 of each system, one line a system."""
    with rc_context(STYLE):
        drawing = Drawing(figsize=(WIDTH, 3.4), layout="constrained")
        axes = drawing.add_subplot()
        for each in summaries:
            metrics = each.groups[ALL].metrics
            figures = [metrics[f"recall@{cut}"] for cut in CUTS if f"recall@{cut}" in metrics]
            if len(figures) == len(CUTS):
                _line(axes, each.system, figures)
        axes.set(xticks=CUTS, xlabel="distinct messages", ylabel="share of the evidence", ylim=(0, 1))
        axes.grid(axis="y", color="#e5e7eb")
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        return _svg(drawing)


def recall_by_group(groups: Mapping[str, Mapping[str, Figure]]) -> str:
    """Recall@10 with intervals. `groups`: by kind of question, then by system."""
    with rc_context(STYLE):
        names = list(groups)
        systems = list(dict.fromkeys(system for each in groups.values() for system in each))
        drawing = Drawing(figsize=(WIDTH, 0.9 + ROW * len(names) * max(1, len(systems) / 2)), layout="constrained")
        axes = drawing.add_subplot()
        for at, system in enumerate(systems):
            offset = (at - (len(systems) - 1) / 2) * 0.8 / len(systems)
            points = [
                (place + offset, groups[name][system]) for place, name in enumerate(names) if system in groups[name]
            ]
            _dots(axes, points, _colour(system), system)
        axes.set(
            yticks=range(len(names)), yticklabels=names, xlim=(0, 1.02), xlabel="evidence recall@10, 95 % interval"
        )
        axes.invert_yaxis()
        axes.grid(axis="x", color="#e5e7eb")
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        return _svg(drawing)


def steps(summaries: Sequence[Summary]) -> str:
    """What recall@10 loses without each step, with the interval of the difference."""
    with rc_context(STYLE):
        shown = [(each, each.groups[ALL].difference.get("recall@10")) for each in summaries]
        points = [(at, figure) for at, (_, figure) in enumerate(shown) if figure is not None]
        drawing = Drawing(figsize=(WIDTH, 0.9 + ROW * len(shown)), layout="constrained")
        axes = drawing.add_subplot()
        axes.axvline(0, color="#6b7280", linewidth=1)
        _dots(axes, points, COLOURS["memocha"], "")
        labels = [each.system.removeprefix(WITHOUT) for each, _ in shown]
        axes.set(yticks=range(len(shown)), yticklabels=labels, xlabel="recall@10 without the step, against the whole")
        axes.invert_yaxis()
        axes.grid(axis="x", color="#e5e7eb")
        return _svg(drawing)


def latency(summaries: Sequence[Summary]) -> str:
    """Median milliseconds of a question, by what they were spent on, and the 95th percentile of all."""
    with rc_context(STYLE):
        drawing = Drawing(figsize=(WIDTH, 0.9 + ROW * len(summaries)), layout="constrained")
        axes = drawing.add_subplot()
        left = [0.0] * len(summaries)
        parts = (("embed", "#c4b5fd"), ("search", "#7c3aed"), ("rank", "#4c1d95"))
        for part, colour in parts:
            widths = [each.latency[part]["p50"] for each in summaries]
            axes.barh(range(len(summaries)), widths, left=left, height=0.6, color=colour, label=f"{part}, median")
            left = [one + other for one, other in zip(left, widths, strict=True)]
        high = [each.latency["total"]["p95"] for each in summaries]
        axes.plot(high, range(len(summaries)), "|", color="#111827", markersize=14, label="all, 95th percentile")
        axes.set(yticks=range(len(summaries)), yticklabels=[each.system for each in summaries], xlabel="milliseconds")
        axes.invert_yaxis()
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
        return _svg(drawing)


def _line(axes: Axes, system: str, figures: Sequence[Figure]) -> None:
    colour = _colour(system)
    wide = 2.2 if system.startswith("memocha") else 1.4
    axes.plot(CUTS, [figure.value for figure in figures], "o-", color=colour, linewidth=wide, label=system)
    axes.fill_between(
        CUTS, [figure.low for figure in figures], [figure.high for figure in figures], color=colour, alpha=0.1
    )


def _dots(axes: Axes, points: Sequence[tuple[float, Figure]], colour: str, label: str) -> None:
    if not points:
        return
    places, figures = [place for place, _ in points], [figure for _, figure in points]
    spread = [[one.value - one.low for one in figures], [one.high - one.value for one in figures]]
    values = [figure.value for figure in figures]
    axes.errorbar(values, places, xerr=spread, fmt="o", color=colour, label=label, markersize=5, elinewidth=1.4)


def _colour(system: str) -> str:
    return COLOURS.get(system, OTHER)


def _svg(drawing: Drawing) -> str:
    """The drawing as an element of a page: without the XML head, and without what says who drew it and when."""
    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", metadata={"Date": None}, transparent=True)
    text = buffer.getvalue()
    return _METADATA.sub("", text[text.index("<svg") :])
