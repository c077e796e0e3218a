"""A conversation to measure with."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from evals.records import Conversation, Question, Transcript, Unit
from evals.systems.base import Found, whole
from graphs.memory.records import Recalled

START = datetime(2025, 3, 1, 12, tzinfo=UTC)


def conversation(*texts: str, questions: tuple[Question, ...] = (), unit: Unit = "message") -> Conversation:
    """Messages m0, m1, ... of one session, a day apart, user and assistant in turn."""
    transcript = Transcript("test", "one")
    for at, text in enumerate(texts):
        role = "user" if at % 2 == 0 else "assistant"
        transcript.say("s", f"m{at}", role, text, START + timedelta(days=at))  # type: ignore[arg-type]
    return Conversation("one", transcript.messages, questions, "tuning", unit)


def question(*evidence: str, **fields: object) -> Question:
    given = {"id": "q", "text": "What?", "category": "single", "asked_at": START, "evidence": frozenset(evidence)}
    return Question(**{**given, **fields})  # type: ignore[arg-type]


def found(talk: Conversation, *places: int, relevant: frozenset[UUID] | None = None, confidence: float = 1.0) -> Found:
    """The messages of these places, best first."""
    items = [Recalled(whole(talk.messages[at]), 1.0 - at / 100) for at in places]
    return Found(items, confidence, relevant)
