"""Kept memory in graphs as programs build them: nodes, an agent's tools, and the chat graph after a restart."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolCall
from langchain_core.tools import tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import InjectedStore
from langgraph.runtime import Runtime, get_runtime
from langgraph.store.base import BaseStore
from langgraph.store.postgres import AsyncPostgresStore

from graphs.memory.index import IndexFilter
from graphs.memory.milvus import MilvusIndex
from graphs.memory.milvus_store import MilvusConfig
from graphs.memory.minilm import MiniLM
from graphs.memory.retriever import MemoryRetriever
from memocha import ChatContext, ChatModel, KeptMemory, ModelConfig, ModelTokenCounter, build_chat_graph
from tests.support.embedded import MiniLm
from tests.support.model_server import Behaviour, ModelServer

SPACE = ("memories",)


@dataclass(frozen=True, slots=True)
class Who:
    """Who talks with the agent, as its program knows."""

    user_id: UUID


def asking() -> UUID:
    return get_runtime(Who).context.user_id


@pytest.fixture(scope="module")
def embedder(minilm_files: MiniLm) -> MiniLM:
    return MiniLM(minilm_files.model, minilm_files.tokenizer)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer(default=Behaviour(text="Well noted.")) as server:
        yield server


async def test_nodes_put_and_search_each_for_who_asks(embedder: MiniLM) -> None:
    """One node is a coroutine and one is not, as either may be."""
    memory = KeptMemory(embedder)

    async def put(state: MessagesState, runtime: Runtime[Who]) -> dict[str, Any]:
        assert runtime.store is not None
        said = state["messages"][0]
        await runtime.store.aput(SPACE, str(said.id), {"text": said.text})
        return {}

    def search(state: MessagesState, runtime: Runtime[Who]) -> dict[str, Any]:
        assert runtime.store is not None
        found = runtime.store.search(SPACE, query=state["messages"][0].text, limit=3)
        return {"messages": [("ai", json.dumps([item.value["text"] for item in found]))]}

    builder = StateGraph(MessagesState, context_schema=Who)
    builder.add_sequence([("search", search), ("put", put)])
    builder.add_edge(START, "search")
    builder.add_edge("put", END)
    graph = builder.compile(store=memory.store(asking))
    ann, ben = Who(uuid4()), Who(uuid4())

    async def say(who: Who, text: str) -> list[str]:
        result = await graph.ainvoke({"messages": [HumanMessage(text)]}, context=who)
        found: list[str] = json.loads(result["messages"][-1].text)
        return found

    assert await say(ann, "My dog is called Biscuit.") == []
    assert await say(ben, "My dog is called Rufus.") == []
    assert await say(ann, "What is my dog called?") == ["My dog is called Biscuit."]
    assert await say(ben, "What is my dog called?") == ["My dog is called Rufus."]


@tool
async def remember(text: str, store: Annotated[BaseStore, InjectedStore()]) -> str:
    """Keep what the user told."""
    await store.aput(SPACE, text, {"text": text})
    return "Kept."


@tool
async def look_up(question: str, store: Annotated[BaseStore, InjectedStore()]) -> str:
    """What the user told before."""
    found = await store.asearch(SPACE, query=question, limit=1)
    return found[0].value["text"] if found else "Nothing."


class ToolCaller(GenericFakeChatModel):
    """Says what it was told to, tool calls included."""

    def bind_tools(self, tools: Any, **_: Any) -> "ToolCaller":  # type: ignore[override]
        return self


async def test_an_agents_tools_put_and_search(embedder: MiniLM) -> None:
    store = KeptMemory(embedder).store(asking)
    who, other = Who(uuid4()), Who(uuid4())

    async def asked_to(name: str, arguments: dict[str, str], who: Who) -> str:
        call = ToolCall(name=name, args=arguments, id="call")
        model = ToolCaller(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("Done.")]))
        agent = create_agent(model, tools=[remember, look_up], store=store, context_schema=Who)
        result = await agent.ainvoke({"messages": [HumanMessage("Go ahead.")]}, context=who)
        answers = [message.text for message in result["messages"] if message.type == "tool"]
        return answers[0]

    assert await asked_to("remember", {"text": "My dog is called Biscuit."}, who) == "Kept."
    assert await asked_to("look_up", {"question": "What is my dog called?"}, who) == "My dog is called Biscuit."
    assert await asked_to("look_up", {"question": "What is my dog called?"}, other) == "Nothing."


async def test_turns_and_items_are_there_after_a_restart(
    embedder: MiniLM, server: ModelServer, milvus_uri: str, fresh_database_url: str
) -> None:
    config = ModelConfig(name="openai:scripted", base_url=server.base_url, api_key="any")
    model, tokens = ChatModel(config), ModelTokenCounter(config)
    user, alias = uuid4(), f"kept_{uuid4().hex[:8]}"

    async def asked(text: str, memory: KeptMemory) -> list[str]:
        session = uuid4()
        context = ChatContext(user, session, model=model, tokens=tokens, memory=memory, recorder=memory)
        graph, thread = build_chat_graph(InMemorySaver()), {"configurable": {"thread_id": str(session)}}
        state = await graph.ainvoke({"messages": [HumanMessage(text)]}, thread, context=context)  # type: ignore[arg-type]
        return [item.memory.text for item in state["recalled"]]

    async def life(*questions: str, put: str = "") -> list[list[str]]:
        """One process's: all that is open is opened and closed in it."""
        index = MilvusIndex(
            MilvusConfig(uri=milvus_uri, alias=alias), embedder=embedder.name, dimensions=embedder.dimensions
        )
        await index.prepare()
        async with AsyncPostgresStore.from_conn_string(fresh_database_url) as items:
            await items.setup()
            memory = KeptMemory(embedder, items, index)
            if put:
                await memory.store(user).aput(SPACE, "one", {"text": put})
            answers = [await asked(question, memory) for question in questions]
            retriever = MemoryRetriever(memory=memory, filter=IndexFilter(uuid4()))
            assert await retriever.ainvoke(questions[-1]) == [], "and nobody else's"
        await index.close()
        return answers

    await life("My dog is called Biscuit.", put="I keep two hives of bees.")
    dog, bees = await life("What is my dog called?", "How many hives do I have?")
    assert "My dog is called Biscuit." in dog
    assert "I keep two hives of bees." in bees
