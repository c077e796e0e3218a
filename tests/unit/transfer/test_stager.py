"""What is put aside of each line: its session, its time, and what tells it from others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db.ids import new_id
from app.db.models import ImportLine
from app.errors import InvalidLine
from app.transfer.lines import Line
from app.transfer.staging import Stager

NOW = datetime(2026, 1, 1, tzinfo=UTC)
THEN = datetime(2023, 5, 8, 13, 56, tzinfo=UTC)


def staged(*lines: dict[str, Any]) -> tuple[list[ImportLine], dict[int, str]]:
    stager = Stager(new_id(), NOW)
    rows = [stager.take(number, Line.model_validate(line)) for number, line in enumerate(lines, 1)]
    stager.end()
    return rows, stager.keys


def said(content: str, **more: Any) -> dict[str, Any]:
    return {"message": {"role": "user", "content": content, **more}}


def times(rows: list[ImportLine]) -> list[datetime | None]:
    found = [Line.model_validate_json(row.line) for row in rows]
    return [line.message.created_at for line in found if line.message is not None]


def test_a_message_belongs_to_the_session_above_it() -> None:
    rows, _ = staged({"session": {}}, said("a"), {"memory": {"text": "m"}}, said("b"), {"session": {}}, said("c"))
    assert [(row.number, row.session_number) for row in rows] == [(1, 1), (2, 1), (3, None), (4, 1), (5, 5), (6, 5)]


def test_a_message_before_any_session_is_refused() -> None:
    with pytest.raises(InvalidLine, match="line 2: message: a session line has to come before"):
        staged({"memory": {"text": "m"}}, said("a"))


def test_messages_without_a_time_follow_the_one_before() -> None:
    later = THEN + timedelta(days=1)
    rows, _ = staged({"session": {"created_at": THEN}}, said("a"), said("b"), said("c", created_at=later), said("d"))
    step = timedelta(milliseconds=1)
    assert times(rows) == [THEN, THEN + step, later, later + step]
    rows, _ = staged({"session": {}}, said("a"), said("b"))
    assert times(rows) == [NOW, NOW + step]


def test_equal_messages_without_ids_are_told_apart_and_found_again() -> None:
    lines = ({"session": {"id": "s"}}, said("ok"), said("ok"), said("x", id="m"))
    first, again, longer = staged(*lines)[0], staged(*lines)[0], staged(*lines, said("more"))[0]
    keys = [row.key for row in first]
    assert keys[1] != keys[2]
    assert (keys[0], keys[3]) == (None, None), "what has an id needs no key"
    assert keys == [row.key for row in again] == [row.key for row in longer][:4]


def test_sessions_without_ids_that_begin_alike_stay_two() -> None:
    one, other = staged({"session": {}}, said("hi"), said("a"))[1], staged({"session": {}}, said("hi"), said("b"))[1]
    assert one == staged({"session": {}}, said("hi"), said("a"))[1]
    assert one[1] != other[1]
