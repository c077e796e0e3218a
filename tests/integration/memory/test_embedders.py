"""The small model in this process, and embedders behind an address."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from graphs.errors import IndexUnavailable
from graphs.memory.e5 import E5
from graphs.memory.e5_file import NotAnE5File
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.minilm import MiniLM
from tests.support.embedded import MiniLm
from tests.support.json_server import json_server


@pytest.fixture(scope="module")
def minilm(minilm_files: MiniLm) -> MiniLM:
    return MiniLM(minilm_files.model, minilm_files.tokenizer)


async def test_like_meanings_are_near_and_vectors_have_length_one(minilm: MiniLM) -> None:
    texts = ["A cat sits on the mat", "A kitten rests on a rug", "Stock prices fell sharply today"]
    vectors = await minilm.embed_documents(texts)
    assert vectors.shape == (3, minilm.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > 0.5 > 0.3 > likeness[0, 2]


async def test_a_text_has_the_same_vector_alone_and_among_others(minilm: MiniLM) -> None:
    texts = ["short", "a somewhat longer text about the garden " * 5, "", "middle of the road", "word " * 2000] * 5
    together = await minilm.embed_documents(texts)
    for at in range(5):
        assert float(together[at] @ await minilm.embed_query(texts[at])) > 0.9999
        assert float(together[at] @ together[at + 5]) > 0.9999


async def test_no_texts_are_no_vectors(minilm: MiniLM) -> None:
    assert (await minilm.embed_documents([])).shape == (0, minilm.dimensions)


async def test_few_long_texts_go_together_and_many_short_ones(minilm: MiniLM, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[tuple[int, int]] = []
    embed = MiniLM._embed

    def noted(self: MiniLM, encodings: Any) -> Any:
        passes.append((len(encodings), max(len(encoding.ids) for encoding in encodings)))
        return embed(self, encodings)

    monkeypatch.setattr(MiniLM, "_embed", noted)
    await minilm.embed_documents(["word " * 2000] * 10 + ["short"] * 33)
    assert sum(count for count, _ in passes) == 43
    assert max(count for count, _ in passes) == 16
    assert max(count * pieces for count, pieces in passes) <= 1024


async def test_a_question_goes_before_documents_that_wait_and_the_loop_goes_on(minilm: MiniLM) -> None:
    order: list[str] = []

    async def documents() -> None:
        await minilm.embed_documents(["a long document " * 100] * 96)
        order.append("documents")

    async def question() -> None:
        await minilm.embed_query("a short question")
        order.append("question")

    ticks = 0

    async def clock() -> None:
        nonlocal ticks
        while len(order) < 2:
            ticks += 1
            await asyncio.sleep(0.01)

    writing = asyncio.create_task(documents())
    await asyncio.sleep(0.05)
    await asyncio.gather(writing, question(), clock())
    assert order == ["question", "documents"]
    assert ticks > 10


@pytest.fixture(scope="module")
def e5(e5_file: Path) -> E5:
    return E5(e5_file)


FACTS = [
    "My dog is called Biscuit.",
    "Ich bin gegen Erdnüsse allergisch.",
    "我在乐团里拉大提琴。",
    "Trabajo de enfermera en Sevilla.",
]


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("What is my dog called?", 0),
        ("Wie heißt mein Hund?", 0),
        ("我的狗叫什么名字？", 0),  # noqa: RUF001
        ("What must I not eat?", 1),
        ("Comment est-ce que je joue du violoncelle ?", 2),
        ("我会演奏什么乐器？", 2),  # noqa: RUF001
        ("Which instrument do I play?", 2),
        ("Wo arbeite ich als Krankenschwester?", 3),
    ],
)
async def test_a_question_finds_its_fact_in_another_language(e5: E5, question: str, fact: int) -> None:
    likeness = await e5.embed_documents(FACTS) @ await e5.embed_query(question)
    assert likeness.argmax() == fact
    assert likeness[fact] >= e5.relevant_from * 0.6


async def test_what_has_nothing_to_do_with_a_question_lies_below_the_bound(e5: E5) -> None:
    likeness = await e5.embed_documents(FACTS) @ await e5.embed_query("How many planets are there?")
    assert likeness.max() < e5.relevant_from


async def test_vectors_of_e5_have_length_one_whatever_the_text(e5: E5) -> None:
    texts = ["short", "", "  ", "\u200b\x00", "word " * 2000, "我" * 3000, "🦜" * 100, "ﬁne ＡＢＣ"]  # noqa: RUF001
    vectors = await e5.embed_documents(texts)
    assert vectors.shape == (len(texts), e5.dimensions)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for at, text in enumerate(texts):
        assert float(vectors[at] @ (await e5.embed_documents([text]))[0]) > 0.9999


async def test_a_question_and_a_document_of_the_same_words_differ(e5: E5) -> None:
    document = (await e5.embed_documents(["My dog is called Biscuit."]))[0]
    assert 0.5 < float(document @ await e5.embed_query("My dog is called Biscuit.")) < 0.99


@pytest.mark.parametrize("content", [b"", b"GGUF" + bytes(100), b"E5S1" + bytes(4), b"E5S1\x01\x00\x00\x00" + bytes(8)])
async def test_a_file_that_is_not_of_the_format_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(content or b"\x00")
    with pytest.raises(NotAnE5File):
        E5(file)


@asynccontextmanager
async def server(answer: Callable[[dict[str, Any]], tuple[int, Any]]) -> AsyncIterator[str]:
    """A server's address, up to and with /v1."""
    async with json_server(answer) as url:
        yield f"{url}/v1"


