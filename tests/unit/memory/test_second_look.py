"""The question against each sentence of what was found."""

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import Candidate, IndexFilter
from graphs.memory.ports import RecallQuery
from graphs.memory.ranking.weights import Ranking
from graphs.memory.recall import MemoryService
from graphs.memory.records import MemoryKind
from graphs.memory.second_look import MOST, InMemorySentences, look_closer, small, told_sentences
from graphs.memory.writer import MemoryWriter
from tests.unit.memory.support import LetterEmbedder, said

TWO = "I eat no nuts at all. Can you mend this code of mine?"


def test_what_a_person_said_is_cut_into_sentences() -> None:
    assert told_sentences(said(TWO)) == ["I eat no nuts at all.", "Can you mend this code of mine?"]
    assert told_sentences(said("I eat no nuts at all. Thanks!")) == []  # one that says something
    assert len(told_sentences(said("I walk to the sea. " * 40))) <= MOST


def test_what_an_assistant_said_is_read_whole_but_not_what_a_named_person_did() -> None:
    assert told_sentences(said(TWO, role="assistant")) == []
    assert len(told_sentences(replace(said(TWO, role="assistant"), speaker="Ann"))) == 2
    assert len(told_sentences(replace(said(TWO, role="assistant"), kind=MemoryKind.FACT))) == 2


def test_bytes_keep_the_angles() -> None:
    vectors = np.random.default_rng(7).normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rounded = small(vectors).astype(np.float32)
    rounded /= np.linalg.norm(rounded, axis=1, keepdims=True)
    assert np.abs(vectors @ vectors.T - rounded @ rounded.T).max() < 0.01
    assert small(np.empty((0, 384), dtype=np.float32)).shape == (0, 384)


def test_the_nearest_sentence_counts_beside_the_whole() -> None:
    question = np.array([1, 0], dtype=np.float32)
    near, far, worded, unknown = uuid4(), uuid4(), uuid4(), uuid4()
    candidates = {
        near: Candidate(near, 0.2, 3.0), far: Candidate(far, 0.2, None), worded: Candidate(worded, None, 3.0)
    }  # fmt: skip
    sentences = np.array([[0, 127], [127, 0]], dtype=np.int8)
    closer = look_closer(candidates, {near: sentences, worded: sentences, unknown: sentences}, question, 0.5)
    assert closer[near].dense == pytest.approx(0.6)
    assert closer[near].sparse == 3.0
    assert closer[far] == candidates[far]
    assert closer[worded] == candidates[worded]
    assert unknown not in closer


async def test_a_clause_of_a_long_message_is_found() -> None:
    user = uuid4()
    told = [
        said("Fffff ggggg hhhhh kkkkk. Zzzz zzzz xxxx. Wwwww vvvvv mmmmm ppppp.", user=user),
        said("Zzzz zyyy xxxx gg", user=user),
    ]
    index, sentences = InMemoryIndex(), InMemorySentences()
    await MemoryWriter(LetterEmbedder(), index, sentences).write(told)

    async def first(weight: float) -> str:
        service = MemoryService(
            embedder=LetterEmbedder(), index=index, store=InMemoryStore(told), sentences=sentences,
            ranking=Ranking(sentence=weight, words=0.0, newer=0.0, filler=0.0),
        )  # fmt: skip
        return (await service.search(RecallQuery(IndexFilter(user), "zzzz zzzz xxxx"))).items[0].memory.text

    assert await first(0.0) == told[1].text
    assert await first(1.0) == told[0].text
