"""LongMemEval (Wu et al., 2024): for each question a history of its own, of dozens of chats with an assistant.

Reads the published JSON (`longmemeval_s.json`, `_m`, `_oracle`, and the cleaned ones of the same form).
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evals.datasets.files import find, read_json
from evals.records import Conversation, Dataset, Question, Transcript, Unit

_WEEKDAY = re.compile(r"\s*\([A-Za-z]{3}\)")
_FORMS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")


def load(data_dir: Path | None) -> Dataset:
    """Every question of the first file found. Raises `DataMissing` and `DataInvalid`."""
    path = find(data_dir, "longmemeval", "longmemeval*.json")[0]
    items: list[dict[str, Any]] = read_json(path)
    return Dataset(
        "longmemeval",
        [_conversation(one, at, len(items)) for at, one in enumerate(items)],
        note=f"{path.name}; evidence is the marked turns, or the session where none is marked",
    )


def _conversation(one: dict[str, Any], place: int, count: int) -> Conversation:
    name = one["question_id"]
    transcript = Transcript("longmemeval", name)
    marked: set[str] = set()
    # Sessions are sorted here: those of the oracle file come in any order.
    sessions = zip(one["haystack_session_ids"], one["haystack_dates"], one["haystack_sessions"], strict=True)
    for session, date, turns in sorted(sessions, key=lambda item: time_of(item[1])):
        for at, turn in enumerate(turns):
            key = f"{session}/{at}"
            transcript.say(session, key, turn["role"], turn["content"], time_of(date) + timedelta(minutes=at))
            if turn.get("has_answer"):
                marked.add(key)
    unit: Unit = "message" if marked else "session"
    abstain = name.endswith("_abs")
    question = Question(
        id=name,
        text=one["question"],
        category="unanswerable" if abstain else one["question_type"],
        asked_at=time_of(one["question_date"]),
        evidence=frozenset() if abstain else frozenset(marked or one["answer_session_ids"]),
        answerable=not abstain,
        answer=str(one["answer"]),
    )
    # Questions of one kind lie together in the file, so they are dealt out in turn.
    return Conversation(name, transcript.messages, [question], "tuning" if place % 2 == 0 else "held-out", unit)


def time_of(value: str) -> datetime:
    """`2023/05/20 (Sat) 02:36` and the shorter forms of it, taken as UTC. Raises `ValueError`."""
    plain = _WEEKDAY.sub("", value).strip()
    for form in _FORMS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(f"{value!r} is not a date of LongMemEval's form")
