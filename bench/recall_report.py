"""The figures of `bench.recall` on Milvus Lite as a report."""

from typing import Any

from bench import recall
from bench.report import Report, Target


async def measure() -> Report:
    return report(await recall.measure(), recall.TARGETS, "langchain-milvus")


def report(figures: dict[str, Any], bounds: dict[str, float], baseline: str) -> Report:
    """Each case's ratios to the baseline, and whether its bound is kept."""
    cases = {case: figures[case] for case in bounds}
    ratios: dict[str, float] = {}
    for case, found in cases.items():
        for percentile in ("p50", "p95"):
            ratios[f"recall {percentile} / {baseline} dense, {case}"] = found.pop(f"ratio_{percentile}")
    targets = [
        Target(f"recall, {case}, p95 ms", found["recall"]["p95_ms"], bounds[case]) for case, found in cases.items()
    ]
    return Report(dict(cases), ratios, targets)
