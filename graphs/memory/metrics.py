"""What is counted of memory, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

RECALLS = Counter("memocha_recalls_total", "Questions to memory, by how they were answered.", ["outcome"])
RECALL_SECONDS = Histogram(
    "memocha_recall_seconds",
    "Time of a question to memory, embedding included.",
    buckets=(0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 2, 5),
)
RERANKS = Counter("memocha_reranks_total", "Questions to the reranker, by how they ended.", ["outcome"])
RERANK_SECONDS = Histogram(
    "memocha_rerank_seconds",
    "Time of a question to the reranker that it answered.",
    buckets=(0.01, 0.02, 0.04, 0.06, 0.1, 0.15, 0.25, 0.5, 1, 2),
)
REWRITES = Counter("memocha_rewrites_total", "Follow-ups given to a model to complete, by how they ended.", ["outcome"])
REWRITE_SECONDS = Histogram(
    "memocha_rewrite_seconds",
    "Time of a follow-up that a model completed.",
    buckets=(0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5),
)
REBUILD = Gauge(
    "memocha_index_rebuild_memories",
    "Memories in the index that is being made anew, and memories in all; 0 when none is.",
    ["which"],
)
