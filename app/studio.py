"""The chat graph for LangGraph Studio: `langgraph dev` finds `make_graph` through langgraph.json.

It runs by itself: the model that MEMOCHA_LLM names, MiniLM, and a memory that is gone when the process ends. A thread
is a session, and all threads are one user's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from app.chat.models import Choice, Models, configs
from app.embedded import weights
from app.settings import Settings
from graphs.memory.local import LocalMemory
from graphs.memory.minilm import MiniLM
from graphs.nodes.generate import generate
from graphs.nodes.recall import recall
from graphs.nodes.remember import remember
from graphs.nodes.trim import trim
from graphs.state import Budgets, ChatContext, ChatState

StudioGraph = CompiledStateGraph["StudioState", None, MessagesState, "Shown"]
Node = Callable[[ChatState, Runtime[ChatContext]], Awaitable[dict[str, Any]]]

USER_ID = UUID(int=1)


class Shown(MessagesState):
    """The window, and for each turn what it was given, as lines to read."""

    memories: list[str]
    degraded: bool


class StudioState(ChatState):
    """What a turn works on, and those lines."""

    memories: list[str]


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
    """The graph that Studio runs: the chat graph's own nodes, each handed its context, which cannot be sent by HTTP.

    They stand in this graph itself, since the pieces of a message are streamed from there and not from a graph within.
    The server asks for the graph at each run; it is made once, so that its memory outlives a run.
    """
    parts = StudioParts()

    def handed(node: Node) -> Callable[..., Awaitable[dict[str, Any]]]:
        async def run(state: ChatState, runtime: Runtime[Any], config: RunnableConfig) -> dict[str, Any]:
            return await node(state, runtime.override(context=await parts.context(session_of(config))))

        return run

    graph = StateGraph(StudioState, input_schema=MessagesState, output_schema=Shown)
    steps: dict[str, Node] = {"recall": recall, "trim": trim, "generate": generate, "remember": _remember}
    graph.add_sequence([(name, handed(node)) for name, node in steps.items()])
    graph.add_edge(START, "recall")
    graph.add_edge("remember", END)
    return graph.compile(name="chat")


async def _remember(state: ChatState, runtime: Runtime[ChatContext]) -> dict[str, Any]:
    """As in every turn; and what the turn was given stays as lines."""
    given = [*state.get("recalled", []), *state.get("in_view", [])]
    told = {"memories": [item.memory.text for item in given], "recalled": []}
    return {**await remember(state, runtime), **told}


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
