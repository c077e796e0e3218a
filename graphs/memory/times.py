"""Time words: the days that "last week", "in May" or "am 4. Mai" mean, counted from the day on which they were said.

English, German and Chinese, the calendar words of French and Spanish too. A month or a day without its year means the
one of any year: people ask "in May" of the last one as well as of the one before. What is not understood is left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)

_WORD = re.compile(r"\w+")
_SOME_YEAR = "####"
"""Stands for every year among the signs of a form."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to before `end`."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class EachYear:
    """A month, or a day of a month, of any year."""

    month: int
    day: int | None = None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return day.month == self.month and self.day in (None, day.day)


When = Period | EachYear

LONGEST_SPAN = 45
"""Days of the longest period that a text may speak of and still be taken as being about a time within it."""


def meet(one: When, other: When) -> bool:
    """Whether two times have a day in common."""
    if isinstance(one, EachYear) and isinstance(other, EachYear):
        return one.month == other.month and (one.day == other.day or None in (one.day, other.day))
    if isinstance(other, EachYear):
        return meet(other, one)
    if (other.end - other.start).days > LONGEST_SPAN:
        return False
    return any(one.holds(other.start + number * DAY) for number in range((other.end - other.start).days))


_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3,
    "ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "ein paar": 3, "paar": 3,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "几": 3,
}  # fmt: skip
_MONTHS = [
    "january janvier januar jänner enero jan",
    "february février februar febrero feb",
    "march mars märz marzo mar",
    "april avril abril apr",
    "may mai mayo",
    "june juin juni junio jun",
    "july juillet juli julio jul",
    "august août agosto aug",
    "september septembre septiembre sept sep",
    "october octobre oktober octubre oct okt",
    "november novembre noviembre nov",
    "december décembre dezember diciembre dec dez",
]
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_WEEKDAYS = [
    "monday montag lundi lunes",
    "tuesday dienstag mardi martes",
    "wednesday mittwoch mercredi miércoles",
    "thursday donnerstag jeudi jueves",
    "friday freitag vendredi viernes",
    "saturday samstag sonnabend samedi sábado",
    "sunday sonntag dimanche domingo",
]
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_HANZI_SIDES = {"上": -7, "下": 7}
_HANZI_WEEKDAY = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}

