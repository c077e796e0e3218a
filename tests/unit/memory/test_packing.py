"""What fits into the prompt."""

from dataclasses import replace

from graphs.memory.packing import excerpt, pack
from graphs.memory.records import Memory, Recalled
from tests.unit.memory.support import said


def words(text: str) -> int:
    return len(text.split())


def length(item: Recalled) -> int:
    return words(item.memory.text)


def found(*memories: Memory) -> list[Recalled]:
    return [Recalled(memory, 1 - at / 100) for at, memory in enumerate(memories)]


def test_oldest_first_and_within_the_budget() -> None:
    old, middle, new = said("one two"), said("three four"), said("five six")
    assert [item.memory for item in pack(found(new, old, middle), budget=4, length=length)] == [old, new]


def test_one_too_long_is_passed_over() -> None:
    best, long, short = said("a b"), said("word " * 50), said("c d")
    assert [item.memory for item in pack(found(best, long, short), budget=5, length=length)] == [best, short]


def test_one_too_long_is_shortened_where_that_helps() -> None:
    long = said("word " * 50)

    def shorten(item: Recalled, left: int) -> Recalled | None:
        return replace(item, memory=replace(item.memory, text=" ".join(["word"] * left))) if left > 2 else None

    (item,) = pack(found(long), budget=5, length=length, shorten=shorten)
    assert item.memory.text == "word word word word word"
    assert pack(found(long), budget=2, length=length, shorten=shorten) == []


def test_nothing_fits_nothing() -> None:
    assert pack(found(said("a b")), budget=0, length=length) == []


TEXT = "I woke up early. The bus was late again. My dog Biscuit ate a shoe. It was red. Then we slept."


def test_an_excerpt_is_the_sentence_that_answers_and_what_is_around_it() -> None:
    assert excerpt(TEXT, "what did my dog eat?", 8, words) == "… My dog Biscuit ate a shoe. …"
    assert excerpt(TEXT, "what did my dog eat?", 11, words) == "… My dog Biscuit ate a shoe. It was red. …"
    assert excerpt(TEXT, "what did my dog eat?", 100, words) == TEXT


def test_an_excerpt_that_cannot_be_made() -> None:
    assert excerpt("one sentence of many words that goes on", "words", 3, words) is None
    assert excerpt(TEXT, "zebra", 6, words) == "I woke up early. …"
