"""Counting by the model server, and without it."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import tiktoken
from langchain_core.messages import HumanMessage
from pydantic import SecretStr

from graphs.models import tokenizers
from graphs.models.config import ModelConfig
from graphs.models.estimate import estimate
from graphs.models.tokenizers import ServerTokenizer
from graphs.models.tokens import ModelTokenCounter
from tests.support.model_server import ModelServer

TEXTS = [f"message number {number} of the window" for number in range(20)]


@pytest.fixture
async def llama() -> AsyncIterator[ModelServer]:
    async with ModelServer(llama=True, api_key="a key") as server:
        yield server


def config(server: ModelServer) -> ModelConfig:
    return ModelConfig(name="openai:scripted", base_url=server.base_url, api_key=SecretStr("a key"))


async def test_the_server_counts_and_each_text_is_asked_for_once(llama: ModelServer) -> None:
    counter = ModelTokenCounter(config(llama))
    assert await counter.count([*TEXTS, TEXTS[0], ""]) == [6] * 21 + [0]
    assert await counter.count(TEXTS) == [6] * 20
    assert sorted(llama.tokenized) == sorted([*TEXTS, ""])
    await counter.close()


async def test_the_cache_is_bounded_and_keeps_what_is_used(llama: ModelServer) -> None:
    counter = ModelTokenCounter(config(llama), cached=3)
    await counter.count(["a", "b", "c"])
    await counter.count(["a"])
    await counter.count(["d"])
    llama.tokenized.clear()
    await counter.count(["a", "c", "d"])
    assert llama.tokenized == []
    await counter.count(["b"])
    assert llama.tokenized == ["b"]
    await counter.close()


async def test_messages_cost_their_overhead_too(llama: ModelServer) -> None:
    counter = ModelTokenCounter(config(llama))
    assert await counter.count_messages([HumanMessage("one two")]) == [2 + counter.per_message]
    await counter.close()


async def test_without_the_server_it_estimates_and_counts_again_later(
    llama: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = ModelTokenCounter(config(llama))
    monkeypatch.setattr(counter, "_tokenizer", ServerTokenizer(config(llama), pause=0.05))
    await asyncio.to_thread(llama.stop)
    text = "words that were never counted before"
    assert await counter.count([text]) == [estimate(text)]
    await asyncio.to_thread(llama.start)
    deadline = time.monotonic() + 5
    while await counter.count([text]) != [6]:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    await counter.close()


async def test_a_server_without_the_route_is_asked_once() -> None:
    async with ModelServer() as plain:
        counter = ModelTokenCounter(config(plain))
        assert await counter.count(["hello"]) == [estimate("hello")]
        plain.stop()
        began = time.monotonic()
        assert await counter.count(["hello there"]) == [estimate("hello there")]
        assert time.monotonic() - began < 0.05
        await counter.close()


async def test_a_silent_tokenizer_is_not_waited_for_long(llama: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenizers, "_DEADLINE", 0.2)

    async def silence(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    counter = ModelTokenCounter(config(llama))
    monkeypatch.setattr(counter._tokenizer._http, "post", silence)  # type: ignore[attr-defined]
    began = time.monotonic()
    assert await counter.count(["a b c"]) == [estimate("a b c")]
    assert time.monotonic() - began < 1
    await counter.close()


async def test_offline_openai_names_are_estimated_without_a_wait(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_network(_: str) -> tiktoken.Encoding:
        time.sleep(30)
        raise OSError("unreachable")

    monkeypatch.setattr(tokenizers, "_LOAD_WAIT", 0.05)
    monkeypatch.setattr(tiktoken, "get_encoding", no_network)
    counter = ModelTokenCounter(ModelConfig(name="openai:gpt-4o", api_key=SecretStr("k")))
    began = time.monotonic()
    assert await counter.count(["hello there"]) == [estimate("hello there")]
    assert await counter.count(["hello there"]) == [estimate("hello there")]
    assert time.monotonic() - began < 1


async def test_openai_names_are_counted_by_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    # A tiny encoding stands in for the file that tiktoken would download: a token a byte, and "he".
    ranks = {bytes([byte]): byte for byte in range(256)} | {b"he": 256}
    tiny = tiktoken.Encoding("tiny", pat_str=r"\S+|\s+", mergeable_ranks=ranks, special_tokens={})
    monkeypatch.setattr(tiktoken, "get_encoding", lambda _: tiny)
    counter = ModelTokenCounter(ModelConfig(name="openai:gpt-4o", api_key=SecretStr("k")))
    assert await counter.count(["hehe", "xyz", "he " * 4000]) == [2, 3, 8000]
