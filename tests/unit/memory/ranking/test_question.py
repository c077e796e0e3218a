"""What a question asks for."""

import pytest

from graphs.memory.ranking.question import Question, read_question
from tests.unit.memory.ranking.support import NOW


def read(text: str, *speakers: str) -> Question:
    return read_question(text, now=NOW, speakers=speakers)


def test_the_names_of_those_who_speak_are_taken_out_of_what_is_embedded() -> None:
    question = read("What is Caroline's dog called?", "Caroline", "Melanie")
    assert question.meaning == "What is dog called?"
    assert question.people == {"Caroline"}
    assert "carolin" not in question.words


def test_other_names_stay() -> None:
    assert read("What is Biscuit's breed?", "Caroline").meaning == "What is Biscuit's breed?"


def test_people_are_called_by_their_first_names_too() -> None:
    assert read("Where does Ann live?", "Ann Lee", "Anna Ott").people == {"Ann Lee"}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("How many bananas did I buy?", "Ana María"),  # inside a word
        ("Where will I go?", "Will"),  # a word of its own
        ("what may I eat?", "May Lin"),
        ("What is a good name?", "A"),
        ("Where am I?", "I"),
    ],
)
def test_a_word_is_no_name(text: str, speaker: str) -> None:
    assert read(text, speaker).people == frozenset()
    assert read(text, speaker).meaning == text


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("where does ana live?", "Ana María"),
        ("Where does Will live?", "Will"),
        ("小明住在哪里?", "小明"),
        ("Is José in?", "José"),
    ],
)
def test_names_are_known_in_any_script(text: str, speaker: str) -> None:
    assert read(text, speaker).people == {speaker}


def test_a_question_of_nothing_but_a_name_is_embedded_as_it_is() -> None:
    assert read("Caroline?", "Caroline").meaning == "Caroline?"


@pytest.mark.parametrize(
    "text",
    [
        "What did you recommend for my back?",
        "Which book had you suggested?",
        "What was your advice about the loan?",
        "Was hast du mir zum Kochen empfohlen?",
        "你给我推荐过哪些电影？",  # noqa: RUF001
        "your recipe for the soup, please",
    ],
)
def test_what_asks_for_the_assistants_words(text: str) -> None:
    assert read(text).about == "assistant"


@pytest.mark.parametrize(
    "text",
    [
        "Do you know what my dog is called?",
        "What did I tell you about my sister?",
        "I recommended a film to you, which one?",
        "Wie heißt mein Hund?",
        "我曾经和你推荐过一部科幻电影，它的名字是？",  # noqa: RUF001
        "Can you suggest a restaurant for Friday?",
    ],
)
def test_what_asks_for_the_users_words(text: str) -> None:
    assert read(text).about == "user"


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("What activities does Melanie do?", True),
        ("How many children has Ann?", True),
        ("Which books have I read?", True),
        ("我喜欢哪些菜系？", True),  # noqa: RUF001
        ("What is my dog called?", False),
        ("When did I move?", False),
        ("Where was his shop?", False),
    ],
)
def test_whether_it_asks_for_several_things(text: str, several: bool) -> None:
    assert read(text).several is several


def test_an_event_that_it_counts_from() -> None:
    question = read("What did I do for sport before I moved to Porto?")
    assert question.anchor is not None
    assert (question.anchor.side, question.anchor.clause) == ("before", "I moved to Porto")
    assert read("Since when do I run?").anchor is None
