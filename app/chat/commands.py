"""What a message asks of memory itself is done before it is answered: "forget that ...".

The model then reads what was done, so that its answer says the truth about it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog
from prometheus_client import Counter

import prompts
from app.db.engine import Database
from app.db.messages import Messages
from app.db.models import Message
from graphs.errors import IndexUnavailable
from graphs.memory.episodes import episode_id
from graphs.memory.facts.commands import Correct, Forget, command_in
from graphs.memory.facts.meant import Candidate, meant
from graphs.memory.index import IndexFilter
from graphs.memory.ports import Embedder, RecallQuery
from graphs.memory.recall import MemoryService

log = structlog.get_logger(__name__)

CANDIDATES = 30
"""Memories among which those that are meant are looked for."""

_commands = Counter("memocha_forget_commands_total", "Requests in chat to forget something, by outcome.", ["outcome"])


@dataclass(frozen=True, slots=True)
class Honoured:
    """What a message asked of memory, and what became of it."""

    note: str | None = None
    """What the model is told; None where nothing was asked."""
    forgotten: int = 0
    """How many memories went, now or when it was answered before: what was read of the conversation is out of date."""
    corrects: bool = False
    """Whether it says that something is otherwise: facts are to be taken from it soon."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Honours what messages ask of memory."""

    database: Database
    memory: MemoryService
    embedder: Embedder
    forget: Callable[[UUID, Sequence[UUID], Sequence[UUID], UUID], Awaitable[int]]
    """Forgets memories of a user, with what came from the same messages, and messages with what came from them, and
    notes at the message that asked for it how many went; that number."""

    async def honour(self, user_id: UUID, question: Message, earlier: Sequence[Message]) -> Honoured:
        """Do what the question asks of memory. Done again (after a crash, for another answer) it finds nothing left to
        do, and says what was done before.

        `earlier`: the conversation that the question stands in; what was said in it a moment ago may not be indexed
        yet. Raises `DatabaseUnavailable`.
        """
        command = command_in(question.content)
        if isinstance(command, Correct):
            return Honoured(corrects=True)
        if not isinstance(command, Forget):
            return Honoured()
        async with self.database.transaction() as tx:
            # It holds what is to be forgotten.
            await Messages(tx).forget(user_id, [question.id])
        if command.everything:
            return self._told("everything", prompts.load("forgotten_all").substitute())
        count = question.forgotten_count
        try:
            count += await self._forget(user_id, command.what, question, earlier)
        except IndexUnavailable as error:
            log.warning("nothing was forgotten: memory cannot be searched", error=str(error))
        if not count:
            return self._told("nothing", prompts.load("forgotten_nothing").substitute())
        counted = f"{count} {'memory was' if count == 1 else 'memories were'}"
        return self._told("forgotten", prompts.load("forgotten").substitute(count=counted), forgotten=count)

    async def _forget(self, user_id: UUID, what: str, question: Message, earlier: Sequence[Message]) -> int:
        found = await self.memory.search(RecallQuery(filter=IndexFilter(user_id=user_id), text=what, k=CANDIDATES))
        spoken = {message.id: message for message in earlier if message.id != question.id}
        candidates = [
            *(Candidate(item.memory.id, item.memory.text) for item in found.items),
            *(Candidate(message.id, message.content) for message in spoken.values() if message.forgotten_at is None),
        ]
        own = {episode_id(question.id, chunk) for chunk in range(4)}
        chosen = [each for each in await meant(what, candidates, self.embedder) if each not in own]
        messages = [spoken[each] for each in chosen if each in spoken]
        # By themselves: they may have no memory yet, and are to get none.
        memories = [each for each in chosen if each not in spoken]
        return await self.forget(user_id, memories, [message.id for message in messages], question.id)

    def _told(self, outcome: str, note: str, *, forgotten: int = 0) -> Honoured:
        _commands.labels(outcome).inc()
        return Honoured(note=note, forgotten=forgotten)
