"""What memory does without while it is away: each policy's answer, its metric, and that nobody waits for it again."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from prometheus_client import REGISTRY

from graphs.errors import EmbedderUnavailable, IndexUnavailable, RerankerUnavailable
from graphs.memory.embeddings import OpenAIEmbedder
from graphs.memory.index import Candidate, IndexFilter, IndexQuery, Vector
from graphs.memory.ports import RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.rerank import Reranking
from graphs.memory.rewriting import ModelRewriting
from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig
from tests.support.json_server import json_server
from tests.support.model_server import Behaviour, ModelServer
from tests.unit.memory.test_recall import Broken, World

QUESTION = "my dogs?"
DOG = "My dog is called Biscuit."


class Counted(Broken):
    asked = 0

    async def search(self, query: IndexQuery) -> list[Candidate]:
        self.asked += 1
        return await super().search(query)


async def world(deadline: float = 5.0) -> tuple[World, Counted]:
    found, index = World(deadline), Counted()
    found.index = index
    found.writer._index = index
    found.service = MemoryService(embedder=found.embedder, index=index, store=found.store, deadline=deadline)
    await found.tell(DOG, "I play the cello.")
    return found, index


def metric(name: str, /, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("trouble", ["down", "silent"])
async def test_an_index_that_is_away_is_not_waited_for_with_every_question(trouble: str) -> None:
    told, index = await world(deadline=5.0 if trouble == "down" else 0.5)
    index.error, index.hangs = IndexUnavailable("away"), trouble == "silent"
    degraded = metric("memocha_recalls_total", outcome="degraded")
    for _ in range(3):
        assert await told.ask(QUESTION) == [DOG]
    asked = index.asked
    assert told.service.breaker.state == "open"
    assert metric("memocha_breaker_state", name="index") == 2
    answer = await told.service.recall(RecallQuery(IndexFilter(told.user), QUESTION))
    assert ([item.memory.text for item in answer.items], answer.degraded) == ([DOG], True)
    assert index.asked == asked, "words in the store answer at once"
    assert metric("memocha_recalls_total", outcome="degraded") == degraded + 4
    index.error, index.hangs = None, False
    told.service.breaker.looked(well=False)
    told.service.breaker.looked(well=True)
    assert not (await told.service.recall(RecallQuery(IndexFilter(told.user), QUESTION))).degraded


async def test_an_embedder_that_is_slow_is_not_the_indexs_fault() -> None:
    told, _ = await world(deadline=0.2)

    async def slow(text: str) -> Vector:
        await asyncio.Event().wait()
        raise AssertionError

    told.embedder.embed_query = slow  # type: ignore[method-assign]
    for _ in range(4):
        assert await told.ask(QUESTION) == [DOG]
    assert told.service.breaker.state == "closed"


@pytest.mark.parametrize(("status", "asked"), [(500, 3), (401, 5)], ids=["down", "a wrong key"])
async def test_an_embedder_behind_an_address(status: int, asked: int) -> None:
    requests = 0

    def answer(_: dict[str, Any]) -> tuple[int, Any]:
        nonlocal requests
        requests += 1
        return status, {"error": {"message": "no"}}

    async with json_server(answer) as url:
        embedder = OpenAIEmbedder("any", base_url=f"{url}/v1", dimensions=2, attempts=1)
        for _ in range(5):
            with pytest.raises(EmbedderUnavailable):
                await embedder.embed_query("x")
        assert requests == asked
        assert embedder.breaker.state == ("open" if status == 500 else "closed")
        assert metric("memocha_breaker_state", name="embedder") == (2 if status == 500 else 0)
        with pytest.raises(EmbedderUnavailable):
            await embedder.embed_documents(["what waits in the background asks all the same"])
        assert requests == asked + 1


async def test_a_silent_embedder_is_given_up_within_its_patience() -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        embedder = OpenAIEmbedder("any", base_url=url, dimensions=2, patience=0.2)
        for _ in range(3):
            with pytest.raises(EmbedderUnavailable, match="silent for"):
                await embedder.embed_query("x")
        with pytest.raises(EmbedderUnavailable, match="asked again"):
            await embedder.embed_query("x")


class Failing:
    """A reranker."""

    name = "failing"
    asked = 0
    silent = False

    async def score(self, question: str, texts: Sequence[str]) -> Vector:
        self.asked += 1
        if self.silent:
            await asyncio.Event().wait()
        raise RerankerUnavailable("away")

    async def close(self) -> None: ...


@pytest.mark.parametrize("silent", [False, True], ids=["down", "silent"])
async def test_a_reranker_is_left_out_at_once(silent: bool) -> None:
    reranker = Failing()
    reranker.silent = silent
    reranking = Reranking(reranker, deadline=0.05 if silent else 5)
    outcome = "late" if silent else "unavailable"
    ended, left_out = metric("memocha_reranks_total", outcome=outcome), metric("memocha_reranks_total", outcome="open")
    for _ in range(5):
        assert await reranking.scores("q", ["a"]) is None, "the order stays as it was"
    assert reranker.asked == 3
    assert metric("memocha_reranks_total", outcome=outcome) == ended + 3
    assert metric("memocha_reranks_total", outcome="open") == left_out + 2
    assert metric("memocha_breaker_state", name="reranker") == 2


async def test_a_model_that_completes_no_followups_is_left_out_at_once() -> None:
    async with ModelServer(default=Behaviour(hang=True)) as server:
        model = ChatModel(ModelConfig(name="openai:scripted", base_url=server.base_url, context=4096, attempts=1))
        rewriting = ModelRewriting(model, deadline=0.2)
        before = [HumanMessage("Maren smiled at me."), AIMessage("How lovely.")]
        late, left_out = (metric("memocha_rewrites_total", outcome=outcome) for outcome in ("late", "open"))
        for _ in range(5):
            assert await rewriting.rewrite("When was she born?", before) is None
        await model.close()
    assert len(server.requests) == 3
    assert metric("memocha_rewrites_total", outcome="late") == late + 3
    assert metric("memocha_rewrites_total", outcome="open") == left_out + 2
    assert metric("memocha_breaker_state", name="rewriting") == 2
