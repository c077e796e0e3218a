"""Rerankers: a small model of this test's own in this process, servers of both kinds, and doing without them."""

import asyncio
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from prometheus_client import REGISTRY
from pydantic import SecretStr
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from graphs.errors import RerankerUnavailable
from graphs.memory.cross_encoder import CrossEncoder
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.index import IndexFilter, Vector
from graphs.memory.ports import RecallQuery
from graphs.memory.ranking.weights import Ranking
from graphs.memory.recall import MemoryService
from graphs.memory.rerank import Reranking
from graphs.memory.rerank_server import RerankServer
from graphs.memory.writer import MemoryWriter
from tests.support.json_server import json_server
from tests.unit.memory.support import LetterEmbedder, said

CELLO = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder whose logit is how often the text, not the question, says "cello", less a half."""
    folder = tmp_path_factory.mktemp("reranker")
    words = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "I": 3, "play": 4, "cello": CELLO}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    nodes = [
        helper.make_node("Equal", ["input_ids", "cello"], ["said"]),
        helper.make_node("Cast", ["said"], ["number"], to=TensorProto.INT64),
        helper.make_node("Mul", ["number", "token_type_ids"], ["in_text"]),
        helper.make_node("ReduceSum", ["in_text", "last"], ["count"], keepdims=1),
        helper.make_node("Cast", ["count"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Sub", ["float", "half"], ["logits"]),
    ]
    constants = {"cello": np.int64(CELLO), "last": np.array([1]), "half": np.float32(0.5)}
    shape = ["n", "pieces"]
    graph = helper.make_graph(
        nodes,
        "count",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "token_type_ids")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 1])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    return folder


@pytest.fixture
def archive(folder: Path, tmp_path: Path) -> Path:
    """The same as FlashRank packs them."""
    path = tmp_path / "tiny.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(folder / "model.onnx", "tiny/flashrank-tiny.onnx")
        archive.write(folder / "tokenizer.json", "tiny/tokenizer.json")
        archive.writestr("__MACOSX/tiny/._flashrank-tiny.onnx", b"")
        archive.writestr("__MACOSX/tiny/._tokenizer.json", b"")
    return path


TOLD = [f"play {number} cards" for number in range(12)] + ["I own a cello", "we walk"]


class Recalling:
    """A memory whose best are read by a reranker."""

    def __init__(self, reranker: Reranking | None, best: int = 20) -> None:
        ranking = Ranking(rerank=1.0)  # the model of this test is sure of nothing
        self.user, self.store, self.index, self.embedder = uuid4(), InMemoryStore(), InMemoryIndex(), LetterEmbedder()
        self.service = MemoryService(
            embedder=self.embedder,
            index=self.index,
            store=self.store,
            reranker=reranker,
            rerank_best=best,
            ranking=ranking,
        )

    async def ask(self, question: str, k: int = 5, context: str = "") -> list[str]:
        memories = [said(text, user=self.user) for text in TOLD]
        self.store.add(memories)
        await MemoryWriter(self.embedder, self.index).write(memories)
        answer = await self.service.search(RecallQuery(IndexFilter(self.user), question, k=k, context=context))
        assert not answer.degraded
        return [item.memory.text for item in answer.items]


async def test_what_the_reranker_takes_for_the_answer_comes_first_from_beyond_what_is_asked_for(folder: Path) -> None:
    question = "cards play"
    plain = await Recalling(None).ask(question, k=14)
    assert plain.index("I own a cello") > 5
    reranking = Reranking(CrossEncoder.from_files(folder), deadline=5)
    found = await Recalling(reranking).ask(question)
    assert found[0] == "I own a cello"
    assert len(found) == 5
    few = await Recalling(reranking, best=3).ask(question, k=14)
    assert few == plain, "what is not among the best is not read"
    await reranking.close()


async def test_without_the_rerankers_answer_the_order_is_as_without_a_reranker() -> None:
    class Hanging:
        name = "hanging"

        async def score(self, question: str, texts: Sequence[str]) -> Vector:
            await asyncio.Event().wait()
            raise AssertionError

        async def close(self) -> None: ...

    before = REGISTRY.get_sample_value("memocha_reranks_total", {"outcome": "late"}) or 0.0
    question = "cards play"
    assert await Recalling(Reranking(Hanging(), deadline=0.05)).ask(question) == await Recalling(None).ask(question)
    assert REGISTRY.get_sample_value("memocha_reranks_total", {"outcome": "late"}) == before + 1


async def test_a_followup_is_read_with_what_it_leans_on() -> None:
    asked: list[str] = []

    class Noting:
        name = "noting"

        async def score(self, question: str, texts: Sequence[str]) -> Vector:
            asked.append(question)
            return np.zeros(len(texts), dtype=np.float32)

        async def close(self) -> None: ...

    await Recalling(Reranking(Noting(), deadline=5)).ask("And then?", context="We play cards.")
    assert asked == ["We play cards.\nAnd then?"]


@pytest.mark.parametrize("kind", ["folder", "archive"])
async def test_a_model_reads_pairs_in_batches_and_keeps_their_order(kind: str, request: pytest.FixtureRequest) -> None:
    reranker = CrossEncoder.from_files(request.getfixturevalue(kind))
    counts = [at % 4 for at in range(50)]
    texts = [" ".join(["cello"] * count + ["I"] * ((at * 7) % 30)) for at, count in enumerate(counts)]
    scores = await reranker.score("I play cello cello cello", texts)
    assert scores.dtype == np.float32
    assert scores == pytest.approx(1 / (1 + np.exp(0.5 - np.array(counts))), abs=1e-6)
    assert len(await reranker.score("I", [])) == 0
    await reranker.close()


async def test_a_long_question_leaves_room_for_the_text_and_a_long_text_is_cut(folder: Path) -> None:
    reranker = CrossEncoder.from_files(folder)
    long = "I " * 5_000
    first, second = await reranker.score(long[:200], ["cello " + long, long + "cello"])
    assert first > 0.5 > second
    assert (await reranker.score(long, ["cello"]))[0] > 0.5
    await reranker.close()


async def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(ValueError, match="0 models"):
        CrossEncoder.from_files(path)
    with pytest.raises(OSError, match=r"tokenizer\.json"):
        CrossEncoder.from_files(tmp_path)


def cohere(request: dict[str, Any]) -> tuple[int, Any]:
    if "documents" not in request:
        return 422, {"message": "documents is missing"}
    assert request["top_n"] == len(request["documents"])
    results = [{"index": at, "relevance_score": len(text) / 10} for at, text in enumerate(request["documents"])]
    return 200, {"results": results[::-1], "model": request.get("model")}


def tei(request: dict[str, Any]) -> tuple[int, Any]:
    if "texts" not in request:
        return 422, {"error": "missing field `texts`"}
    return 200, [{"index": at, "score": len(text) / 10} for at, text in enumerate(request["texts"])][::-1]


@pytest.mark.parametrize("answer", [cohere, tei])
@pytest.mark.parametrize("path", ["", "/v1", "/v2/rerank"])
async def test_servers_of_both_kinds(answer: Any, path: str) -> None:
    async with json_server(answer) as url:
        reranker = RerankServer.from_setting(f"{url}{path}#some-model", api_key=SecretStr("k"))
        for _ in range(2):
            assert await reranker.score("q", ["a", "bbb", "cc"]) == pytest.approx([0.1, 0.3, 0.2])
        assert len(await reranker.score("q", [])) == 0
        await reranker.close()


async def test_a_server_that_gives_logits() -> None:
    results = [{"index": 0, "relevance_score": -4.0}, {"index": 1, "relevance_score": 3.0}]
    async with json_server(lambda _: (200, {"results": results})) as url:
        reranker = RerankServer(url)
        assert await reranker.score("q", ["a", "b"]) == pytest.approx([0.018, 0.953], abs=1e-3)
        await reranker.close()


@pytest.mark.parametrize("status", [429, 503])
async def test_a_busy_server_is_asked_again(status: int) -> None:
    busy = [(status, {"message": "busy"})]
    async with json_server(lambda request: busy.pop() if busy else cohere(request)) as url:
        reranker = RerankServer(url)
        assert await reranker.score("q", ["a"]) == pytest.approx([0.1])
        await reranker.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"message": "no"}),
        (422, {"message": "neither"}),
        (500, {"message": "broken"}),
        (200, {"hello": "you"}),
        (200, {"results": [{"index": 7, "relevance_score": 0.5}]}),
        (200, {"results": [{"index": -1, "relevance_score": 0.5}]}),
        (200, {"results": []}),
        (200, [{"index": 0}]),
    ],
)
async def test_an_answer_that_is_none(status: int, body: Any) -> None:
    async with json_server(lambda _: (status, body)) as url:
        reranker = RerankServer(url, timeout=2)
        with pytest.raises(RerankerUnavailable):
            await reranker.score("q", ["a"])
        await reranker.close()


class Slow:
    """A reranker that answers when it is let."""

    name = "slow"

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def score(self, question: str, texts: Sequence[str]) -> Vector:
        del question
        await self.go.wait()
        return np.ones(len(texts), dtype=np.float32)

    async def close(self) -> None:
        self.go.set()


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("memocha_reranks_total", {"outcome": outcome}) or 0.0


async def test_a_reranker_that_is_late_or_away_is_done_without_and_counted() -> None:
    slow = Slow()
    reranking = Reranking(slow, deadline=0.05)
    late, ok, away = counted("late"), counted("ok"), counted("unavailable")
    assert await reranking.scores("q", ["a"]) is None
    assert counted("late") == late + 1
    slow.go.set()
    assert (await reranking.scores("q", ["a", "b"])) == pytest.approx([1.0, 1.0])
    assert counted("ok") == ok + 1
    gone = Reranking(RerankServer("http://127.0.0.1:9"), deadline=2)
    assert await gone.scores("q", ["a"]) is None
    assert counted("unavailable") == away + 1
    await gone.close()