def three_four(request: dict[str, Any]) -> tuple[int, Any]:
    data = [{"object": "embedding", "index": at, "embedding": [3.0, 4.0]} for at in range(len(request["input"]))]
    return 200, {
        "object": "list",
        "data": data,
        "model": request["model"],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


async def test_a_server_of_openais_kind_is_asked_for_vectors() -> None:
    async with server(three_four) as url:
        embedder = OpenAIEmbedder.from_setting(f"{url}#bge-m3", api_key=SecretStr("k"))
        await embedder.connect()
        assert (embedder.name, embedder.dimensions) == ("http:bge-m3", 2)
        assert await embedder.embed_query("x") == pytest.approx([0.6, 0.8])
        assert (await embedder.embed_documents(["a", "b"])).shape == (2, 2)
        assert (await embedder.embed_documents([])).shape == (0, 2)


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_an_embedder_that_refuses_is_unavailable(status: int) -> None:
    async with server(lambda _: (status, {"error": {"message": "no"}})) as url:
        embedder = OpenAIEmbedder("bge-m3", base_url=url, dimensions=2, attempts=1)
        with pytest.raises(IndexUnavailable):
            await embedder.embed_query("x")


async def test_many_texts_go_in_several_requests_and_come_back_in_order() -> None:
    asked: list[int] = []

    def answer(request: dict[str, Any]) -> tuple[int, Any]:
        asked.append(len(request["input"]))
        assert all(len(text) <= 8_000 for text in request["input"])
        data = [{"embedding": [float(text.split()[0]), 1.0], "index": at} for at, text in enumerate(request["input"])]
        return 200, {"data": data, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}

    async with server(answer) as url:
        embedder = OpenAIEmbedder("m", base_url=url, dimensions=2)
        vectors = await embedder.embed_documents([f"{number} " + "x" * 9_000 for number in range(70)])
    assert asked == [32, 32, 6]
    assert (np.diff(vectors[:, 0] / vectors[:, 1]) > 0.9).all()


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_embedder_is_asked_again(status: int) -> None:
    answers = [(status, {"error": {"message": "busy"}})]
    async with server(lambda request: answers.pop() if answers else three_four(request)) as url:
        embedder = OpenAIEmbedder("m", base_url=url, dimensions=2, attempts=2)
        assert await embedder.embed_query("x") == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize(
    "vectors",
    [[], [[1.0, 2.0, 3.0]], [[1.0, 2.0], [1.0, 2.0]], [["a", "b"]], [[float("nan"), 1.0]], [1.0], [[]]],
    ids=["none", "other dimensions", "too many", "words", "not a number", "flat", "empty"],
)
async def test_an_answer_that_is_no_vectors_is_refused(vectors: list[Any]) -> None:
    data = [{"embedding": each, "index": at} for at, each in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    async with server(lambda _: (200, {"data": data, "model": "m", "usage": usage})) as url:
        embedder = OpenAIEmbedder("m", base_url=url, dimensions=2, attempts=1)
        with pytest.raises(IndexUnavailable):
            await embedder.embed_documents(["x"])


@pytest.mark.parametrize(
    ("setting", "base_url", "name"),
    [
        ("openai:text-embedding-3-small", None, "openai:text-embedding-3-small"),
        ("openai:bge-m3", "http://127.0.0.1:9/v1", "http:bge-m3"),
        ("http://127.0.0.1:9/v1#bge-m3", None, "http:bge-m3"),
        ("https://example.org/v1#bge-m3", None, "http:bge-m3"),
        ("http:http://127.0.0.1:9/v1#bge-m3", None, "http:bge-m3"),
        ("http://127.0.0.1:9/v1", None, "http:default"),
    ],
)
async def test_forms_of_the_setting(setting: str, base_url: str | None, name: str) -> None:
    embedder = OpenAIEmbedder.from_setting(setting, base_url=base_url, api_key=SecretStr("k"))
    assert embedder.name == name


async def test_an_embedder_that_is_not_there_is_unavailable() -> None:
    embedder = OpenAIEmbedder.from_setting("http://127.0.0.1:9/v1")
    with pytest.raises(IndexUnavailable):
        await embedder.embed_documents(["x"])
