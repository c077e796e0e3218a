"""MemoryBank (Zhong et al., 2023): fifteen users and ten days of talk with an assistant each, in two languages.

The data says which questions are asked and not which days answer them; `memorybank_days.json` beside this file does,
annotated for this project. MIT licence.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evals.datasets.files import find, read_json
from evals.records import Conversation, DataInvalid, Dataset, Question, Transcript

DAYS = Path(__file__).with_name("memorybank_days.json")
TUNING = 8
"""The first users of the file, by whom settings may be chosen."""
NOON = timedelta(hours=12)


def load_english(data_dir: Path | None) -> Dataset:
    """The English half. Raises `DataMissing` and `DataInvalid`."""
    return _load(data_dir, "en")


def load_chinese(data_dir: Path | None) -> Dataset:
    """The Chinese half. Raises `DataMissing` and `DataInvalid`."""
    return _load(data_dir, "cn")


def _load(data_dir: Path | None, language: str) -> Dataset:
    [bank] = find(data_dir, "memorybank", f"memory_bank_{language}.json")
    [asked] = find(data_dir, "memorybank", f"probing_questions_{language}.jsonl")
    users = read_json(bank)
    questions: dict[str, list[str]] = {}
    for line in asked.read_text(encoding="utf-8").splitlines():
        questions |= {name.strip(): texts for name, texts in json.loads(line).items()}
    days: dict[str, list[list[str]]] = json.loads(DAYS.read_text(encoding="utf-8"))[language]
    conversations = [
        _conversation(language, name.strip(), user["history"], at, questions[name.strip()], days[name.strip()])
        for at, (name, user) in enumerate(users.items())
    ]
    return Dataset(
        f"memorybank-{language}", conversations, note="the evidence is the right day; days annotated for this project"
    )


def _conversation(
    language: str, name: str, history: dict[str, Any], place: int, questions: list[str], days: list[list[str]]
) -> Conversation:
    if len(questions) != len(days):
        raise DataInvalid(f"{DAYS.name}: {name} has {len(questions)} questions and days for {len(days)}")
    transcript = Transcript(f"memorybank-{language}", name)
    last = datetime.min.replace(tzinfo=UTC)
    for day, at, query, response in _turns(history):
        last = datetime.fromisoformat(day).replace(tzinfo=UTC) + NOON + timedelta(minutes=2 * at)
        transcript.say(day, f"{day}.{2 * at + 1}", "user", query, last)
        transcript.say(day, f"{day}.{2 * at + 2}", "assistant", response, last + timedelta(minutes=1))
    return Conversation(
        name,
        transcript.messages,
        [
            Question(
                id=f"{name}-{number}",
                text=text,
                category="answerable" if right else "unanswerable",
                asked_at=last + timedelta(days=1),
                evidence=frozenset(day.split("|")[0] for day in right),
                instead={other: first for day in right for first, *others in [day.split("|")] for other in others},
                answerable=bool(right),
                language="en" if language == "en" else "zh",
            )
            for number, (text, right) in enumerate(zip(questions, days, strict=True))
        ],
        "tuning" if place < TUNING else "held-out",
        unit="day",
    )


def _turns(history: dict[str, Any]) -> Iterator[tuple[str, int, str, str]]:
    for day in sorted(history):
        for at, turn in enumerate(history[day]):
            yield day, at, turn["query"], turn["response"]
