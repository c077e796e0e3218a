"""Time words against the calendar."""

from datetime import date

import pytest

from graphs.memory.times import EachYear, Period, When, meet, times

SUNDAY = date(2026, 11, 22)


def span(start: tuple[int, int, int], end: tuple[int, int, int]) -> Period:
    return Period(date(*start), date(*end))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("what did I do yesterday?", span((2026, 11, 21), (2026, 11, 22))),
        ("the day before yesterday", span((2026, 11, 20), (2026, 11, 21))),  # not read as "yesterday" too
        ("was habe ich vorgestern gesagt", span((2026, 11, 20), (2026, 11, 21))),
        ("我昨天去了哪里", span((2026, 11, 21), (2026, 11, 22))),
        ("last week", span((2026, 11, 9), (2026, 11, 17))),  # a day of room
        ("letzte Woche", span((2026, 11, 9), (2026, 11, 17))),
        ("上周我们聊了什么", span((2026, 11, 9), (2026, 11, 17))),
        ("last month", span((2026, 10, 1), (2026, 11, 1))),
        ("上个月", span((2026, 10, 1), (2026, 11, 1))),
        ("letztes Jahr", span((2025, 1, 1), (2026, 1, 1))),
        ("去年", span((2025, 1, 1), (2026, 1, 1))),
        ("two weeks ago", span((2026, 11, 5), (2026, 11, 12))),
        ("vor zwei Wochen", span((2026, 11, 5), (2026, 11, 12))),
        ("两周前", span((2026, 11, 5), (2026, 11, 12))),
        ("last Tuesday", span((2026, 11, 17), (2026, 11, 18))),
        ("on Sunday", span((2026, 11, 15), (2026, 11, 16))),  # said on a Sunday: the one before
        ("am Dienstag", span((2026, 11, 17), (2026, 11, 18))),
        ("上周二", span((2026, 11, 10), (2026, 11, 11))),
        ("上个星期三", span((2026, 11, 11), (2026, 11, 12))),
        ("下个星期五", span((2026, 11, 27), (2026, 11, 28))),
        ("十五天前", span((2026, 11, 6), (2026, 11, 9))),  # not the five days of its last sign
        ("二十天前", span((2026, 11, 1), (2026, 11, 4))),
        ("on 4 May 2023", span((2023, 5, 4), (2023, 5, 5))),
        ("on May 4th, 2023", span((2023, 5, 4), (2023, 5, 5))),
        ("am 4. Mai 2023", span((2023, 5, 4), (2023, 5, 5))),
        ("2023-05-04", span((2023, 5, 4), (2023, 5, 5))),
        ("2023年5月4日", span((2023, 5, 4), (2023, 5, 5))),
        ("in May 2023", span((2023, 5, 1), (2023, 6, 1))),
        ("in December 2023", span((2023, 12, 1), (2024, 1, 1))),
        ("On May 4th, what did I tell you?", EachYear(5, 4)),
        ("在5月4日这天", EachYear(5, 4)),
        ("im Mai", EachYear(5)),
        ("since March", EachYear(3)),
        ("what did we do in 2022?", span((2022, 1, 1), (2023, 1, 1))),
    ],
)
def test_times_are_read(text: str, when: When) -> None:
    assert times(text, SUNDAY) == (when,)


@pytest.mark.parametrize(
    "text",
    [
        "May I ask you something?",
        "They march on",
        "I paid 2022 euros",
        "May 32nd",
        "30 February 2024",  # no such day, and not read as "30 February" of any year
        "I have a second question",
        "Wo kann man hier gut essen?",  # "here", not the French yesterday
        "a report by Jan",
        "",
    ],
)
def test_what_is_no_time_is_left(text: str) -> None:
    assert times(text, SUNDAY) == ()


def test_a_day_holds_in_each_year() -> None:
    assert EachYear(5, 4).holds(date(2019, 5, 4))
    assert not EachYear(5, 4).holds(date(2019, 5, 5))
    assert EachYear(5).holds(date(2019, 5, 5))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (span((2026, 5, 1), (2026, 6, 1)), span((2026, 5, 31), (2026, 6, 2)), True),
        (span((2026, 5, 1), (2026, 6, 1)), span((2026, 6, 1), (2026, 6, 2)), False),  # the end is not in it
        (EachYear(5), span((2020, 5, 3), (2020, 5, 4)), True),
        (span((2020, 5, 3), (2020, 5, 4)), EachYear(5), True),
        (EachYear(5), EachYear(5, 4), True),
        (EachYear(5, 3), EachYear(5, 4), False),
        (EachYear(5), span((2020, 1, 1), (2021, 1, 1)), False),  # a whole year is about no month of it
    ],
)
def test_what_two_times_share(one: When, other: When, shared: bool) -> None:
    assert meet(one, other) is shared
