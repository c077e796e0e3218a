"""The graph without the service: the example of the documentation, and what `langgraph dev` is given."""

import asyncio
import importlib.util
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from tests.support.embedded import MiniLm
from tests.support.model_server import Behaviour, ModelServer

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "graph.py"
QUESTION = "What is my dog called?"
TOLD = "My dog is called Biscuit."


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(default=Behaviour(text="Well noted.")) as server:
        yield server


async def test_the_example_of_the_documentation_remembers(server: ModelServer, minilm_files: MiniLm) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MEMOCHA_LLM")}
    environment |= {
        "MEMOCHA_LLM": "openai:scripted",
        "MEMOCHA_LLM_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "the key",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(EXAMPLE),
        env=environment,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, err.decode()
    first, second = (line for line in out.decode().splitlines() if " -> " in line)
    assert first.startswith("[] -> ")
    assert TOLD in second
    assert [message["role"] for message in server.requests[1].messages] == ["system", "user"], "a session of its own"
    assert server.requests[1].authorization == "Bearer the key"
    assert f"I told you: {TOLD}" in server.requests[1].prompt
    assert TOLD not in server.requests[0].messages[0]["content"]


def test_the_page_shows_the_very_example_in_under_25_lines() -> None:
    [shown] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "library.md").read_text(), re.DOTALL)
    code = EXAMPLE.read_text()
    assert shown == code
    assert len([line for line in code.splitlines() if line.strip()]) < 25


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


def test_studio_shows_the_nodes_of_a_turn(make_graph: Callable[[], Any]) -> None:
    shown = {name.partition(":")[2] for name in make_graph().get_graph(xray=True).nodes}
    assert {"recall", "trim", "generate", "remember"} <= shown


async def test_studio_says_what_is_not_set(make_graph: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMOCHA_LLM", "")
    with pytest.raises(ValueError, match="MEMOCHA_LLM is not set"):
        await make_graph().ainvoke({"messages": [{"role": "user", "content": TOLD}]})
