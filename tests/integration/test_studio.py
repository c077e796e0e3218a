"""`langgraph dev` over langgraph.json, asked by LangGraph's own client."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from langgraph_sdk import get_client
from langgraph_sdk.client import LangGraphClient

from tests.support.embedded import MiniLm
from tests.support.model_server import Behaviour, ModelServer
from tests.support.studio import langgraph_dev

# The first time the server's environment is made.
pytestmark = pytest.mark.timeout(1200)

TOLD = "My dog is called Biscuit."
QUESTION = "What is my dog called?"


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[ModelServer]:
    async with ModelServer(default=Behaviour(text="Well noted, thank you.")) as server:
        yield server


@pytest.fixture(scope="module")
async def studio(model: ModelServer, minilm_files: MiniLm) -> AsyncIterator[LangGraphClient]:
    named = {"MEMOCHA_LLM": "openai:scripted", "MEMOCHA_LLM_BASE_URL": model.base_url, "OPENAI_API_KEY": "any"}
    async with langgraph_dev(**named) as url, get_client(url=url) as client:
        yield client


def said(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


async def test_a_turn_streams_its_message_piece_by_piece(studio: LangGraphClient) -> None:
    thread = await studio.threads.create()
    pieces: list[str] = []
    states: list[dict[str, Any]] = []
    async for part in studio.runs.stream(
        thread["thread_id"], "chat", input=said("Good morning."), stream_mode=["messages-tuple", "values"]
    ):
        assert part.event != "error", part.data
        if part.event == "messages":
            message, _ = part.data
            pieces.append(message["content"])
        elif part.event == "values":
            states.append(part.data)
    assert "".join(pieces).startswith("Well noted, thank you.")
    assert len([piece for piece in pieces if piece]) > 1, "more than the whole at once"
    assert [message["type"] for message in states[-1]["messages"]] == ["human", "ai"]
    state = await studio.threads.get_state(thread["thread_id"])
    assert state["values"]["messages"][-1]["content"] == "Well noted, thank you."  # type: ignore[call-overload, index]


async def test_what_one_thread_was_told_another_one_knows(studio: LangGraphClient, model: ModelServer) -> None:
    first, second = await studio.threads.create(), await studio.threads.create()
    await studio.runs.wait(first["thread_id"], "chat", input=said(TOLD))
    answer = await studio.runs.wait(second["thread_id"], "chat", input=said(QUESTION))
    assert TOLD in answer["memories"]  # type: ignore[call-overload]
    assert not answer["degraded"]  # type: ignore[call-overload]
    assert len(answer["messages"]) == 2, "the first thread's messages are not this one's"  # type: ignore[call-overload]
    assert f"the user told you: {TOLD}" in model.requests[-1].prompt
    again = await studio.runs.wait(second["thread_id"], "chat", input=said("Is it a good name?"))
    assert len(again["messages"]) == 4, "a thread goes on"  # type: ignore[call-overload]


async def test_the_graph_is_shown_with_its_nodes(studio: LangGraphClient) -> None:
    [assistant] = await studio.assistants.search(graph_id="chat")
    graph = await studio.assistants.get_graph(assistant["assistant_id"])
    names = {node["id"] for node in graph["nodes"]}
    assert {"recall", "trim", "generate", "remember"} <= names
