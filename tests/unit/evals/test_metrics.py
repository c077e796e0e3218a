"""Figures worked out by hand."""

import math
from dataclasses import replace

import pytest

from evals.metrics import METRICS, Row, rows
from evals.records import Conversation, Question
from evals.systems.base import Found
from tests.unit.evals.support import conversation, found, question

TALK = conversation(*(f"message number {at}" for at in range(30)))


def measured(asked: Question, given: Found, talk: Conversation = TALK) -> Row:
    [row] = rows(talk, [(asked, given)])
    assert set(row.values) <= set(METRICS)
    return row


def test_recall_counts_the_share_of_the_evidence_among_the_first_k() -> None:
    values = measured(question("m3", "m9"), found(TALK, 1, 2, 3, 4, 5, 6, 9)).values
    assert values["recall@5"] == 0.5
    assert values["recall@10"] == 1.0


def test_rank_measures_are_those_of_trec_eval() -> None:
    values = measured(question("m3"), found(TALK, 1, 2, 3)).values
    assert values["mrr"] == pytest.approx(1 / 3)
    assert values["ndcg@10"] == pytest.approx(1 / math.log2(4))


def test_what_finds_nothing_counts_as_nothing_found() -> None:
    values = measured(question("m3"), Found([], 0.0)).values
    assert values["recall@20"] == values["mrr"] == values["recall@1000t"] == 0.0


def test_parts_of_one_message_count_once() -> None:
    given = found(TALK, 0, 0, 0, 0, 0, 3)
    assert measured(question("m3"), given).ranking == ["m0", "m3"]


def test_a_day_counts_by_its_first_message_and_the_others_still_take_places() -> None:
    talk = replace(conversation("one", "two", "three"), unit="day")
    same_day = replace(talk, messages=[replace(each, created_at=talk.messages[0].created_at) for each in talk.messages])
    row = measured(question("2025-03-01"), found(same_day, 0, 1, 2), same_day)
    assert row.ranking[0] == "2025-03-01"
    assert len(row.ranking) == 3
    assert row.values["recall@5"] == 1.0


def test_a_key_that_serves_as_well_stands_for_the_evidence() -> None:
    asked = question("m3", instead={"m7": "m3"})
    assert measured(asked, found(TALK, 7)).values["recall@5"] == 1.0


def test_evidence_over_the_token_budget_does_not_count() -> None:
    talk = conversation("elephants " * 900, "short")
    both = measured(question("m0", "m1"), found(talk, 0, 1), talk)
    assert both.values["recall@10"] == 1.0
    assert both.values["recall@1000t"] < 1.0


@pytest.mark.parametrize(
    ("places", "stale"), [((2, 5), 1.0), ((5, 2), 0.0), ((2,), 1.0), ((5,), 0.0), ((8,), 0.0)], ids=str
)
def test_what_is_no_longer_true_is_stale_above_what_is(places: tuple[int, ...], stale: float) -> None:
    asked = question("m5", superseded=frozenset({"m2"}))
    assert measured(asked, found(TALK, *places)).values["stale"] == stale


def test_the_gate_is_measured_by_what_it_lets_through() -> None:
    given = found(TALK, 1, 3)
    passed = replace(given, relevant=frozenset({given.items[0].memory.id}))
    assert measured(question("m1", "m3"), passed).values["gated@10"] == 0.5


def test_a_question_without_an_answer_counts_for_silence_alone() -> None:
    asked = question("m3", answerable=False)
    assert measured(asked, found(TALK, 3)).values == {}
    assert measured(asked, found(TALK, 3, relevant=frozenset())).values == {"silent": 1.0}