_NAME = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(_WEEKDAY_OF, key=len, reverse=True))
_NUMBER = r"\d{1,3}|" + "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_LAST = r"last|past|letzte[nmrs]?|vorige[nmrs]?|vergangene[nmrs]?"
_THIS = r"this|diese[nmrs]?"
_NEXT = r"next|coming|nächste[nmrs]?|kommende[nmrs]?"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A time as a text names it."""

    words: str
    when: When
    relative: bool
    """Whether it means something only beside the day on which it was said."""


def times(text: str, today: date) -> tuple[When, ...]:
    """The times that a text names, seen from `today`."""
    return tuple(dict.fromkeys(spoken.when for spoken in spoken_times(text, today)))


def spoken_times(text: str, today: date) -> tuple[Spoken, ...]:
    """The same with the words that name them, in no particular order."""
    text = text.casefold()
    signed = {number for word in set(_WORD.findall(text)) for number in _FORMS_OF.get(_sign(word), ())}
    if not text.isascii():
        signed |= {number for mark, numbers in _FORMS_OF_MARK.items() if mark in text for number in numbers}
    found: list[Spoken] = []
    for number in sorted(signed):
        form = _FORMS[number]
        text = form.pattern.sub(lambda match, form=form: _take(match, form, today, found), text)  # type: ignore[misc]
    return tuple(found)


def _sign(word: str) -> str:
    return _SOME_YEAR if len(word) == 4 and word.startswith(("19", "20")) else word


def _take(match: re.Match[str], form: "_Form", today: date, found: list[Spoken]) -> str:
    """What was understood is taken out, so that "May 4" is not read again as "May"."""
    when = form.read(match, today)
    if when is not None:
        found.append(Spoken(match[0].strip(), when, form.relative))
    return " "


def _number(text: str) -> int:
    text = text.strip()
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return _NUMBERS.get(tens, 1) * 10 + _NUMBERS.get(ones, 0)
    return _NUMBERS.get(text, 1)


def _day(year: int, month: int, day: int) -> Period | None:
    try:
        start = date(year, month, day)
    except ValueError:
        return None
    return Period(start, start + DAY)


def _month(year: int, month: int) -> Period:
    return Period(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))


def _iso(match: re.Match[str], _today: date) -> When | None:
    return _day(int(match["year"]), int(match["month"]), int(match["day"]))


def _date(match: re.Match[str], _today: date) -> When | None:
    month = _MONTH_OF[match["name"]]
    day = int(match["day"])
    if match["year"]:
        return _day(int(match["year"]), month, day)
    return EachYear(month, day) if 1 <= day <= 31 else None


def _named_month(match: re.Match[str], _today: date) -> When | None:
    month = _MONTH_OF[match["name"]]
    return _month(int(match["year"]), month) if match["year"] else EachYear(month)


def _hanzi_date(match: re.Match[str], _today: date) -> When | None:
    month, year = int(match["month"]), int(match["year"]) if match["year"] else None
    if not 1 <= month <= 12:
        return None
    if match["day"]:
        day = int(match["day"])
        return _day(year, month, day) if year else EachYear(month, day)
    return _month(year, month) if year else EachYear(month)


def _year(match: re.Match[str], _today: date) -> When | None:
    year = int(match["year"])
    return Period(date(year, 1, 1), date(year + 1, 1, 1))


_RELATIVE_DAYS = {
    "the day before yesterday": -2, "vorgestern": -2, "前天": -2, "yesterday": -1, "last night": -1, "gestern": -1,
    "ayer": -1, "昨天": -1, "昨晚": -1, "today": 0, "tonight": 0, "this morning": 0, "heute": 0, "今天": 0,
    "tomorrow": 1, "明天": 1, "übermorgen": 2, "后天": 2,
}  # fmt: skip


def _ago(match: re.Match[str], today: date) -> When | None:
    """So many units ago, with as much room about it as people take: days to the day, weeks and longer by the unit."""
    return _back(today, _number(match["number"]), _unit(match["unit"]))


def _back(today: date, number: int, unit: str) -> Period:
    if unit == "day":
        at, room = today - number * DAY, DAY if number > 2 else 0 * DAY  # "three days ago" may be two
    elif unit == "week":
        at, room = today - number * 7 * DAY, 3 * DAY
    elif unit == "month":
        at, room = today - round(number * 30.44) * DAY, 15 * DAY
    else:
        at, room = today - round(number * 365.25) * DAY, 120 * DAY
    return Period(at - room, at + room + DAY)


def _unit(word: str) -> str:
    starts = {"d": "day", "t": "day", "天": "day", "w": "week", "周": "week", "星": "week", "个星": "week",
              "m": "month", "个月": "month", "y": "year", "j": "year", "年": "year"}  # fmt: skip
    return next(
        unit for start, unit in sorted(starts.items(), key=lambda item: -len(item[0])) if word.startswith(start)
    )


def _last(match: re.Match[str], today: date) -> When | None:
    return _calendar(match["unit"], -1, today)


def _this(match: re.Match[str], today: date) -> When | None:
    return _calendar(match["unit"], 0, today)


def _next(match: re.Match[str], today: date) -> When | None:
    return _calendar(match["unit"], 1, today)


def _calendar(unit: str, steps: int, today: date) -> Period:
    """The week, weekend, month or year before this one, this one, or the one after."""
    monday = today - today.weekday() * DAY + steps * 7 * DAY
    if unit in ("week", "woche", "周", "星期", "个星期"):
        # "Last week" said on a Sunday may mean the week that ends: a day of room on its far side.
        return Period(monday, monday + (8 if steps < 0 else 7) * DAY)
    if unit in ("weekend", "wochenende", "周末"):
        return Period(monday + 4 * DAY, monday + 8 * DAY)
    if unit in ("month", "monat", "个月", "月"):
        months = today.year * 12 + today.month - 1 + steps
        return _month(months // 12, months % 12 + 1)
    return Period(date(today.year + steps, 1, 1), date(today.year + steps + 1, 1, 1))


def _weekday(match: re.Match[str], today: date) -> When | None:
    """The last such day before today; "next Friday" the first after it."""
    wanted = _WEEKDAY_OF[match["weekday"]]
    if match["side"] and re.fullmatch(_NEXT, match["side"]):
        start = today + ((wanted - today.weekday() - 1) % 7 + 1) * DAY
    else:
        start = today - ((today.weekday() - wanted - 1) % 7 + 1) * DAY
    return Period(start, start + DAY)


def _hanzi_weekday(match: re.Match[str], today: date) -> When | None:
    monday = today - today.weekday() * DAY + _HANZI_SIDES.get((match["side"] or "")[:1], 0) * DAY
    start = monday + _HANZI_WEEKDAY[match["weekday"]] * DAY
    return Period(start, start + DAY)


_Reader = Callable[[re.Match[str], date], When | None]


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of naming a time."""

    signs: tuple[str, ...]
    """One of these words stands in every text that has the form, or one of these marks of a script without spaces.
    Most texts name no time, and to see that by their words takes a tenth of the patterns' time."""
    pattern: re.Pattern[str]
    read: _Reader
    relative: bool = False


