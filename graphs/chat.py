"""The state machine of one turn: recall -> trim -> generate -> remember."""

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graphs.nodes.generate import generate
from graphs.nodes.recall import recall
from graphs.nodes.remember import remember
from graphs.nodes.trim import trim
from graphs.state import ChatContext, ChatState

ChatGraph = CompiledStateGraph[ChatState, ChatContext, ChatState, ChatState]


def build_chat_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> ChatGraph:
    """The graph, to be run with `{"messages": [the user's message]}` and a `ChatContext`.

    With a checkpointer, the thread's window goes on from turn to turn, and a run that broke off goes on from its last
    finished node when it is invoked with None. `stream_mode="custom"` gives what the turn tells as it goes:
    `{"memories", "degraded", "took_ms"}` once, then `{"token": text}` for each piece of the answer.
    """
    graph = StateGraph(ChatState, context_schema=ChatContext)
    graph.add_node("recall", recall)
    graph.add_node("trim", trim)
    graph.add_node("generate", generate)
    graph.add_node("remember", remember)
    graph.add_edge(START, "recall")
    graph.add_edge("recall", "trim")
    graph.add_edge("trim", "generate")
    graph.add_edge("generate", "remember")
    graph.add_edge("remember", END)
    return graph.compile(checkpointer=checkpointer, name="chat")
