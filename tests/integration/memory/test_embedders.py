"""The small model in this process, and embedders behind an address."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from graphs.errors import IndexUnavailable
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.minilm import MiniLM
from tests.support.embedded import MiniLm


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


@asynccontextmanager
async def server(answer: Callable[[dict[str, Any]], tuple[int, Any]]) -> AsyncIterator[str]:
    """An HTTP server that answers each request's JSON with a status and JSON."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        status, body = answer(json.loads(await reader.readexactly(length)))
        data = json.dumps(body).encode()
        writer.write(b"HTTP/1.1 %d X\r\ncontent-type: application/json\r\nconnection: close\r\n" % status)
        writer.write(b"content-length: %d\r\n\r\n" % len(data) + data)
        await writer.drain()
        writer.close()

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with running:
        yield f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/v1"


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


async def test_an_embedder_that_is_not_there_is_unavailable() -> None:
    embedder = OpenAIEmbedder.from_setting("http://127.0.0.1:9/v1")
    with pytest.raises(IndexUnavailable):
        await embedder.embed_documents(["x"])
