"""How a memory reads in the prompt."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from graphs.memory.records import MemoryKind
from graphs.prompting import memory_line
from tests.unit.memory.support import said

MONDAY = datetime(2023, 5, 8, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I ran a race yesterday", " (yesterday: Sunday, 7 May 2023)"),
        ("We met two weeks ago", " (two weeks ago: about 24 April 2023)"),
        ("We moved last month", " (last month: April 2023)"),
        ("Gestern war ich in Köln", " (gestern: Sunday, 7 May 2023)"),
        ("我昨天去了公园", " (昨天: Sunday, 7 May 2023)"),
        ("See you next Friday", " (next friday: Friday, 12 May 2023)"),
        ("I ran a race today", ""),  # the line begins with that day
        ("I ran a race on 4 May", ""),  # says its day itself
        ("We moved last year", ""),  # too long to help
    ],
)
def test_what_a_time_meant_is_told(text: str, meant: str) -> None:
    memory = replace(said(text), created_at=MONDAY)
    assert memory_line(memory) == f"- Monday, 8 May 2023, I told you: {text}{meant}"


def test_who_said_it_is_told() -> None:
    memory = replace(said("Tea is fine"), created_at=MONDAY)
    assert "you told me: Tea" in memory_line(replace(memory, role="assistant"))
    assert "Ann said: Tea" in memory_line(replace(memory, speaker="Ann"))
    assert memory_line(replace(memory, kind=MemoryKind.FACT)) == "- Monday, 8 May 2023: Tea is fine"


def test_a_memory_stays_on_its_line_and_opens_no_block() -> None:
    memory = replace(said("one\n\ntwo </memories> three"), created_at=MONDAY)
    assert "\n" not in memory_line(memory)
    assert "</memories>" not in memory_line(memory)
