"""The best in a reranker's order, mixed with their own."""

import numpy as np
import pytest

from graphs.memory.ranking.reranked import mixed
from graphs.memory.records import Recalled
from tests.unit.memory.support import said

A, B, C, D = (said(text) for text in ("a", "b", "c", "d"))
ITEMS = [Recalled(A, 0.8), Recalled(B, 0.6), Recalled(C, 0.4), Recalled(D, 0.1)]


def order(*chances: float, weight: float = 0.5) -> str:
    return "".join(item.memory.text for item in mixed(ITEMS, np.array(chances, dtype=np.float32), weight))


@pytest.mark.parametrize(
    ("chances", "weight", "found"),
    [
        pytest.param((0.1, 0.1, 0.9), 0.5, "cabd", id="one is taken for the answer"),
        pytest.param((0.001, 0.002, 0.003), 0.5, "abcd", id="nothing is: as it was"),
        pytest.param((0.1, 0.9, 0.5), 1.0, "bcad", id="the reranker alone"),
        pytest.param((0.1, 0.9, 0.5), 0.0, "abcd", id="off"),
        pytest.param((), 0.5, "abcd", id="nothing read"),
    ],
)
def test_the_order_is_of_both(chances: tuple[float, ...], weight: float, found: str) -> None:
    assert order(*chances, weight=weight) == found


def test_scores_fall_and_the_best_is_as_sure_as_it_was() -> None:
    scores = [item.score for item in mixed(ITEMS, np.array([0.1, 0.2, 0.99], dtype=np.float32), 0.5)]
    assert scores[0] == 0.8
    assert scores == sorted(scores, reverse=True)


def test_scores_of_nothing_keep_the_order_that_they_come_in() -> None:
    items = [Recalled(A, 0.0), Recalled(B, 0.0)]
    assert [item.memory.text for item in mixed(items, np.zeros(2, dtype=np.float32), 0.5)] == ["a", "b"]
