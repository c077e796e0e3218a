"""One score from meaning and words."""

from uuid import UUID, uuid4

import pytest

from graphs.memory.index import Candidate
from graphs.memory.ranking.fusion import fuse
from graphs.memory.ranking.weights import Ranking


@pytest.mark.parametrize("fusion", ["share", "rrf", "z"])
def test_what_both_sides_find_comes_before_what_one_finds(fusion: str) -> None:
    both, dense, sparse, last = uuid4(), uuid4(), uuid4(), uuid4()
    found = [
        Candidate(both, 0.8, 7.0),
        Candidate(dense, 0.82, None),
        Candidate(sparse, None, 7.5),
        Candidate(last, 0.1, None),
    ]
    scores = fuse(found, Ranking(fusion=fusion))  # type: ignore[arg-type]
    assert max(scores, key=lambda key: scores[key]) == both
    assert min(scores, key=lambda key: scores[key]) == last
    assert min(scores.values()) >= 0


@pytest.mark.parametrize("fusion", ["share", "rrf", "z"])
def test_nothing_found_is_nothing_scored(fusion: str) -> None:
    assert fuse([], Ranking(fusion=fusion)) == {}  # type: ignore[arg-type]


def test_reciprocal_ranks_add_up() -> None:
    first, second = UUID(int=1), UUID(int=2)
    scores = fuse([Candidate(first, 0.9, None), Candidate(second, 0.5, 3.0)], Ranking(fusion="rrf", rrf_k=60))
    assert scores[first] / scores[second] == pytest.approx((1 / 61) / (1 / 62 + 1 / 61))


@pytest.mark.parametrize("times", [1, 50])
def test_a_share_does_not_move_with_how_much_else_was_found(times: int) -> None:
    """Ten of the best set the scale; a tail of weak ones, however long, does not."""
    best = [Candidate(UUID(int=at), 0.6, None) for at in range(1, 11)]
    tail = [Candidate(UUID(int=100 + at), 0.3, None) for at in range(times)]
    scores = fuse([*best, *tail], Ranking())
    assert scores[UUID(int=1)] - scores[UUID(int=100)] == pytest.approx(0.5)


def test_without_words_only_meaning_counts() -> None:
    near, worded = uuid4(), uuid4()
    found = [Candidate(near, 0.6, None), Candidate(worded, 0.5, 90.0)]
    assert fuse(found, Ranking(words=0.0))[near] > fuse(found, Ranking(words=0.0))[worded]
    assert fuse(found, Ranking())[near] < fuse(found, Ranking())[worded]
