"""The chat graph for LangGraph Studio: `langgraph dev` finds `make_graph` through langgraph.json.

It runs by itself: the model that MEMOCHA_LLM names, MiniLM, and a memory that is gone when the process ends. A thread
is a session, and all threads are one user's.
"""

import asyncio
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from langchain_core.messages import RemoveMessage
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.graph.state import CompiledStateGraph

from app.chat.models import Choice, Models, configs
from app.embedded import weights
from app.settings import Settings
from graphs.chat import build_chat_graph
from graphs.memory.local import LocalMemory
from graphs.memory.minilm import MiniLM
from graphs.state import Budgets, ChatContext

StudioGraph = CompiledStateGraph["StudioState", None, "StudioState", "StudioState"]

USER_ID = UUID(int=1)


class StudioState(MessagesState):
    """The window, and for each turn what it was given, as lines to read."""

    memories: list[str]
    degraded: bool


class StudioParts:
    """What a turn works with, opened when the first one asks."""

    def __init__(self) -> None:
        self._opening = asyncio.Lock()
        self._opened: tuple[Settings, Choice, LocalMemory] | None = None

    async def context(self, session_id: UUID) -> ChatContext:
        """The context of one turn. Raises `ValueError` where MEMOCHA_LLM is not set, and `WeightsUnavailable`."""
        async with self._opening:
            if self._opened is None:
                self._opened = await self._open()
        settings, chosen, memory = self._opened
        return ChatContext(
            user_id=USER_ID,
            session_id=session_id,
            model=chosen.model,
            tokens=chosen.tokens,
            memory=memory,
            recorder=memory,
            parameters=chosen.config.merge(),
            budgets=Budgets(memories=settings.recall_budget, window=settings.window_budget),
            recall_k=settings.recall_k,
        )

    async def _open(self) -> tuple[Settings, Choice, LocalMemory]:
        # In threads, since each reads files: the development server refuses what blocks its loop.
        settings = await asyncio.to_thread(_settings)
        chosen = (await asyncio.to_thread(lambda: Models(configs(settings)))).choose(None)
        model = await weights.fetch(weights.MINILM, settings.models_dir, _silent)
        tokenizer = await weights.fetch(weights.MINILM_TOKENIZER, settings.models_dir, _silent)
        return settings, chosen, LocalMemory(await asyncio.to_thread(MiniLM, model, tokenizer))


@cache
def make_graph() -> StudioGraph:
    """The graph that Studio runs: one node, which hands the chat graph its context, since that cannot be sent by HTTP.

    Studio looks into the node and shows the chat graph's own. The server asks for the graph at each run; it is made
    once, so that its memory outlives a run.
    """
    parts = StudioParts()
    chat = build_chat_graph()

    async def turn(state: StudioState, config: RunnableConfig) -> dict[str, Any]:
        context = await parts.context(session_of(config))
        result = await chat.ainvoke({"messages": state["messages"]}, config, context=context)
        given = [*result.get("recalled", []), *result.get("in_view", [])]
        return {
            "messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES), *result["messages"]],
            "memories": [item.memory.text for item in given],
            "degraded": result.get("degraded", False),
        }

    graph = StateGraph(StudioState)
    graph.add_node("turn", turn)
    graph.add_edge(START, "turn")
    graph.add_edge("turn", END)
    return graph.compile(name="chat")


def session_of(config: RunnableConfig) -> UUID:
    """The thread as a session; a name that is no UUID becomes one."""
    thread = str(config.get("configurable", {}).get("thread_id", "studio"))
    try:
        return UUID(thread)
    except ValueError:
        return uuid5(NAMESPACE_URL, thread)


def _settings() -> Settings:
    settings = Settings()
    if settings.llm is None:
        raise ValueError(
            "MEMOCHA_LLM is not set: name a model, for example openai:gpt-5-mini, and where it is not OpenAI's own, "
            "its address in MEMOCHA_LLM_BASE_URL."
        )
    return settings


def _silent(weight: weights.Weight, done: int, total: int, source: str) -> None:
    """The files are small (23 MB); nobody watches."""
