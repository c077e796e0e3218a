"""LoCoMo (Maharana et al., 2024): long talks between two named people, with the turns that answer each question.

CC BY-NC 4.0: for evaluation alone, so it is read from where the user keeps it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evals.datasets.files import find, read_json
from evals.records import Conversation, Dataset, Question, Split, Transcript

CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop", 5: "unanswerable"}
TUNING = 3
"""The first conversations of the file, by which settings may be chosen; the others are held out."""
_TURN = re.compile(r"D\d+:\d+")


def load(data_dir: Path | None) -> Dataset:
    """Every conversation of `locomo/*.json`. Raises `DataMissing` and `DataInvalid`."""
    conversations = [one for path in find(data_dir, "locomo", "*.json") for one in read_json(path)]
    return Dataset(
        "locomo",
        [_conversation(one, "tuning" if at < TUNING else "held-out") for at, one in enumerate(conversations)],
        note=f"two named people; {TUNING} conversations tuned on, {len(conversations) - TUNING} held out",
    )


def _conversation(one: dict[str, Any], split: Split) -> Conversation:
    name, talk = one["sample_id"], one["conversation"]
    transcript = Transcript("locomo", name)
    last = datetime.min.replace(tzinfo=UTC)
    for session, start, turns in _sessions(talk):
        for at, turn in enumerate(turns):
            last = start + timedelta(seconds=30 * at)
            photo = f" [shares a photo: {turn['blip_caption']}]" if turn.get("blip_caption") else ""
            role = "user" if turn["speaker"] == talk["speaker_a"] else "assistant"
            transcript.say(session, turn["dia_id"], role, turn["text"] + photo, last, turn["speaker"])  # type: ignore[arg-type]
    # The data does not say when a question was asked: a day after the last word is the least that fits all of them.
    asked_at = last + timedelta(days=1)
    return Conversation(
        name,
        transcript.messages,
        [
            Question(
                id=f"{name}-{number}",
                text=qa["question"],
                category=CATEGORIES[qa["category"]],
                asked_at=asked_at,
                evidence=frozenset(_TURN.findall(" ".join(qa.get("evidence", [])))),
                # Category 5 asks of one what the other said or did: its "evidence" is where that other stands.
                answerable=qa["category"] != 5,
                answer=str(qa.get("answer", "")),
            )
            for number, qa in enumerate(one["qa"])
        ],
        split,
    )


def _sessions(talk: dict[str, Any]) -> Iterator[tuple[str, datetime, list[dict[str, Any]]]]:
    keys = (key for key in talk if re.fullmatch(r"session_\d+", key))
    for key in sorted(keys, key=lambda key: int(key.removeprefix("session_"))):
        yield key, datetime.strptime(talk[f"{key}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC), talk[key]
