"""Messages as episodes."""

from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.memory.chunking import CHUNK_CHARACTERS, CHUNK_TOKENS, chunks, estimate_tokens
from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.normalise import normalise
from tests.unit.memory.support import NOON

MESSAGE = SourceMessage(
    UUID(int=1), UUID(int=2), UUID(int=3), "user", "Ana", "My dog is called Biscuit.", 4, NOON, "x-1"
)


def test_a_short_message_is_one_episode_as_it_was_said() -> None:
    (memory,) = episodes(replace(MESSAGE, content="  My **dog** is called Biscuit. "))
    assert memory.text == "My **dog** is called Biscuit."
    assert memory.id == uuid5(MESSAGE.id, "0")
    assert (memory.user_id, memory.session_id, memory.role) == (MESSAGE.user_id, MESSAGE.session_id, "user")
    assert (memory.speaker, memory.seq, memory.chunk, memory.created_at) == ("Ana", 4, 0, NOON)
    (source,) = memory.sources
    assert (source.message_id, source.external_id) == (MESSAGE.id, "x-1")


@pytest.mark.parametrize("content", ["", "   ", "\n\t\u00a0"])
def test_a_message_that_says_nothing_is_none(content: str) -> None:
    assert episodes(replace(MESSAGE, content=content)) == []


def test_a_message_that_only_asks_for_the_rest_of_an_answer_is_none() -> None:
    asked = replace(MESSAGE, content="Continue where you stopped.")
    assert episodes(asked) == []
    assert [memory.text for memory in episodes(replace(asked, role="assistant"))] == [asked.content]


def test_a_long_message_is_cut_between_sentences_with_a_little_overlap() -> None:
    said = [f"Sentence number {n} tells of the garden, the gate and the old pear tree behind it." for n in range(60)]
    parts = episodes(replace(MESSAGE, content=" ".join(said)))
    assert len(parts) > 3
    assert [part.chunk for part in parts] == list(range(len(parts)))
    assert len({part.id for part in parts}) == len(parts)
    for part in parts:
        assert part.text.startswith("Sentence")
        assert part.text.endswith(".")
    for one, other in pairwise(parts):
        assert one.text.rsplit("Sentence", 1)[1].strip() == other.text.split("Sentence")[1].strip()
    assert all(any(sentence in part.text for part in parts) for sentence in said)


@pytest.mark.parametrize("text", ["我的狗叫饼干。" * 300, "x" * 20_000, "слово " * 3000, "a\n" * 5000])
def test_every_part_is_short_enough_and_nothing_is_lost(text: str) -> None:
    parts = chunks(text)
    for part in parts:
        assert len(part) <= CHUNK_CHARACTERS
        assert estimate_tokens(normalise(part)) <= CHUNK_TOKENS
    assert sum(map(len, parts)) >= len(text.strip()) * 0.9


@given(st.text(max_size=5000))
def test_chunks_hold_every_word(text: str) -> None:
    parts = chunks(text)
    assert all(part.strip() for part in parts)
    joined = "".join("".join(parts).split())
    assert set("".join(text.split())) == set(joined)
