"""Which questions lean on what was said before, and on how much of it."""

import pytest

from graphs.memory.ranking.followup import BACK, CONTEXT, context_of, leans, weighed
from graphs.memory.ranking.question import read_followup
from tests.unit.memory.support import NOON


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("and his sister?", id="goes on"),
        pytest.param("what about the other one?", id="another one"),
        pytest.param("warum?", id="one word"),
        pytest.param("Why not again?", id="why with a word or two"),
        pytest.param("When was she born?", id="a pronoun"),
        pytest.param("Is there something she can't have with her tablets?", id="a pronoun further on"),
        pytest.param("do i still owe him", id="without a question mark"),
        pytest.param("What did we set it to?", id="nothing telling in it"),
        pytest.param("Und den Estrich?", id="German"),
        pytest.param("Wie viel hat er mir dafür gezahlt?", id="a German pronoun"),
        pytest.param("Worin versteck ich sie jetzt?", id="she, not You"),
        pytest.param("¿Y su hermana?", id="Spanish"),
        pytest.param("他不能吃什么?", id="Chinese"),
        pytest.param("那家民宿叫什么?", id="Chinese, that one"),
    ],
)
def test_these_lean(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("What did I give Anna when she turned nineteen?", id="the pronoun's name stands before it"),
        pytest.param("Which weekday has Zach got his swimming lesson?", id="the same in the middle"),
        pytest.param("Auf welchen Zinssatz hat sich die Sparkasse am Ende eingelassen?", id="nothing points out"),
        pytest.param("Wie hieß unsere Pension an der Ostsee in Zingst?", id="German"),
        pytest.param("我们在大理住的民宿叫什么名字来着?", id="Chinese"),
        pytest.param("Thanks!", id="no question"),
        pytest.param("She is ill again.", id="no question, with a pronoun"),
        pytest.param("", id="nothing"),
        pytest.param("And " + "what does the following text say about him? " * 9, id="long"),
    ],
)
def test_these_stand_by_themselves(text: str) -> None:
    assert not leans(text)


def test_a_chain_of_followups_leans_on_where_it_began() -> None:
    maren = "Maren smiled at me."
    assert context_of([]) == ""
    assert context_of(["I like tea.", maren]) == maren
    assert context_of(["I like tea.", maren, "When was she born?"]) == f"{maren}\nWhen was she born?"
    assert context_of([maren, *["Why?"] * BACK]) == "\n".join(["Why?"] * BACK), "no further than that"
    assert context_of(["x" * 5_000]) == "x" * CONTEXT


def test_words_of_the_question_count_more_than_those_before_it() -> None:
    words = weighed("And the boat?", "Matthes sold the house", 64).split()
    assert words.count("boat") > words.count("hous") > 0
    assert "and" not in words
    assert len(set(weighed("And the boat?", "one two three four five six seven", 3).split())) == 3


def test_what_is_asked_for_is_told_by_the_followup_alone() -> None:
    question = read_followup(
        "When did she tell him?",
        "What did you recommend to Melanie in May?",
        now=NOON,
        speakers=["Melanie", "Caroline"],
    )
    assert question.people == {"Melanie"}
    assert question.about == "user"
    assert not question.when
    assert "recommend" in question.meaning
    assert "recommend" in question.words
    other = read_followup("And Caroline?", "What did Melanie paint?", now=NOON, speakers=["Melanie", "Caroline"])
    assert other.people == {"Caroline"}
