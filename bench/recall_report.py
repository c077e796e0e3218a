"""The figures of `bench.recall` as a report."""

from bench import recall
from bench.report import Report, Target


async def measure() -> Report:
    figures = await recall.measure()
    bounds = recall.TARGETS | recall.PGVECTOR_TARGETS
    cases = {case: figures[case] for case in bounds}
    ratios: dict[str, float] = {}
    for case, found in cases.items():
        for percentile in ("p50", "p95"):
            baseline = "langchain-postgres" if case.startswith("pgvector") else "langchain-milvus"
            ratios[f"recall {percentile} / {baseline} dense, {case}"] = found.pop(f"ratio_{percentile}")
    targets = [
        Target(f"recall, {case}, p95 ms", found["recall"]["p95_ms"], bounds[case]) for case, found in cases.items()
    ]
    notes = [f"The crowd: {figures['crowd']:,} memories of others, random vectors, six words each."]
    return Report(dict(cases), ratios, targets, notes)
