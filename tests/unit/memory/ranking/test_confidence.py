"""How sure recall is, and what passes the gate."""

from dataclasses import replace
from uuid import UUID, uuid4

from graphs.memory.index import Candidate
from graphs.memory.ranking.confidence import bearing, confidence, rated
from graphs.memory.ranking.question import read_question
from graphs.memory.ranking.said import Said
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, Recalled
from tests.unit.memory.ranking.support import NOW
from tests.unit.memory.support import said


def sure(question: str, *found: tuple[Memory, float]) -> float:
    memories = [memory for memory, _ in found]
    speakers = {memory.speaker for memory in memories if memory.speaker}
    candidates = {memory.id: Candidate(memory.id, near, None) for memory, near in found}
    return confidence(read_question(question, now=NOW, speakers=speakers), memories, candidates, Said())


def test_nearer_and_with_more_of_the_words_is_surer() -> None:
    dog = said("My dog is called Biscuit")
    assert 0 < sure("What is my dog called?", (dog, 0.2)) < sure("What is my dog called?", (dog, 0.7)) <= 1
    assert sure("What does the train to Ulm cost?", (dog, 0.2)) < sure("What is my dog called?", (dog, 0.2))
    assert sure("anything") == 0


def test_what_another_person_said_takes_from_it() -> None:
    his = replace(said("My dog is called Bailey"), speaker="Ben")
    hers = replace(said("I would like to paint more"), speaker="Ann")
    asked_of_her = sure("What is Ann's dog called?", (his, 0.7), (hers, 0.1))
    asked_of_him = sure("What is Ben's dog called?", (his, 0.7), (hers, 0.1))
    assert asked_of_her < asked_of_him / 2


def test_a_question_that_names_nobody_may_be_answered_by_anybody() -> None:
    memory = said("My dog is called Biscuit")
    of_two = sure("Whose dog is called Biscuit?", (replace(memory, speaker="Ann"), 0.7))
    assert of_two == sure("Whose dog is called Biscuit?", (memory, 0.7)) > 0


def test_scores_are_parts_of_the_confidence() -> None:
    items = [Recalled(said("one"), 4.0), Recalled(said("two"), 2.0), Recalled(said("three"), -1.0)]
    assert [item.score for item in rated(items, 0.6)] == [0.6, 0.3, 0.0]
    assert [item.score for item in rated([Recalled(said("one"), 0.0)], 0.6)] == [0.0]
    assert rated([], 0.6) == []


def passing(found: list[tuple[Memory, float | None, float | None]], ranking: Ranking | None = None) -> set[UUID]:
    candidates = {memory.id: Candidate(memory.id, dense, sparse) for memory, dense, sparse in found}
    items = [Recalled(memory, 1.0) for memory, _, _ in found]
    return set(bearing(candidates, items, 0.3, ranking or Ranking()))


def test_what_is_far_from_the_question_does_not_bear_on_it() -> None:
    near, far, worded, named = said("near"), said("far"), said("worded"), said("named")
    found: list[tuple[Memory, float | None, float | None]] = [
        (near, 0.35, None), (far, 0.2, None), (worded, 0.2, 3.0), (named, None, 3.0)
    ]  # fmt: skip
    assert passing(found) == {near.id, worded.id, named.id}


def test_what_stands_beside_one_that_bears_on_it_does_too() -> None:
    talk = uuid4()
    asked = replace(said("which park was it", session=talk), seq=4)
    answer = replace(said("Green Meadow", session=talk), seq=5)
    later = replace(said("it rained", session=talk), seq=7)
    found: list[tuple[Memory, float | None, float | None]] = [
        (asked, 0.5, None),
        (answer, 0.1, None),
        (later, 0.1, None),
    ]
    assert passing(found) == {asked.id, answer.id}
    assert passing(found, Ranking(beside=0, chat_beside=0)) == {asked.id}
