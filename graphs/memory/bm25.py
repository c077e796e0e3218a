"""BM25 over a small set of texts (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")


def bm25(query: str, texts: Mapping[K, str], *, k1: float = 1.2, b: float = 0.75) -> dict[K, float]:
    """Scores above 0 by key. Query and texts are stemmed words with spaces between them."""
    counts = {key: Counter(text.split()) for key, text in texts.items()}
    lengths = {key: count.total() for key, count in counts.items()}
    mean = sum(lengths.values()) / len(lengths) if lengths else 0.0
    scores: dict[K, float] = {}
    for word, weight in Counter(query.split()).items():
        holding = {key: count[word] for key, count in counts.items() if word in count}
        idf = math.log(1 + (len(counts) - len(holding) + 0.5) / (len(holding) + 0.5))
        for key, times in holding.items():
            norm = k1 * (1 - b + b * lengths[key] / mean)
            scores[key] = scores.get(key, 0.0) + weight * idf * times * (k1 + 1) / (times + norm)
    return scores
