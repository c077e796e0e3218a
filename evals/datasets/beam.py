"""BEAM (Tavakoli et al., 2025): chats of 100,000 to 10 million tokens, and ten kinds of questions about them.

Reads the folders of the published repository: `<size>/<number>/chat.json` and, beside it,
`probing_questions/probing_questions.json`.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evals.datasets.files import find, read_json
from evals.records import Conversation, Dataset, Question, Transcript

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
"""Where a chat names no date at all."""
_MARK = re.compile(r"\s*->->\s*[\d,\s]+$")
"""What the generator left at the end of user messages: the place in its plan."""
_SUPERSEDED = "original_info"


def load(data_dir: Path | None) -> Dataset:
    """Every chat under `beam/`. Raises `DataMissing` and `DataInvalid`."""
    files = find(data_dir, "beam", "**/chat.json")
    return Dataset(
        "beam",
        [_conversation(path, at) for at, path in enumerate(files)],
        note="evidence is the messages named as a question's sources",
    )


def _conversation(path: Path, place: int) -> Conversation:
    name = "/".join(path.parts[-3:-1])
    transcript = Transcript("beam", name)
    at = BEGINNING
    for session, turns in _batches(read_json(path)):
        for turn in turns:
            at = max(at + timedelta(minutes=1), _anchor(turn) or at)
            transcript.say(session, str(turn["id"]), turn["role"], _MARK.sub("", turn["content"]), at)
    probing = read_json(path.parent / "probing_questions" / "probing_questions.json")
    questions = [
        _question(f"{name}-{category}-{number}", category, one, at + timedelta(days=1))
        for category, several in probing.items()
        for number, one in enumerate(several)
    ]
    return Conversation(name, transcript.messages, questions, "tuning" if place % 2 == 0 else "held-out")


def _batches(chat: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Each batch is a stretch of days, which we take as one session. The 10M chats nest them in plans."""
    for number, batch in enumerate(chat):
        if "turns" in batch:
            yield str(batch.get("batch_number", number)), [turn for turns in batch["turns"] for turn in turns]
        else:
            for plan, batches in batch.items():
                yield from ((f"{plan}/{session}", turns) for session, turns in _batches(batches))


def _question(key: str, category: str, one: dict[str, Any], asked_at: datetime) -> Question:
    sources = one.get("source_chat_ids") or []
    superseded: set[str] = set()
    if isinstance(sources, dict):
        superseded = {str(source) for source in sources.get(_SUPERSEDED, [])}
        sources = [source for kind, several in sources.items() if kind != _SUPERSEDED for source in several]
    answerable = category != "abstention"
    return Question(
        id=key,
        text=one["question"],
        category=category if answerable else "unanswerable",
        asked_at=asked_at,
        evidence=frozenset(map(str, sources)) if answerable else frozenset(),
        superseded=frozenset(superseded),
        answerable=answerable,
        answer=str(one.get("answer") or one.get("ideal_answer") or one.get("ideal_response") or ""),
    )


def _anchor(turn: dict[str, Any]) -> datetime | None:
    """`March-15-2024`: the date from which a message on is said."""
    anchor = turn.get("time_anchor")
    return datetime.strptime(anchor, "%B-%d-%Y").replace(tzinfo=UTC) if anchor else None
