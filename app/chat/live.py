"""A run while it goes on in this process."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.chat.events import DoneEvent, ErrorEvent, MemoriesEvent, RunEvent, TokenEvent, UsageEvent
from app.chat.log import EventLog
from app.db.usage import Reserved
from app.schemas import RecalledMemory
from graphs.memory.records import Recalled


@dataclass(slots=True)
class LiveRun:
    """What the run is about, what it has brought so far, and who follows it."""

    id: UUID
    user_id: UUID
    session_id: UUID
    question_id: UUID
    answer_id: UUID
    title: str
    params: dict[str, Any]
    log: EventLog
    reserved: Reserved = field(default_factory=Reserved)
    """What it may take at the most, where there is a budget."""
    foreseen: Callable[[], Reserved] | None = None
    """Finds that out where there is none: it takes a while, and is of use only where the model tells nothing."""
    received: float = field(default_factory=time.perf_counter)
    """When the request came, for the time to the first token."""
    asked: bool = False
    """Whether the model was asked, or is about to be: its server reads the prompt whoever stops waiting."""
    recalled: list[Recalled] = field(default_factory=list)
    degraded: bool = False
    """Whether recall had to do without the memory index."""
    forgotten: int = 0
    """How many memories went because the question asked for it."""
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    """Characters of them."""
    ttft_ms: float | None = None
    unremembered: bool = False
    """Whether the question is not to be remembered: neither is its answer, which may repeat it."""
    corrects: bool = False
    """Whether the question says that something is otherwise: facts are taken from it soon."""
    stop_requested: bool = False
    task: asyncio.Task[None] | None = None
    ended: float | None = None
    """When it ended, on the clock of `time.monotonic`."""

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self.pieces)

    def begin(self) -> None:
        """Tell what the run is. Told again, the answer starts over."""
        self.pieces.clear()
        self.length = 0
        self.log.append(
            RunEvent(
                run_id=self.id,
                session_id=self.session_id,
                user_message_id=self.question_id,
                message_id=self.answer_id,
                title=self.title,
            )
        )

    def recall(self, recalled: list[Recalled], *, told: list[RecalledMemory], degraded: bool, took_ms: float) -> None:
        """Tell which memories the answer is given; `told`: the same, as clients see them."""
        self.asked, self.recalled, self.degraded = True, recalled, degraded
        self.log.append(
            MemoriesEvent(
                items=told,
                degraded=degraded,
                forgotten=self.forgotten,
                took_ms=round(took_ms, 2),
            )
        )

    def token(self, text: str) -> None:
        """Tell the next piece of the answer."""
        if self.ttft_ms is None:
            self.ttft_ms = round(1000 * (time.perf_counter() - self.received), 1)
        self.pieces.append(text)
        self.length += len(text)
        self.log.append(TokenEvent(text=text))

    def done(self, usage: UsageEvent, finish_reason: Any) -> None:
        """Tell the end of an answer that was kept."""
        self.log.append(usage)
        self.log.append(DoneEvent(message_id=self.answer_id, finish_reason=finish_reason))

    def fail(self, code: str, title: str, *, retryable: bool, retry_after: float | None = None) -> None:
        """Tell that the run failed."""
        wait = round(retry_after, 1) if retry_after is not None else None
        self.log.append(ErrorEvent(code=code, title=title, retryable=retryable, retry_after=wait))
