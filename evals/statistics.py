"""Means with intervals, and how well a score tells two kinds of questions apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

RESAMPLES = 2000
SEED = 0
INTERVAL = (2.5, 97.5)
"""Percentiles: 95 % of the resamples lie between."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % bootstrap interval (percentiles of 2,000 resamples of the questions, fixed seed)."""

    value: float
    low: float
    high: float
    count: int
    """Questions it is made of."""


def mean(values: Sequence[float]) -> Figure:
    """The mean of at least one value."""
    given = np.asarray(values, dtype=np.float64)
    return _figure(float(given.mean()), given[_resamples(len(given))].mean(axis=1), len(given))


def auc(higher: Sequence[float], lower: Sequence[float]) -> Figure:
    """The chance that one of `higher` is above one of `lower`, ties counting half: 0.5 tells nothing, 1 all."""
    above, below = np.asarray(higher, dtype=np.float64), np.asarray(lower, dtype=np.float64)
    of_above, of_below = above[_resamples(len(above))], below[_resamples(len(below), SEED + 1)]
    drawn = [_auc(one, other) for one, other in zip(of_above, of_below, strict=True)]
    return _figure(_auc(above, below), np.asarray(drawn), len(above) + len(below))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them (0 to 1) lies."""
    return float(np.quantile(np.asarray(values, dtype=np.float64), share))


def _auc(above: Values, below: Values) -> float:
    """By the sum of ranks (Mann and Whitney, 1947)."""
    ranks = rankdata(np.concatenate([above, below]))[: len(above)]
    return float((ranks.sum() - len(above) * (len(above) + 1) / 2) / (len(above) * len(below)))


def _resamples(count: int, seed: int = SEED) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(count, size=(RESAMPLES, count))


def _figure(value: float, drawn: Values, count: int) -> Figure:
    low, high = np.percentile(drawn, INTERVAL)
    return Figure(value, float(low), float(high), count)
