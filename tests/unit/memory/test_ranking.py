"""Fusing, weighing and dropping what repeats."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from graphs.memory.index import Candidate
from graphs.memory.ranking import Ranking, asks_the_same, fuse, only_asks, rank
from graphs.memory.records import Memory
from tests.unit.memory.support import said


def ranked(question: str, memories: list[Memory], k: int = 10, scores: dict[UUID, float] | None = None) -> list[str]:
    scores = scores or {memory.id: 1.0 for memory in memories}
    return [item.memory.text for item in rank(question, memories, scores, k, Ranking())]


@pytest.mark.parametrize("fusion", ["rrf", "z"])
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
    assert all(score > 0 for score in scores.values())


def test_reciprocal_ranks_add_up() -> None:
    first, second = UUID(int=1), UUID(int=2)
    scores = fuse([Candidate(first, 0.9, None), Candidate(second, 0.5, 3.0)], Ranking(rrf_k=60))
    assert scores == {first: pytest.approx(1 / 61), second: pytest.approx(1 / 62 + 1 / 61)}


def test_nothing_found_is_nothing_ranked() -> None:
    assert fuse([], Ranking()) == fuse([], Ranking(fusion="z")) == {}
    assert ranked("anything", []) == []


def test_the_persons_own_words_come_before_the_assistants() -> None:
    theirs = said("Portugal has the river Tagus", role="assistant")
    mine = said("I moved to Portugal in May")
    assert ranked("Portugal", [theirs, mine])[0] == mine.text


def test_a_much_better_match_of_the_assistants_still_wins() -> None:
    answer, mine = said("Your train to Porto leaves at 9:40", role="assistant"), said("I like trains")
    assert ranked("when does my train leave", [answer, mine], scores={answer.id: 1.0, mine.id: 0.5})[0] == answer.text


def test_near_duplicates_are_recalled_once() -> None:
    memories = [said("I am allergic to peanuts."), said("I am allergic to peanuts!"), said("I live in Porto")]
    assert sorted(ranked("allergies", memories)) == sorted([memories[1].text, memories[2].text])


def test_parts_of_one_message_count_once() -> None:
    first = said("The first part of a long message about bees")
    second = replace(first, id=uuid4(), chunk=1, text="The second part, on how honey is kept in winter")
    other = said("Something of another message")
    scores = {first.id: 0.5, second.id: 0.9, other.id: 0.1}
    assert ranked("bees", [first, second, other], scores=scores) == [second.text, other.text]


def test_no_more_than_k() -> None:
    assert len(ranked("x", [said(f"number {n} of many {n * 7}") for n in range(20)], k=3)) == 3


def test_an_earlier_question_never_hides_its_answer() -> None:
    question = "What is my dog called?"
    earlier = [said(question) for _ in range(5)]
    statement = said("My dog is called Biscuit.")
    scores = {memory.id: 1 / (61 + at) for at, memory in enumerate([*earlier, statement])}
    assert ranked(question, [*earlier, statement], scores=scores)[0] == statement.text


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What is my dog called?", True),
        ("Really? Where?", True),
        ("我的狗叫什么？", True),  # noqa: RUF001
        ("ما اسم كلبي؟", True),
        ("My dog is called Biscuit. Cute, isn't it?", False),
        ("My dog is called Biscuit", False),
        ("", False),
    ],
)
def test_what_only_asks(text: str, asks: bool) -> None:
    assert only_asks(text) is asks


def test_the_same_question_in_other_words_order() -> None:
    assert asks_the_same("What is my dog called?", "what's my dog called??")
    assert not asks_the_same("What is my dog called?", "What is my cat called?")
    assert not asks_the_same("My dog is called Biscuit", "My dog is called Biscuit")
