"""Dates that a text names, whatever it says and whenever it was said."""

from datetime import UTC, date, datetime

from graphs.memory.facts.dates import given, stated_from, stated_to
from graphs.memory.ranking.question import read_question
from graphs.memory.times import Period, spoken_times
from tests.fuzz.checks.bounds import in_time, size_of

FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
"""When a message may have been said (`app.transfer.lines`)."""


def check_dates(text: str, said: date, told: str = "2026-03-01") -> None:
    """Days that there are, or none."""
    said_at = datetime(said.year, said.month, said.day, 12, tzinfo=UTC)
    with in_time(4 * size_of(text), "dates"):
        spoken = spoken_times(text, said)
        since, until = stated_from(text, said_at), stated_to(text, said_at)
        said_by_model = given(told, text, said_at)
        read_question(text, now=said_at)
    for each in spoken:
        assert each.words
        if isinstance(each.when, Period):
            assert each.when.start < each.when.end
    for moment in (since, until, said_by_model):
        assert moment is None or moment.tzinfo is not None
