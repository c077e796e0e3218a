"""The figures of `bench.recall` as a report."""

from bench import recall
from bench.report import Report, Target


async def measure() -> Report:
    figures = await recall.measure()
    cases = {case: figures[case] for case in recall.TARGETS}
    ratios: dict[str, float] = {}
    for case, found in cases.items():
        for percentile in ("p50", "p95"):
            ratios[f"recall {percentile} / langchain-milvus dense, {case}"] = found.pop(f"ratio_{percentile}")
        found.pop("target_p95_ms")
    targets = [
        Target(f"recall, {case}, p95 ms", found["recall"]["p95_ms"], recall.TARGETS[case])
        for case, found in cases.items()
    ]
    return Report(dict(cases), ratios, targets)
