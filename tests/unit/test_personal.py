"""What a user wrote for all conversations, as the model reads it."""

from collections.abc import Sequence
from dataclasses import dataclass

from graphs.personal import SHARE, Personal, system_message
from graphs.prompting import system_prompt


@dataclass
class Words:
    """Counts words, and how often it was asked."""

    per_message: int = 0
    per_answer: int = 0
    asked: int = 0

    async def count(self, texts: Sequence[str]) -> list[int]:
        self.asked += 1
        return [len(text.split()) for text in texts]


@dataclass(frozen=True)
class Sized:
    context: int


async def test_nothing_set_leaves_the_system_prompt_as_it_is() -> None:
    tokens = Words()
    assert await system_message(None, Sized(8192), tokens) == system_prompt()
    assert await system_message(Personal(about_me="  \n"), Sized(8192), tokens) == system_prompt()
    assert tokens.asked == 0


async def test_it_comes_after_the_system_prompt_each_under_its_heading() -> None:
    personal = Personal("I keep bees.", "In short sentences.", "pt-BR")
    text = await system_message(personal, Sized(8192), Words())
    assert text.startswith(f"{system_prompt()}\n\n")
    about, how = text.index("wrote about themselves:\nI keep bees."), text.index("be answered:\nIn short sentences.")
    assert about < how < text.index("pt-BR")


async def test_without_a_language_nothing_is_said_of_it() -> None:
    assert (
        "language" not in (await system_message(Personal("I keep bees."), Sized(8192), Words()))[len(system_prompt()) :]
    )


async def test_words_with_a_dollar_stay_as_they_are() -> None:
    assert "It costs $text and $5." in await system_message(Personal("It costs $text and $5."), Sized(8192), Words())


async def test_a_small_context_cuts_it_short_and_the_same_each_time() -> None:
    personal = Personal("I keep many bees. " * 100, "Be brief. " * 100, "de")
    tokens, small = Words(), Sized(1024)
    text = await system_message(personal, small, tokens)
    added = text.removeprefix(system_prompt())
    assert len(added.split()) <= 1024 // SHARE
    for words in ("I keep many bees.", "Be brief.", "(BCP-47): de.", "…"):
        assert words in added
    assert await system_message(personal, small, tokens) == text
    whole = await system_message(personal, Sized(200_000), tokens)
    assert "…" not in whole


async def test_a_context_with_no_room_for_a_word_of_it_still_has_an_answer() -> None:
    text = await system_message(Personal("word " * 400, "word " * 400), Sized(8), Words())
    assert text == system_prompt()
