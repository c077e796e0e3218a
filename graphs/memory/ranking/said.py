"""The words of memories, each stemmed once a question."""

from uuid import UUID

from graphs.memory.records import Memory
from graphs.memory.stem import stem_text


class Said:
    """Stemmed words by memory, kept while one question is answered: stemming an answer takes 0.1 ms."""

    def __init__(self) -> None:
        self._words: dict[UUID, frozenset[str]] = {}

    def words(self, memory: Memory) -> frozenset[str]:
        """The different words of a memory's text."""
        words = self._words.get(memory.id)
        if words is None:
            words = self._words[memory.id] = frozenset(stem_text(memory.text).split())
        return words
