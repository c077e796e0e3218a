"""Masking before storage: what `MEMOCHA_MASK` names is replaced in what comes in, before a row or a model has it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from app.chat.request import ChatRequest
from app.chat.retold import Retold
from app.transfer.lines import EpisodeLine, Line, MemoryLine, MessageLine, SourceLine
from app.transfer.sources import Lines
from graphs.sensitive import Sensitive, masked


@dataclass(frozen=True, slots=True)
class Masking:
    """Of some kinds; none: everything stays as it came."""

    kinds: frozenset[Sensitive] = frozenset()

    def text(self, text: str) -> str:
        """One text."""
        return masked(text, self.kinds) if self.kinds else text

    def request(self, request: ChatRequest) -> ChatRequest:
        """A turn's message."""
        if not self.kinds or request.message is None:
            return request
        return request.model_copy(update={"message": self.text(request.message)})

    def retold(self, retold: Retold | None) -> Retold | None:
        """What a client tells again, in the same way each time, so that it is known again."""
        if not self.kinds or retold is None:
            return retold
        return replace(retold, history=[replace(said, text=self.text(said.text)) for said in retold.history])

    async def lines(self, lines: Lines) -> AsyncIterator[tuple[int, Line]]:
        """An import's. Raises what `lines` raises."""
        async for number, line in lines:
            yield number, self._line(line) if self.kinds else line

    def _line(self, line: Line) -> Line:
        changes: dict[str, object] = {}
        if line.session is not None and line.session.title is not None:
            changes["session"] = line.session.model_copy(update={"title": self.text(line.session.title)})
        if line.message is not None:
            changes["message"] = self._message(line.message)
        if line.memory is not None:
            changes["memory"] = self._memory(line.memory)
        return line.model_copy(update=changes)

    def _message(self, message: MessageLine) -> MessageLine:
        changes: dict[str, object] = {"content": self.text(message.content)}
        if message.episodes:
            changes["episodes"] = tuple(self._episode(episode) for episode in message.episodes)
        return message.model_copy(update=changes)

    def _episode(self, episode: EpisodeLine) -> EpisodeLine:
        return episode if episode.text is None else episode.model_copy(update={"text": self.text(episode.text)})

    def _memory(self, memory: MemoryLine) -> MemoryLine:
        changes: dict[str, object] = {"text": self.text(memory.text)}
        if memory.sources:
            changes["sources"] = tuple(self._source(source) for source in memory.sources)
        return memory.model_copy(update=changes)

    def _source(self, source: SourceLine) -> SourceLine:
        return source if source.quote is None else source.model_copy(update={"quote": self.text(source.quote)})
