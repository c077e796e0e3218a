"""Memocha for other Python code.

`build_chat_graph()` is the state machine of a turn; `ChatContext` hands it what it works with: a model, a memory, and a
recorder. The parts of the service are not needed for it. `Client` talks to a service that runs.

Each name is imported when it is first asked for: who wants the client alone does not wait for LangChain.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from graphs.chat import build_chat_graph
    from graphs.memory.index import IndexFilter
    from graphs.memory.kept.items import MemoryItems
    from graphs.memory.kept.memory import KeptMemory
    from graphs.memory.local import LocalMemory
    from graphs.memory.milvus import MilvusIndex
    from graphs.memory.milvus_store import MilvusConfig
    from graphs.memory.minilm import MiniLM
    from graphs.memory.recall import MemoryService
    from graphs.memory.records import Memory, MemoryKind, Recalled
    from graphs.memory.retriever import MemoryRetriever
    from graphs.models.chat import ChatModel
    from graphs.models.config import ModelConfig, Parameters
    from graphs.models.tokens import ModelTokenCounter
    from graphs.state import Budgets, ChatContext, ChatState, Recorder, Turn
    from memocha.client import Client

__all__ = [
    "Budgets",
    "ChatContext",
    "ChatModel",
    "ChatState",
    "Client",
    "IndexFilter",
    "KeptMemory",
    "LocalMemory",
    "Memory",
    "MemoryItems",
    "MemoryKind",
    "MemoryRetriever",
    "MemoryService",
    "MilvusConfig",
    "MilvusIndex",
    "MiniLM",
    "ModelConfig",
    "ModelTokenCounter",
    "Parameters",
    "Recalled",
    "Recorder",
    "Turn",
    "build_chat_graph",
    "minilm",
]

_HOMES: Final = {
    "Budgets": "graphs.state",
    "ChatContext": "graphs.state",
    "ChatModel": "graphs.models.chat",
    "ChatState": "graphs.state",
    "Client": "memocha.client",
    "IndexFilter": "graphs.memory.index",
    "KeptMemory": "graphs.memory.kept.memory",
    "LocalMemory": "graphs.memory.local",
    "Memory": "graphs.memory.records",
    "MemoryItems": "graphs.memory.kept.items",
    "MemoryKind": "graphs.memory.records",
    "MemoryRetriever": "graphs.memory.retriever",
    "MemoryService": "graphs.memory.recall",
    "MilvusConfig": "graphs.memory.milvus_store",
    "MilvusIndex": "graphs.memory.milvus",
    "MiniLM": "graphs.memory.minilm",
    "ModelConfig": "graphs.models.config",
    "ModelTokenCounter": "graphs.models.tokens",
    "Parameters": "graphs.models.config",
    "Recalled": "graphs.memory.records",
    "Recorder": "graphs.state",
    "Turn": "graphs.state",
    "build_chat_graph": "graphs.chat",
}
"""Where each name is at home; the imports above say it again to those who read types."""

DEFAULT_MODELS_DIR = Path.home() / ".cache" / "memocha" / "models"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


async def minilm(models_dir: Path = DEFAULT_MODELS_DIR, progress: Callable[[int, int], None] | None = None) -> "MiniLM":
    """The default embedder, its files (23 MB) fetched where they are not here yet.

    `progress` is told how many bytes of how many have come. Raises `WeightsUnavailable` where no source has them.
    """
    from app.embedded import weights
    from graphs.memory.minilm import MiniLM

    def tell(weight: weights.Weight, done: int, total: int, source: str) -> None:
        if progress is not None:
            progress(done, total)

    return MiniLM(
        await weights.fetch(weights.MINILM, models_dir, tell),
        await weights.fetch(weights.MINILM_TOKENIZER, models_dir, tell),
    )
