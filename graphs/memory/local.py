"""A memory of this process: for trying the graph, for tests, and for programs that need no more."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from graphs.memory.episodes import SourceMessage, episodes
from graphs.memory.in_memory import InMemoryIndex, InMemoryStore
from graphs.memory.ports import Embedder, Recall, RecallQuery
from graphs.memory.recall import MemoryService
from graphs.memory.records import Memory
from graphs.memory.second_look import InMemorySentences
from graphs.memory.writer import MemoryWriter
from graphs.prompting import text_of
from graphs.state import Turn
from graphs.window import seq_of, time_of


class LocalMemory:
    """Both sides of a turn's memory in one: it recalls, and it records what was said. Gone when the process ends."""

    def __init__(self, embedder: Embedder) -> None:
        index = InMemoryIndex()
        self._store = InMemoryStore()
        sentences = InMemorySentences()
        self._writer = MemoryWriter(embedder, index, sentences)
        self._service = MemoryService(embedder=embedder, index=index, store=self._store, sentences=sentences)

    async def recall(self, query: RecallQuery) -> Recall:
        """`graphs.memory.ports.MemoryPort`"""
        return await self._service.recall(query)

    async def record(self, turn: Turn) -> None:
        """`graphs.state.Recorder`: both messages become episodes, at once."""
        made = episodes_of(turn)
        self._store.add(made)
        await self._writer.write(made)


def episodes_of(turn: Turn) -> list[Memory]:
    """Both messages of a turn as memories."""
    made = []
    for message in (turn.question, turn.answer):
        said = SourceMessage(
            id=_uuid(message.id),
            user_id=turn.user_id,
            session_id=turn.session_id,
            role="user" if message.type == "human" else "assistant",
            speaker=None,
            content=text_of(message),
            seq=seq_of(message) or 0,
            created_at=time_of(message) or datetime.now(UTC),
        )
        made += episodes(said)
    return made


def _uuid(message_id: str | None) -> UUID:
    """LangGraph gives messages ids of its own form where they bring none."""
    try:
        return UUID(message_id)
    except (ValueError, TypeError):
        return uuid4()
