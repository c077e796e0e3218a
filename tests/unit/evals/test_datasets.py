"""Public data sets in files of their form, written here; ours as it is."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from evals.datasets import LOADERS, load, memorybank, people
from evals.records import DataInvalid, DataMissing

PERSON = """
id: ada
name: Ada
language: en
about: One.
sessions:
  - id: s01
    at: 2025-01-12T19:40:00+00:00
    messages:
      - user: I moved to Bergen.
      - assistant: How lovely.
questions:
  - {id: q01, category: single, asked_at: 2025-11-20T18:00:00+00:00, question: 'Where?', answer: Bergen, evidence: [s01.1]}
  - {id: q02, category: unanswerable, asked_at: 2025-11-20T18:00:00+00:00, question: 'Why?', answer: never said, evidence: []}
"""


def put(folder: Path, name: str, content: Any) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def test_locomo(tmp_path: Path) -> None:
    talk = {
        "speaker_a": "Ana",
        "speaker_b": "Bo",
        "session_10": [{"speaker": "Bo", "dia_id": "D10:1", "text": "Hi.", "blip_caption": "a boat"}],
        "session_10_date_time": "1:56 pm on 8 May, 2023",
        "session_2": [{"speaker": "Ana", "dia_id": "D2:1", "text": "Hello."}],
        "session_2_date_time": "9:01 am on 1 May, 2023",
    }
    qa = [
        {"question": "What is on the photo?", "answer": "a boat", "evidence": ["D10:1; D2:1"], "category": 1},
        {"question": "What did Ana photograph?", "adversarial_answer": "a boat", "evidence": ["D10:1"], "category": 5},
    ]
    put(tmp_path, "locomo/x.json", [{"sample_id": f"c{at}", "conversation": talk, "qa": qa} for at in range(4)])
    dataset = load("locomo", tmp_path)
    assert [one.split for one in dataset.conversations] == ["tuning", "tuning", "tuning", "held-out"]
    one = dataset.conversations[0]
    assert [(each.external_id, each.role, each.speaker) for each in one.messages] == [
        ("D2:1", "user", "Ana"),
        ("D10:1", "assistant", "Bo"),
    ]
    assert one.messages[1].content == "Hi. [shares a photo: a boat]"
    assert one.messages[1].created_at == datetime(2023, 5, 8, 13, 56, tzinfo=UTC)
    assert one.questions[0].evidence == {"D2:1", "D10:1"}
    assert [each.measures_recall for each in one.questions] == [True, False]


def test_memorybank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {
        "2023-04-28": [{"query": "I like tea.", "response": "Nice."}],
        "2023-04-27": [{"query": "Hi", "response": "Hi"}],
    }
    put(tmp_path, "memorybank/memory_bank_en.json", {" Eve ": {"history": days}})
    put(tmp_path, "memorybank/probing_questions_en.jsonl", json.dumps({"Eve": ["What do I like?", "Who am I?"]}))
    annotated = tmp_path / "days.json"
    put(tmp_path, "days.json", {"en": {"Eve": [["2023-04-28|2023-04-27"], []]}})
    monkeypatch.setattr(memorybank, "DAYS", annotated)
    [one] = load("memorybank-en", tmp_path).conversations
    assert [message.created_at.day for message in one.messages] == [27, 27, 28, 28]
    assert set(one.keys.values()) == {"2023-04-27", "2023-04-28"}
    assert one.questions[0].evidence == {"2023-04-28"}
    assert one.questions[0].instead == {"2023-04-27": "2023-04-28"}
    assert not one.questions[1].answerable
    put(tmp_path, "days.json", {"en": {"Eve": [["2023-04-28"]]}})
    with pytest.raises(DataInvalid, match="2 questions and days for 1"):
        load("memorybank-en", tmp_path)


def test_longmemeval(tmp_path: Path) -> None:
    item = {
        "question_id": "a",
        "question_type": "multi-session",
        "question": "Which bike?",
        "answer": "a red one",
        "question_date": "2023/05/30 (Tue) 23:40",
        "haystack_session_ids": ["s2", "s1"],
        "haystack_dates": ["2023/05/20 (Sat) 02:21", "2023/05/02 (Tue) 10:00"],
        "haystack_sessions": [
            [{"role": "user", "content": "A red bike!", "has_answer": True}, {"role": "assistant", "content": "Nice."}],
            [{"role": "user", "content": "Hello."}],
        ],
        "answer_session_ids": ["s2"],
    }
    unmarked = json.loads(json.dumps(item).replace(', "has_answer": true', ""))
    put(
        tmp_path,
        "longmemeval/longmemeval_s.json",
        [item, unmarked | {"question_id": "b"}, item | {"question_id": "c_abs"}],
    )
    marked, by_session, abstains = load("longmemeval", tmp_path).conversations
    assert [message.external_id for message in marked.messages] == ["s1/0", "s2/0", "s2/1"]
    assert marked.questions[0].evidence == {"s2/0"}
    assert marked.questions[0].asked_at == datetime(2023, 5, 30, 23, 40, tzinfo=UTC)
    assert by_session.unit == "session"
    assert by_session.questions[0].evidence == {"s2"}
    assert set(by_session.keys.values()) == {"s1", "s2"}
    assert not abstains.questions[0].answerable


def test_beam(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "id": 0, "time_anchor": "March-15-2024", "content": "Two columns, please. ->-> 1,1"},
        {"role": "assistant", "id": 1, "content": "Done."},
    ]
    probing = {
        "abstention": [{"question": "Why?", "ideal_response": "It was never said."}],
        "knowledge_update": [
            {"question": "How many?", "answer": "3", "source_chat_ids": {"original_info": [0], "updated_info": [1]}}
        ],
    }
    put(tmp_path, "beam/100K/1/chat.json", [{"batch_number": 1, "turns": [turns]}])
    put(tmp_path, "beam/100K/1/probing_questions/probing_questions.json", probing)
    [one] = load("beam", tmp_path).conversations
    assert one.messages[0].content == "Two columns, please."
    assert one.messages[0].created_at == datetime(2024, 3, 15, tzinfo=UTC)
    never, changed = one.questions
    assert not never.answerable
    assert (changed.evidence, changed.superseded) == ({"1"}, {"0"})


def test_people_are_read_whole_or_refused(tmp_path: Path) -> None:
    put(tmp_path, "ada.yaml", PERSON)
    [ada] = people.load(folder=tmp_path).conversations
    assert [message.external_id for message in ada.messages] == ["s01.1", "s01.2"]
    assert [each.answerable for each in ada.questions] == [True, False]
    put(tmp_path, "ada.yaml", PERSON.replace("[s01.1]", "[s01.7]"))
    with pytest.raises(DataInvalid, match=r"ada-q01 names s01\.7, which nobody said"):
        people.load(folder=tmp_path)


def test_our_own_set_is_of_its_form() -> None:
    dataset = load("people", None)
    ids = [question.id for question in dataset.questions]
    assert len(ids) == len(set(ids))
    for person in dataset.conversations:
        said = {message.external_id: message for message in person.messages}
        assert len(said) == len(person.messages)
        assert all(
            one.created_at < other.created_at for one, other in zip(person.messages, person.messages[1:], strict=False)
        )
        for question in person.questions:
            assert question.answerable == bool(question.evidence), question.id
            assert not question.evidence & question.superseded, question.id
            assert question.asked_at > person.messages[-1].created_at, question.id
        kinds = Counter(question.category for question in person.questions)
        assert kinds == {
            "single": 7, "multi": 4, "update": 4, "contradiction": 2, "preference": 3, "date": 4, "unanswerable": 3
        }, person.id  # fmt: skip


@pytest.mark.parametrize("name", [name for name in LOADERS if name != "people"])
def test_missing_data_says_where_to_put_it(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match="MEMOCHA_EVAL_DATA"):
        load(name, None)
    with pytest.raises(DataMissing, match=str(tmp_path)):
        load(name, tmp_path)


def test_an_unknown_data_set_is_named_with_those_there_are() -> None:
    with pytest.raises(DataMissing, match="there is no data set 'loco'; there are people, locomo"):
        load("loco", None)
