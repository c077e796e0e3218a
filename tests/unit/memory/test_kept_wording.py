"""What an item's value says, and which filters it passes."""

from typing import Any

import pytest

from graphs.memory.kept.wording import passes, said_by


@pytest.mark.parametrize(
    ("value", "fields", "said"),
    [
        ({"text": " I keep bees. "}, None, "I keep bees."),
        ({"content": {"content": "I keep bees."}}, None, "I keep bees."),
        ({"animal": "bee", "hives": 2}, None, "animal: bee\nhives: 2"),
        ({"animals": ["bee", "goat"]}, None, "animals: bee\nanimals: goat"),
        ({"nothing": None, "blank": " ", "empty": []}, None, ""),
        ({}, None, ""),
        ({"a": "one", "b": "two"}, ["b"], "two"),
        ({"a": [{"b": "one"}, {"b": "two"}]}, ["a[*].b"], "one\ntwo"),
        ({"a": "one"}, ["missing"], ""),
        ({"a": "one"}, [], ""),
    ],
    ids=str,
)
def test_what_a_value_says(value: dict[str, Any], fields: list[str] | None, said: str) -> None:
    assert said_by(value, fields) == said


@pytest.mark.parametrize(
    ("wanted", "does"),
    [
        (None, True),
        ({}, True),
        ({"n": 3, "s": "b"}, True),
        ({"n": 3, "s": "c"}, False),
        ({"n": {"$gt": 2, "$lt": 4}}, True),
        ({"n": {"$gt": 2, "$lt": 3}}, False),
        ({"s": {"$gte": "b"}}, True),
        ({"s": {"$gt": 1}}, False),
        ({"gone": {"$lt": 1}}, False),
        ({"gone": {"$ne": 1}}, True),
        ({"gone": None}, True),
        ({"deep": {"x": 1}}, True),
        ({"deep": {"x": {"$gte": 1}, "y": [1, 2]}}, True),
        ({"deep": {"y": [2, 1]}}, False),
        ({"n": {"x": 1}}, False),
    ],
    ids=str,
)
def test_what_passes(wanted: dict[str, Any] | None, does: bool) -> None:
    assert passes({"n": 3, "s": "b", "deep": {"x": 1, "y": [1, 2]}}, wanted) is does
