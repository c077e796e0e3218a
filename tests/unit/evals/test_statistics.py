import numpy as np
import pytest

from evals.metrics import rows
from evals.statistics import auc, mean
from evals.summary import summarise
from tests.unit.evals.support import conversation, found, question

TALK = conversation(*(f"message number {at}" for at in range(12)))


def test_a_mean_lies_in_its_interval_and_more_questions_narrow_it() -> None:
    few, many = mean([0.0, 1.0] * 10), mean([0.0, 1.0] * 1000)
    assert few.low < few.value < few.high
    assert many.value == 0.5
    assert many.high - many.low < (few.high - few.low) / 5


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    dice = np.random.default_rng(1)
    drawn = [mean(dice.binomial(1, 0.7, 200).tolist()) for _ in range(200)]
    assert 0.90 <= np.mean([one.low <= 0.7 <= one.high for one in drawn]) <= 0.99


@pytest.mark.parametrize(
    ("higher", "lower", "area"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1], [1, 1], 0.5), ([1, 3], [2, 0], 0.75)],
)
def test_the_area_is_the_chance_that_one_is_above_the_other(
    higher: list[float], lower: list[float], area: float
) -> None:
    assert auc(higher, lower).value == area


def test_differences_are_taken_question_by_question() -> None:
    asked = [question("m1", id=f"q{at}") for at in range(8)]
    better = rows(TALK, [(each, found(TALK, 1)) for each in asked])
    worse = rows(TALK, [(each, found(TALK, 2)) for each in asked])
    plain, ours = summarise({"rrf": worse, "memocha": better})
    assert plain.groups["all"].difference == {}
    assert ours.groups["all"].difference["recall@5"].value == 1.0


def test_questions_without_an_answer_are_told_apart_by_confidence() -> None:
    asked = [question("m1", id=f"q{at}", answerable=at < 6) for at in range(12)]
    answers = [(each, found(TALK, 1, confidence=float(each.answerable))) for each in asked]
    [summary] = summarise({"memocha": rows(TALK, answers)})
    area = summary.groups["all"].abstention
    assert area is not None
    assert area.value == 1.0


def test_what_lacks_a_step_is_compared_with_the_whole() -> None:
    asked = [question("m1", id=f"q{at}") for at in range(3)]
    whole = rows(TALK, [(each, found(TALK, 1)) for each in asked])
    less = rows(TALK, [(each, found(TALK, 2)) for each in asked])
    summaries = summarise({"rrf": less, "memocha": whole, "memocha without: a step": less})
    assert summaries[-1].groups["all"].difference["recall@5"].value == -1.0
