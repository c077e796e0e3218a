"""The graph without the service: the examples of the documentation, and what `langgraph dev` is given."""

import importlib.util
import json
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from graphs.chat import build_chat_graph
from tests.support.embedded import MiniLm
from tests.support.examples import complained, printed
from tests.support.model_server import Behaviour, ModelServer

ROOT = Path(__file__).parents[2]
QUESTION = "What is my dog called?"
TOLD = "My dog is called Biscuit."


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(default=Behaviour(text="Well noted.")) as server:
        yield server


@pytest.fixture
def model_of(server: ModelServer) -> dict[str, str]:
    """The environment that names the model."""
    return {
        "MEMOCHA_LLM": "openai:scripted",
        "MEMOCHA_LLM_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "the key",
    }


async def test_the_example_of_the_documentation_remembers(
    server: ModelServer, model_of: dict[str, str], minilm_files: MiniLm
) -> None:
    out = await printed("graph.py", **model_of)
    first, second = (line for line in out.splitlines() if " -> " in line)
    assert first.startswith("[] -> ")
    assert TOLD in second
    assert [message["role"] for message in server.requests[1].messages] == ["system", "user"], "a session of its own"
    assert server.requests[1].authorization == "Bearer the key"
    assert f"the user told you: {TOLD}" in server.requests[1].prompt
    assert TOLD not in server.requests[0].messages[0]["content"]


async def test_what_one_process_was_told_the_next_one_knows(
    server: ModelServer, model_of: dict[str, str], minilm_files: MiniLm, milvus_uri: str, fresh_database_url: str
) -> None:
    model_of |= {"MEMOCHA_MILVUS_URI": milvus_uri, "MEMOCHA_DATABASE_URL": fresh_database_url}
    assert (await printed("lasting.py", TOLD, **model_of)).splitlines()[-1] == "[] -> Well noted."
    assert TOLD in (await printed("lasting.py", QUESTION, **model_of)).splitlines()[-1]
    assert f"the user told you: {TOLD}" in server.requests[1].prompt


@pytest.mark.parametrize("arguments", [("graph.py",), ("lasting.py", QUESTION)], ids=["graph.py", "lasting.py"])
async def test_what_is_not_set_is_said_in_one_line(arguments: tuple[str, ...]) -> None:
    [line] = (await complained(*arguments)).splitlines()
    assert "MEMOCHA_LLM" in line


async def test_memories_as_a_store_of_a_graph(minilm_files: MiniLm) -> None:
    assert (await printed("store.py")).splitlines() == [
        "My dog is called Rex. -> I know nothing yet.",
        "How is my dog called? -> My dog is called Rex.",
        "How is my dog called? -> I know nothing yet.",
    ]


async def test_memories_as_a_retriever_of_a_chain(minilm_files: MiniLm) -> None:
    assert (await printed("retriever.py")).splitlines() == ["- My dog is called Biscuit."]


@pytest.fixture
def make_graph() -> Callable[[], Any]:
    """What langgraph.json points at, found as LangGraph's server finds it: by the file's path."""
    path, _, name = json.loads((ROOT / "langgraph.json").read_text())["graphs"]["chat"]["path"].partition(":")
    spec = importlib.util.spec_from_file_location("studio_graph", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["studio_graph"] = module
    spec.loader.exec_module(module)
    made: Callable[[], Any] = getattr(module, name)
    return made


async def test_studio_runs_turns_and_remembers_over_threads(
    make_graph: Callable[[], Any], server: ModelServer, minilm_files: MiniLm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMOCHA_LLM", "openai:scripted")
    monkeypatch.setenv("MEMOCHA_LLM_BASE_URL", server.base_url)
    # The server makes copies that keep threads as it pleases.
    graph = make_graph().copy(update={"checkpointer": InMemorySaver()})
    results = []
    for thread, text in ((uuid4(), TOLD), ("a name", QUESTION), ("a name", "And is it a good name?")):
        result = await graph.ainvoke(
            {"messages": [{"role": "user", "content": text}]}, {"configurable": {"thread_id": str(thread)}}
        )
        results.append(result)
    told, asked, again = results
    assert told["memories"] == []
    assert TOLD in asked["memories"]
    assert not asked["degraded"]
    assert asked["messages"][-1].text == "Well noted."
    assert len(again["messages"]) == 4
    assert TOLD in server.requests[2].prompt, "what was recalled before stays in the prompt"
    assert make_graph() is make_graph(), "the server asks for it at each run, and memory must outlive one"


def test_studios_turn_is_the_chat_graphs(make_graph: Callable[[], Any]) -> None:
    """It is put together again there: the same nodes, in the same order."""
    studio, chat = make_graph().get_graph(), build_chat_graph().get_graph()
    assert set(studio.nodes) == set(chat.nodes)
    assert {(edge.source, edge.target) for edge in studio.edges} == {(edge.source, edge.target) for edge in chat.edges}


async def test_studio_says_what_is_not_set(make_graph: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMOCHA_LLM", "")
    with pytest.raises(ValueError, match="MEMOCHA_LLM is not set"):
        await make_graph().ainvoke({"messages": [{"role": "user", "content": TOLD}]})