def _either(match: re.Match[str], today: date) -> When | None:
    start = today + _RELATIVE_DAYS[match["word"] or match["word_"]] * DAY
    return Period(start, start + DAY)


def _forms() -> Iterator[_Form]:
    """The longer form before the shorter one that it holds."""
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?"
    unit = r"(?P<unit>days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?)"
    of = r"(?:\s+(?:of|de|del)\s+|\s+)"
    months = tuple(_MONTH_OF)
    span = ("weekend", "week", "month", "year", "wochenende", "woche", "monat", "jahr")
    spans = f"(?P<unit>{'|'.join(span)})"

    def form(signs: tuple[str, ...], pattern: str, read: _Reader, *, relative: bool = False) -> _Form:
        return _Form(signs, re.compile(pattern), read, relative)

    yield form((_SOME_YEAR,), rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b", _iso)
    yield form(
        ("月",), rf"(?:{_YEAR}\s*年\s*)?(?P<month>\d{{1,2}})\s*月份?\s*(?:(?P<day>\d{{1,2}})\s*[日号])?", _hanzi_date
    )
    yield form(months, rf"\b{day}{of}(?P<name>{_NAME})\b\.?(?:,?{of}{_YEAR}\b)?", _date)
    yield form(months, rf"\b(?P<name>{_NAME})\b\.?\s+{day}\b(?:,?\s+{_YEAR}\b)?", _date)
    yield form(months, rf"\b(?P<name>{_NAME})\b\.?,?{of}{_YEAR}\b", _named_month)
    # Without a year only where a word before it says that a time is meant: "may" and "march" are verbs too.
    before = "in|of|since|during|until|early|late|mid|last|this|im|seit|anfang|mitte|ende|en|month of"
    yield form(months, rf"\b(?:{before})[\s-]+(?P<name>{_NAME})\b(?P<year>)", _named_month)
    yield form(
        ("ago", "earlier", "back"), rf"\b(?P<number>{_NUMBER})\s+{unit}\s+(?:ago|earlier|back)\b", _ago, relative=True
    )
    yield form(("vor",), rf"\bvor\s+(?P<number>{_NUMBER})\s+{unit}\b", _ago, relative=True)
    yield form(
        ("前",),
        r"(?P<number>\d{1,3}|[一两二三四五六七八九几十]{1,3})\s*(?P<unit>天|周|个?星期|个月|年)(?:之?前|以前)",
        _ago,
        relative=True,
    )
    sides = f"{_LAST}|{_NEXT}|on|am|this|diesen|since|seit"
    yield form(tuple(_WEEKDAY_OF), rf"\b(?P<side>{sides})\s+(?P<weekday>{_WEEKDAY})\b", _weekday, relative=True)
    yield form(
        ("周", "星期"),
        r"(?P<side>[上下这本]个?)?(?:周|星期)(?P<weekday>[一二三四五六日天])(?!前)",
        _hanzi_weekday,
        relative=True,
    )
    yield form(span, rf"\b(?:{_LAST})\s+{spans}\b", _last, relative=True)
    yield form(span, rf"\b(?:{_THIS})\s+{spans}\b", _this, relative=True)
    yield form(span, rf"\b(?:{_NEXT})\s+{spans}\b", _next, relative=True)
    yield form(("上",), r"上(?P<unit>周末|周|个?星期|个月)", _last, relative=True)
    yield form(("这", "本"), r"(?:这|本)(?P<unit>周末|周|个?星期|个?月)", _this, relative=True)
    yield form(("年",), r"(?:去|前一)(?P<unit>年)", _last, relative=True)
    yield form(("今",), r"今(?P<unit>年)", _this, relative=True)
    latin = "|".join(sorted((word for word in _RELATIVE_DAYS if word[0] < "一"), key=len, reverse=True))
    hanzi = "|".join(word for word in _RELATIVE_DAYS if word[0] >= "一")
    relative = tuple(words.split()[-1] for words in _RELATIVE_DAYS)
    yield form(relative, rf"\b(?P<word>{latin})\b|(?P<word_>{hanzi})", _either, relative=True)
    yield form((_SOME_YEAR,), rf"(?<![\d.,$€£-])\b(?:in|since|during|until|of|im jahr|seit|en)\s+{_YEAR}\b", _year)
    yield form(("年",), rf"{_YEAR}\s*年", _year)


_FORMS = tuple(_forms())
_FORMS_OF = {
    sign: [number for number, form in enumerate(_FORMS) if sign in form.signs]
    for sign in dict.fromkeys(sign for form in _FORMS for sign in form.signs)
}
"""By sign, the forms that may follow from it."""
_FORMS_OF_MARK = {sign: numbers for sign, numbers in _FORMS_OF.items() if sign[0] >= "一"}
