"""Which questions ask for all that is known of the user, and what they are given."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from graphs.memory.ranking.oneself import asks_of_self, most_telling
from graphs.memory.ranking.weights import Ranking
from graphs.memory.records import Memory, MemoryKind
from tests.unit.memory.support import said


@pytest.mark.parametrize(
    "question",
    [
        "What do you know about me?",
        "what do you know about me",
        "Hi! What do you remember about me so far?",
        "So, what do you already know about me?",
        "Can you tell me what you know about me?",
        "Tell me everything you know about me.",
        "Tell me about myself",
        "Tell me something about me",
        "What have I told you about myself?",
        "What have I told you so far?",
        "What did I tell you about me?",
        "Who am I?",
        "Do you know who I am?",
        "Do you remember me?",
        "Do you know anything about me?",
        "How well do you know me?",
        "What’s in your memory about me?",  # noqa: RUF001
        "What facts do you have about me?",
        "Was weißt du über mich?",
        "Was weißt du schon alles über mich?",
        "Was weisst du von mir?",
        "Was habe ich dir über mich erzählt?",
        "Was hast du dir über mich gemerkt?",
        "Wer bin ich?",
        "Weißt du, wer ich bin?",
        "Erzähl mir etwas über mich",
        "Sag mir alles, was du über mich weißt",
        "¿Qué sabes de mí?",
        "Que sabes sobre mi",
        "¿Qué recuerdas de mí?",
        "¿Quién soy?",
        "Dime lo que sabes de mí",
        "Que sais-tu de moi ?",
        "Qu'est-ce que tu sais sur moi ?",
        "Qui suis-je ?",
        "Dis-moi tout ce que tu sais sur moi",
        "你知道我哪些事？",  # noqa: RUF001
        "你记得我什么？",  # noqa: RUF001
        "你对我了解多少？",  # noqa: RUF001
        "你知道关于我的哪些事情？",  # noqa: RUF001
        "我跟你说过什么？",  # noqa: RUF001
        "我是谁？",  # noqa: RUF001
    ],
)
def test_general_questions(question: str) -> None:
    assert asks_of_self(question)


@pytest.mark.parametrize(
    "question",
    [
        "What do you know about me and Ada?",
        "What do you know about my job?",
        "What do you know about Mexico?",
        "What do you know?",
        "What do you remember?",
        "What did I tell you?",
        "What have I told you about Ada?",
        "What do you remember about me and the boat?",
        "Who am I meeting on Friday?",
        "Who am I?\nAnd who is Ada?",
        "Who are you?",
        "Tell me about yourself",
        "Tell me about my week",
        "Tell me a story about me and a dragon",
        "About me",
        "Do you remember me telling you about Porto?",
        "Everything about me is on fire, what now?",
        "Forget everything you know about me",
        "Was weißt du über mich und Ada?",
        "Was weißt du über Michael?",
        "Erzähl mir etwas über Porto",
        "Erzähl mir etwas",
        "¿Qué sabes de mi hermana?",
        "Que sais-tu de mon travail ?",
        "你知道我妹妹的哪些事？",  # noqa: RUF001
        "你知道我住在哪里吗？",  # noqa: RUF001
        "你知道什么？",  # noqa: RUF001
        "",
    ],
)
def test_questions_with_a_topic_and_others(question: str) -> None:
    assert not asks_of_self(question)


def fact(text: str, *, pinned: bool = False) -> Memory:
    return replace(said(text), id=uuid4(), kind=MemoryKind.FACT, session_id=None, pinned=pinned)


def test_facts_come_first_then_what_is_pinned_then_what_the_user_said_of_themselves() -> None:
    old, pinned_fact = fact("The user lives in Porto."), fact("The user is a nurse.", pinned=True)
    pin = replace(said("Green is best."), pinned=True)
    early, late = said("I grew up on an island."), said("My cello needs new strings.")
    new = fact("The user eats no nuts.")
    others = [
        said("What is my dog called?"),
        said("The capital of France is Paris."),
        said("I am a language model.", role="assistant"),
        replace(said("I have bought a boat."), speaker="Ann"),
        replace(said("I see."), created_at=late.created_at + timedelta(days=1)),
        replace(said("My day: a nurse in Porto."), kind=MemoryKind.DIGEST),
    ]
    given = most_telling([*others, early, old, pin, late, pinned_fact, new], 10, Ranking())
    assert [item.memory for item in given] == [pinned_fact, new, old, pin, late, early]
    assert [item.score for item in given] == sorted((item.score for item in given), reverse=True)
    assert [item.memory for item in most_telling([early, old, pin, late], 2, Ranking())] == [old, pin]


def test_nothing_is_given_twice() -> None:
    twice = [said("My cello needs new strings."), said("My cello needs new strings!")]
    assert [item.memory for item in most_telling(twice, 10, Ranking())] == twice[1:]
