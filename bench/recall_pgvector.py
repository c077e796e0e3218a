"""The figures of `bench.recall` on pgvector as a report."""

from bench import recall
from bench.recall_report import report
from bench.report import Report


async def measure() -> Report:
    figures = await recall.measure_pgvector()
    made = report(figures, recall.PGVECTOR_TARGETS, "langchain-postgres")
    made.notes.append(f"The crowd: {figures['crowd']:,} memories of others, random vectors, six words each.")
    return made
