"""What is added before the first token by everything but the model.

From the beginning of a client's request to the first token that it sees, less what the model server took until its
first token. 200 turns, each in a new session, of a user with 1,000 memories among 10,000, and of one with all 10,000.
Beside it, in the same run: the graph alone, in a process without the service, with its checkpoints in memory and
nothing recalled; a bare HTTP stream from the model server; and langchain-milvus' own search over the same texts.
"""

import asyncio
import json
import random
import time
from typing import Any
from uuid import uuid4

import httpx
from langchain_core.messages import HumanMessage
from langgraph.checkpoint.memory import InMemorySaver

from bench.client import client, turn
from bench.model import CONTEXT, MODEL, TimedModelServer
from bench.plain_milvus import plain_search
from bench.product import product, stores
from bench.report import Report, Target, ratio, spread
from bench.seed import seed
from bench.texts import ASKED, sentence
from graphs.chat import build_chat_graph
from graphs.models.chat import ChatModel
from graphs.models.config import ModelConfig
from graphs.models.tokens import ModelTokenCounter
from graphs.state import ChatContext

TURNS = 200
AT_ONCE = 100
WARM_UP = 20
PAUSE = 0.2
"""Seconds between two turns: the one before is remembered meanwhile, as it is when a person talks."""
ANSWER = "It is in the cellar, next to the tent, as you told me after the storm."
CASES = {"1,000 of 10,000": 10, "10,000 of one": 1}
"""Users that 10,000 memories are shared out among."""
ADDED_MOST = 100.0
RECALL_MOST = {"1,000 of 10,000": 60.0, "10,000 of one": 150.0}
"""p95, milliseconds."""


async def measure() -> Report:
    figures: dict[str, Any] = {}
    async with TimedModelServer(text=ANSWER) as model:
        figures["baselines, ms"] = {"graph alone": await graph_alone(model), "raw stream": await raw_stream(model)}
        for case, users in CASES.items():
            figures[case] = await _case(model, users)
    main = figures["1,000 of 10,000"]
    alone = figures["baselines, ms"]["graph alone"]
    ratios = {
        "added p50 / graph alone": ratio(main["added_ms"]["p50"], alone["p50"]),
        "added p95 / graph alone": ratio(main["added_ms"]["p95"], alone["p95"]),
    }
    for case in CASES:
        found, plain = figures[case]["recall_ms"], figures[case]["langchain_milvus_ms"]
        ratios[f"recall p50 / langchain-milvus dense, {case}"] = ratio(found["p50"], plain["p50"])
        ratios[f"recall p95 / langchain-milvus dense, {case}"] = ratio(found["p95"], plain["p95"])
    targets = [Target("added before the first token, p95 ms", main["added_ms"]["p95"], ADDED_MOST)]
    targets += [
        Target(f"recall, {case}, p95 ms", figures[case]["recall_ms"]["p95"], RECALL_MOST[case]) for case in CASES
    ]
    return Report(figures, ratios, targets)


async def _case(model: TimedModelServer, users: int) -> dict[str, Any]:
    dice = random.Random(users)
    async with stores() as here:
        await seed(here, memories=10_000, users=users, dice=dice)
        async with product(here, model) as running, client(running.url) as http:
            await _turns(http, model, WARM_UP, 0, dice)
            paced = await _turns(http, model, TURNS, PAUSE, dice)
            at_once = await _turns(http, model, AT_ONCE, 0, dice)
        plain = await plain_search(here.milvus.uri, users, [sentence(dice, ASKED) for _ in range(TURNS + WARM_UP)])
    return {
        "added_ms": paced["added"],
        "recall_ms": paced["recall"],
        "langchain_milvus_ms": plain,
        "without_pause": {"added_ms": at_once["added"], "recall_ms": at_once["recall"]},
    }


async def _turns(
    http: httpx.AsyncClient, model: TimedModelServer, count: int, pause: float, dice: random.Random
) -> dict[str, Any]:
    added, recall = [], []
    for _ in range(count):
        timed = await turn(http, sentence(dice, ASKED))
        added.append((timed.first_token - model.take().to_first_token) * 1000)
        told = timed.events["memories"]
        if told["degraded"]:
            raise RuntimeError("recall was degraded: its figures would be those of Postgres")
        recall.append(told["took_ms"])
        await asyncio.sleep(pause)
    return {"added": spread(added), "recall": spread(recall)} if count > 1 else {}


async def graph_alone(model: TimedModelServer) -> dict[str, float]:
    """`graph.astream` with an in-memory saver, no memory and no recorder: what LangGraph and LangChain take."""
    config = ModelConfig(name=f"openai:{MODEL}", base_url=model.base_url, context=CONTEXT)
    chat, tokens, graph = ChatModel(config), ModelTokenCounter(config), build_chat_graph(InMemorySaver())
    dice, added = random.Random(3), []
    for _ in range(TURNS + WARM_UP):
        context = ChatContext(uuid4(), uuid4(), model=chat, tokens=tokens, memory=None)
        thread = {"configurable": {"thread_id": str(context.session_id)}}
        began, first = time.perf_counter(), 0.0
        question = HumanMessage(sentence(dice, ASKED))
        async for told in graph.astream({"messages": [question]}, thread, context=context, stream_mode="custom"):  # type: ignore[call-overload]
            if "token" in told and not first:
                first = time.perf_counter() - began
        added.append((first - model.take().to_first_token) * 1000)
    await chat.close()
    await tokens.close()
    return spread(added[WARM_UP:])


async def raw_stream(model: TimedModelServer) -> dict[str, float]:
    """One HTTP request to the model server, its lines read."""
    body = {"model": MODEL, "stream": True, "messages": [{"role": "user", "content": "Where is the tent?"}]}
    added = []
    async with httpx.AsyncClient(trust_env=False) as http:
        for _ in range(TURNS + WARM_UP):
            began, first = time.perf_counter(), 0.0
            async with http.stream("POST", f"{model.base_url}/chat/completions", json=body) as answer:
                async for line in answer.aiter_lines():
                    data = line.removeprefix("data: ")
                    if not first and data.startswith("{") and json.loads(data)["choices"][0]["delta"].get("content"):
                        first = time.perf_counter() - began
            added.append((first - model.take().to_first_token) * 1000)
    return spread(added[WARM_UP:])
