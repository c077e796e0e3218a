"""Since when a fact holds: "since March", "seit 2019", "two years ago", counted from when it was said.

A model reads such words well and counts badly, so what is plain is counted here and comes first; a date that a model
gives is taken where the person named a time at all.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

FURTHEST_AHEAD = timedelta(days=366 * 10)
EARLIEST = 1900

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner enero janvier 1月 一月",
            "february feb februar febrero février fevrier 2月 二月",
            "march mar märz maerz marzo mars 3月 三月",
            "april apr abril avril 4月 四月",
            "may mai mayo 5月 五月",
            "june jun juni junio juin 6月 六月",
            "july jul juli julio juillet 7月 七月",
            "august aug agosto août aout 8月 八月",
            "september sept sep septiembre septembre 9月 九月",
            "october oct oktober okt octubre octobre 10月 十月",
            "november nov noviembre novembre 11月 十一月",
            "december dec dezember dez diciembre décembre decembre 12月 十二月",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_SINCE = r"(?:since|from|as of|starting|seit|ab|desde|depuis|à partir de|自|从|自从)"
_UNTIL = r"(?:until|till|through|bis|hasta|jusqu'(?:en|à|au)|直到|到)"
_FILL = r"\s*(?:(?:last|this|early|mid|late|around|about|the|end of|dem|den|im|letztem|el|de|le|en|mes de)\s+)*"
_DATE = rf"(?:(?P<month>{_MONTH})\b\.?(?:\s+(?:de\s+)?(?P<year>(?:19|20)\d\d))?|(?P<only_year>(?:19|20)\d\d)\b)"
_NUMBER = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "un": 1, "una": 1,
           "dos": 2, "tres": 3, "une": 1, "deux": 2, "trois": 3}  # fmt: skip
_UNIT = {"day": 1, "days": 1, "tag": 1, "tagen": 1, "día": 1, "días": 1, "jour": 1, "jours": 1,
         "week": 7, "weeks": 7, "woche": 7, "wochen": 7, "semana": 7, "semanas": 7, "semaine": 7, "semaines": 7,
         "month": 30, "months": 30, "monat": 30, "monaten": 30, "mes": 30, "meses": 30, "mois": 30,
         "year": 365, "years": 365, "jahr": 365, "jahren": 365, "año": 365, "años": 365, "an": 365,
         "ans": 365}  # fmt: skip
_NUMBERS = rf"\d{{1,3}}|{'|'.join(_NUMBER)}"
_UNITS = "|".join(sorted(_UNIT, key=len, reverse=True))
_COUNTS = rf"(?:{_NUMBERS})\s+(?:{_UNITS})\b"
_AGO = re.compile(rf"\b{_COUNTS}\s+ago\b|\b(?:vor|seit|hace|desde hace|il y a|depuis)\s+{_COUNTS}")
# In lower case, as the quotes that they are looked for in: a pattern without regard to case takes the dotless i of
# Turkish for an i, and what it finds then is no month's name by any table.
_COUNTED = re.compile(rf"(?P<count>{_NUMBERS})\s+(?P<unit>{_UNITS})\b")
_FROM = re.compile(rf"(?<!\w){_SINCE}{_FILL}{_DATE}")
_TO = re.compile(rf"(?<!\w){_UNTIL}{_FILL}{_DATE}")
_DAY_WORDS = {"today": 0, "heute": 0, "hoy": 0, "aujourd'hui": 0, "今天": 0, "yesterday": 1, "gestern": 1, "ayer": 1,
              "hier": 1, "昨天": 1}  # fmt: skip
_DAY = re.compile(rf"(?<!\w)(?:{'|'.join(_DAY_WORDS)})(?!\w)")
_NAMES_TIME = re.compile(
    rf"\d{{4}}|\b\d{{1,2}}[./]\d{{1,2}}\b|\b(?:{_MONTH})\b|\b(?:ago|since|until|till|yesterday|today|tomorrow|tonight|"
    r"(?:last|next|this)\s+\w+|monday|tuesday|wednesday|thursday|friday|saturday|sunday|seit|vor|bis|gestern|heute|"
    r"morgen|letzte\w*|nächste\w*|desde|hace|hasta|ayer|hoy|mañana|próxim\w+|pasad\w+|depuis|jusqu\w*|hier|demain|"
    r"prochaine?|dernière?)\b|[年月日]|昨天|今天|明天|上周|下周",
    re.IGNORECASE,
)


def stated_from(quote: str, said_at: datetime) -> datetime | None:
    """Since when, where the quote says so in a form that is known here; midnight UTC of that day."""
    quote = quote.casefold()
    if (found := _AGO.search(quote)) and (counted := _COUNTED.search(found[0])):
        count = _NUMBER.get(counted["count"]) or int(counted["count"])
        return _midnight(said_at - timedelta(days=count * _UNIT[counted["unit"]]))
    if found := _FROM.search(quote):
        return _of(found, said_at, future=False)
    if found := _DAY.search(quote):
        return _midnight(said_at - timedelta(days=_DAY_WORDS[found[0]]))
    return None


def stated_to(quote: str, said_at: datetime) -> datetime | None:
    """Until when, where the quote says so: the end of that month or year."""
    found = _TO.search(quote.casefold())
    if found is None:
        return None
    start = _of(found, said_at, future=True)
    if found["only_year"]:
        return start.replace(year=start.year + 1)
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def given(value: object, quote: str, said_at: datetime) -> datetime | None:
    """A date that a model gave (`2026`, `2026-03`, `2026-03-01`); None where it is none, the quote names no time, or it
    lies where no fact of a person's life does."""
    if not isinstance(value, str) or not _NAMES_TIME.search(quote):
        return None
    parts = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?", value.strip())
    if parts is None:
        return None
    try:
        moment = datetime(int(parts[1]), int(parts[2] or 1), int(parts[3] or 1), tzinfo=UTC)
    except ValueError:
        return None
    return moment if moment.year >= EARLIEST and moment <= said_at + FURTHEST_AHEAD else None


def _of(found: re.Match[str], said_at: datetime, *, future: bool) -> datetime:
    """The month that was named: of the year that was named, else the nearest behind (or ahead)."""
    if found["only_year"]:
        return datetime(int(found["only_year"]), 1, 1, tzinfo=UTC)
    month = _MONTHS[found["month"]]
    year = int(found["year"]) if found["year"] else said_at.year
    if not found["year"]:
        year += (month < said_at.month) if future else -(month > said_at.month)
    return datetime(year, month, 1, tzinfo=UTC)


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
