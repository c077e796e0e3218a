"""Weighing, and dropping what repeats."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import uuid4

import pytest

from graphs.memory.ranking.asking import only_asks, same_question
from graphs.memory.ranking.order import best_first
from graphs.memory.ranking.priors import Priors
from graphs.memory.ranking.question import read_question
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind
from tests.unit.memory.ranking.support import NOW, ranked
from tests.unit.memory.support import said


def test_nothing_found_is_nothing_ranked() -> None:
    assert ranked("anything", []) == []


def test_the_persons_own_words_come_before_the_assistants() -> None:
    theirs, mine = said("Portugal has the river Tagus", role="assistant"), said("I moved to Portugal in May")
    assert ranked("Portugal", [(theirs, 1.0), (mine, 1.0)])[0] == mine.text


def test_the_assistants_come_first_where_they_are_asked_for() -> None:
    theirs, mine = said("I would read Pessoa on the Tagus", role="assistant"), said("I would like to read on the Tagus")
    assert ranked("What book did you suggest?", [(theirs, 1.0), (mine, 1.0)])[0] == theirs.text


def test_a_much_better_match_of_the_assistants_still_wins() -> None:
    answer, mine = said("Your train to Porto leaves at 9:40", role="assistant"), said("I like trains and the sea a lot")
    assert ranked("when does my train leave", [(answer, 2.0), (mine, 0.5)])[0] == answer.text


def test_the_words_of_the_person_named_come_first() -> None:
    hers = replace(said("The dog is called Biscuit now"), speaker="Ann")
    his = replace(said("The dog is called Bailey now"), speaker="Ben")
    scored = [(his, 1.0), (hers, 1.0)]
    assert ranked("What is Ann's dog called?", scored)[0] == hers.text
    assert ranked("What is Ben's dog called?", scored)[0] == his.text


def test_naming_both_asks_for_neither_in_particular() -> None:
    hers, his = replace(said("I paint a lot"), speaker="Ann"), replace(said("I paint much"), speaker="Ben")
    assert ranked("What do Ann and Ben both do?", [(hers, 1.0), (his, 1.1)])[0] == his.text


def at(memory: Memory, year: int, month: int, day: int) -> Memory:
    return replace(memory, created_at=datetime(year, month, day, 12, tzinfo=UTC))


def test_what_was_said_in_the_time_that_is_asked_for_comes_first() -> None:
    may, june = at(said("We ate at the harbour"), 2026, 5, 9), at(said("We ate at the market"), 2026, 6, 9)
    assert ranked("Where did we eat in May?", [(june, 1.0), (may, 0.9)])[0] == may.text


def test_so_does_what_speaks_of_that_time() -> None:
    later = at(said("Last month we ate at the harbour"), 2026, 6, 9)
    other = at(said("Today we ate at the market place"), 2026, 6, 9)
    assert ranked("Where did we eat in May?", [(other, 1.0), (later, 0.9)])[0] == later.text


def test_of_two_as_good_the_later_holds() -> None:
    old, new = at(said("I live in Lisbon these days"), 2026, 1, 1), at(said("I live in Porto these days"), 2026, 9, 1)
    assert ranked("Where do I live?", [(old, 1.0), (new, 1.0)]) == [new.text, old.text]
    told = [(replace(old, speaker="Ann"), 1.0), (replace(new, speaker="Ben"), 0.99)]
    assert ranked("Where do they live?", told) == [old.text, new.text]  # others' lives have no later word


def test_what_is_pinned_and_what_was_recalled_often_come_first() -> None:
    plain, used = said("My tea is green"), replace(said("My tea is black"), recalled=9)
    pinned = replace(said("My tea is white"), pinned=True)
    assert ranked("tea", [(plain, 1.0), (used, 1.0), (pinned, 1.0)]) == [pinned.text, used.text, plain.text]


def test_a_fact_comes_before_the_message_it_was_taken_from() -> None:
    message = said("By the way, my sister Anika moved to Bonn, and can you mend this code?")
    fact = replace(message, id=uuid4(), kind=MemoryKind.FACT, text="The user's sister Anika lives in Bonn.")
    assert ranked("Where does my sister live?", [(message, 1.0), (fact, 1.0)]) == [fact.text, message.text]


def test_near_duplicates_are_recalled_once() -> None:
    memories = [said("I am allergic to peanuts."), said("I am allergic to peanuts!"), said("I live in Porto")]
    assert sorted(ranked("allergies", [(memory, 1.0) for memory in memories])) == sorted(
        [memories[1].text, memories[2].text]
    )


def test_parts_of_one_message_count_once() -> None:
    first = said("The first part of a long message about bees")
    second = replace(first, id=uuid4(), chunk=1, text="The second part, on how honey is kept in winter")
    other = said("Something of another message")
    assert ranked("bees", [(first, 0.5), (second, 0.9), (other, 0.1)]) == [second.text, other.text]


def test_no_more_than_k() -> None:
    assert len(ranked("x", [(said(f"number {n} of many {n * 7}"), 1.0) for n in range(20)], k=3)) == 3


def test_several_things_are_not_all_taken_from_one_session() -> None:
    one = uuid4()
    crowd = [(said(f"I bought {thing} for the boat", session=one), 1.0) for thing in ("rope", "paint", "a lamp")]
    far = [(replace(memory, seq=10 * at), score) for at, (memory, score) in enumerate(crowd)]
    elsewhere = said("I bought a new sail for the boat too")
    scored = [*far, (elsewhere, 0.8)]
    spread = Ranking(crowd=0.2, newer=0.0)
    assert elsewhere.text not in ranked("What did I buy for the boat?", scored, k=3, ranking=spread)
    assert elsewhere.text in ranked("What things have I bought?", scored, k=3, ranking=spread)


def test_an_earlier_question_never_hides_its_answer() -> None:
    question = "What is my dog called?"
    earlier = [(said(question), 1.0 - at / 100) for at in range(5)]
    statement = said("My dog is called Biscuit.")
    assert ranked(question, [*earlier, (statement, 0.8)])[0] == statement.text


def test_what_stands_beside_counts_too() -> None:
    talk = uuid4()
    asked = replace(said("Which park was it that you went to on Sunday?", session=talk), seq=4, speaker="Ann")
    answer = replace(said("Green Meadow, with the whole family and the neighbours", session=talk), seq=5, speaker="Ben")
    other = replace(said("Parks are expensive to keep, says the mayor of the town"), speaker="Ben")
    scored = [(asked, 1.0), (answer, 0.1), (other, 0.3)]
    texts = ranked("Which park did they go to?", scored)
    assert texts.index(answer.text) < texts.index(other.text)
    without = ranked("Which park did they go to?", scored, ranking=Ranking(beside=0, beyond=0))
    assert without.index(answer.text) > without.index(other.text)


def test_the_order_of_equals_does_not_depend_on_the_order_given() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    memories = [replace(said(f"Some thing number {n}"), created_at=now + timedelta(0), seq=0) for n in range(8)]
    scored = [(memory, 1.0) for memory in memories]
    assert ranked("thing", scored) == ranked("thing", scored[::-1])


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
    assert same_question("What is my dog called?", "what's my dog called??")
    assert not same_question("What is my dog called?", "What is my cat called?")
    assert not same_question("My dog is called Biscuit", "My dog is called Biscuit")


def test_what_cannot_come_next_is_not_scored() -> None:
    memories = [said(f"word{number}") for number in range(20)]
    exact = {memory.id: 1.0 - number / 10 for number, memory in enumerate(memories)}
    asked: list[Memory] = []

    def score(memory: Memory) -> float:
        asked.append(memory)
        return exact[memory.id]

    ranked_ = best_first(memories, score, lambda memory: exact[memory.id] + 0.25)
    assert [memory for memory, _ in islice(ranked_, 3)] == memories[:3]
    assert len(asked) < 8
    assert [(memory, score) for memory, score in ranked_] == [(memory, exact[memory.id]) for memory in memories[3:]]


def test_equal_scores_come_newest_first_whatever_was_expected_of_them() -> None:
    older, newer = at(said("The older one"), 2026, 5, 9), at(said("The newer one"), 2026, 6, 9)
    for hoped in ({older.id: 1.0, newer.id: 2.0}, {older.id: 2.0, newer.id: 1.0}):
        found = best_first([older, newer], lambda _: 1.0, lambda memory, hoped=hoped: hoped[memory.id])  # type: ignore[misc]
        assert list(found) == [(newer, 1.0), (older, 1.0)]


@pytest.mark.parametrize("question", ["Where did we eat in May?", "Does Ann paint?", "What did you suggest?"])
def test_nothing_is_scored_above_what_it_has_at_the_most(question: str) -> None:
    read = read_question(question, now=NOW, speakers=("Ann",))
    texts = ("Short.", "What do I paint?", "Last month we ate at the harbour. " * 12, "In May")
    memories = [
        replace(at(said(text, role=role), 2026, month, 9), recalled=month, pinned=month == 5, speaker=speaker)
        for text in texts
        for role in ("user", "assistant")
        for month in (5, 6)
        for speaker in (None, "Ann")
    ]
    days = [memory.created_at for memory in memories]
    priors = Priors(read, Ranking(), oldest=min(days), newest=max(days))
    assert all(priors.of(memory) <= priors.at_most(memory) for memory in memories)
