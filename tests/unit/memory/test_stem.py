"""Words for word search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.memory.stem import guess_language, stem_query, stem_text, tokenise


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("My dogs were running", "a dog runs"),
        ("Ich habe zwei Hunde und einen Garten", "Hund"),
        ("Meine Äpfel sind reif", "apfel"),
        ("J'ai mangé dans un café près de la gare", "cafe"),
        ("Мою собаку зовут Бисквит", "собака"),
        ("我的狗叫饼干", "饼干"),
        ("東京に住んでいます", "東京"),
        ("내 강아지 이름은 비스킷이야", "강아지"),
        ("मेरे कुत्ते का नाम बिस्किट है", "बिस्किट"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full"),  # noqa: RUF001
        ("It’s Anna’s bike", "anna"),  # noqa: RUF001
    ],
)
def test_a_question_finds_the_words_of_the_text(text: str, question: str) -> None:
    assert set(stem_query(question).split()) & set(stem_text(text).split())


def test_stop_words_are_dropped_in_questions_only() -> None:
    assert stem_query("What is the name of my dog?") == "name dog"
    assert stem_text("What is my dog").split() == ["what", "is", "my", "dog"]


def test_a_question_of_stop_words_alone_keeps_them() -> None:
    assert stem_query("Who are you?") == "who are you"


def test_a_word_asked_twice_counts_once_and_said_twice_counts_twice() -> None:
    assert stem_query("dog dog dogs") == "dog"
    assert stem_text("dog dog").split() == ["dog", "dog"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where did I put the keys", "english"),
        ("Wo habe ich den Schlüssel hingelegt", "german"),
        ("où est-ce que j'ai mis mes clés", "french"),
        ("dónde están las llaves de mi coche", "spanish"),
        ("где мои ключи", "russian"),
        ("Biscuit", "english"),
        ("", "english"),
        ("123 456", "english"),
        ("I drink coffee at the café near my office", "english"),
    ],
)
def test_the_language_is_guessed(text: str, language: str) -> None:
    assert guess_language(tokenise(text)) == language


@given(st.text(max_size=300))
def test_any_text_stems_alike_each_time(text: str) -> None:
    assert stem_text(text) == stem_text(text)
    assert all(word for word in stem_text(text).split(" ")) or not stem_text(text)
