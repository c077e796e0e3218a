"""Our own set: twelve invented people who talk with an assistant over ten months (`evals/people/*.yaml`)."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from evals.records import Conversation, DataInvalid, DataMissing, Dataset, Question, Transcript

FOLDER = Path(__file__).parents[1] / "people"
TUNING = frozenset({"nadia", "priya", "grace", "jonas", "sofia", "kenji"})
"""Those by whom settings may be chosen."""
PAUSE = timedelta(minutes=1)
"""Between the messages of a session, of which the set notes only the beginning."""


def load(data_dir: Path | None = None, folder: Path = FOLDER) -> Dataset:
    """Everyone who is there. `data_dir` is not needed. Raises `DataMissing` and `DataInvalid`."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise DataMissing(f"people: there is no .yaml file in {folder}")
    return Dataset("people", [_person(path) for path in files], note=f"{len(files)} invented people and an assistant")


def _person(path: Path) -> Conversation:
    try:
        return conversation(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise DataInvalid(f"{path.name} cannot be read: {type(error).__name__}: {error}") from error


def conversation(person: dict[str, Any]) -> Conversation:
    """One person, of the form of a file. Raises `KeyError`, `TypeError` and `ValueError` for another form."""
    name = person["id"]
    transcript = Transcript("people", name)
    for session in person["sessions"]:
        start = _time(session["at"])
        for at, message in enumerate(session["messages"]):
            ((role, text),) = message.items()
            transcript.say(session["id"], f"{session['id']}.{at + 1}", role, text.strip(), start + at * PAUSE)
    known = {message.external_id for message in transcript.messages}
    questions = [_question(name, person["language"], one) for one in person.get("questions") or ()]
    for question in questions:
        if unknown := (question.evidence | question.superseded) - known:
            raise ValueError(f"{question.id} names {', '.join(sorted(unknown))}, which nobody said")
    return Conversation(name, transcript.messages, questions, "tuning" if name in TUNING else "held-out")


def _question(person: str, language: str, one: dict[str, Any]) -> Question:
    return Question(
        id=f"{person}-{one['id']}",
        text=one["question"].strip(),
        category=one["category"],
        asked_at=_time(one["asked_at"]),
        evidence=frozenset(map(str, one.get("evidence") or ())),
        superseded=frozenset(map(str, one.get("superseded") or ())),
        answerable=one["category"] != "unanswerable",
        answer=str(one.get("answer", "")),
        language=one.get("language", language),
    )


def _time(value: datetime | str) -> datetime:
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return time
