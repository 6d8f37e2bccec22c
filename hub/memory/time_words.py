"""The days that words name, as of a day: what stands for a time in English, German and French, and how it is read."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from hub.memory.records import Precision

Found = tuple[date, date, Precision]
Reader = Callable[[re.Match[str], date, bool], Found | None]
"""Reads a match as of a day; True takes the nearest one to come where it does not say which."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier",
            "february feb februar février fevrier",
            "march mar märz maerz mars",
            "april apr avril",
            "may mai",
            "june jun juni juin",
            "july jul juli juillet",
            "august aug août aout",
            "september sep sept septembre",
            "october oct oktober okt octobre",
            "november nov novembre",
            "december dec dezember dez décembre decembre",
        ),
        1,
    )
    for name in names.split()
}
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi",
            "tuesday dienstag mardi",
            "wednesday mittwoch mercredi",
            "thursday donnerstag jeudi",
            "friday freitag vendredi",
            "saturday samstag sonnabend samedi",
            "sunday sonntag dimanche",
        )
    )
    for name in names.split()
}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12, "frühling": 3, "frühjahr": 3, "sommer": 6,
            "herbst": 9, "printemps": 3, "été": 6, "automne": 9, "hiver": 12}  # fmt: skip
_COUNTS = {
    name: number
    for number, names in enumerate(
        (
            "a an one ein einem einer eine einen un une",
            "two couple zwei deux",
            "three drei trois",
            "four vier quatre",
            "five fünf cinq",
            "six sechs",
            "seven sieben sept",
            "eight acht huit",
            "nine neun neuf",
            "ten zehn dix",
        ),
        1,
    )
    for name in names.split()
}
_M, _D, _S = ("|".join(sorted(names, key=len, reverse=True)) for names in (_MONTHS, _DAYS, _SEASONS))
_N = r"\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True))
_UNIT = (
    r"(?P<unit>days?|weekends?|wochenenden?|weeks?|months?|years?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?|jours?|semaines?|mois|ans?"
    r"|années?)"
)
_LAST = r"(?:last|past|previous|letzte[nrsm]?|vorige[nrsm]?|vergangene[nrsm]?)"
_THIS = r"(?:this|diese[nrsm]?|ce|cette|cet)"
_NEXT = r"(?:next|coming|nächste[nrsm]?|kommende[nrsm]?)"


def _month(year: int, month: int) -> Found:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]), "month"


def _year(year: int) -> Found:
    return date(year, 1, 1), date(year, 12, 31), "year"


def _day(day: date) -> Found:
    return day, day, "day"


def _exact(year: int, month: int, day: int) -> Found | None:
    return _day(date(year, month, day)) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _iso(match: re.Match[str], _: date, __: bool) -> Found | None:
    year, month, day = int(match["y"]), int(match["m"]), match["d"]
    if not 1 <= month <= 12:
        return None
    return _exact(year, month, int(day)) if day else _month(year, month)


def _dotted(match: re.Match[str], _: date, __: bool) -> Found | None:
    day, month = int(match["d"]), int(match["m"])
    return _exact(int(match["y"]), month, day) if 1 <= month <= 12 else None


def written(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """ "3 May 2026", "May 3rd": without a year the one that is nearest before or within a month, or that comes."""
    month, day = _MONTHS[match["month"].casefold()], int(match["d"])
    year = int(match["y"]) if match["y"] else today.year
    found = _exact(year, month, day)
    if not found or match["y"]:
        return found
    if ahead:
        return found if found[0] >= today else _exact(year + 1, month, day)
    return _exact(year - 1, month, day) if found[0] > today + timedelta(days=31) else found


def _month_of(match: re.Match[str], _: date, __: bool) -> Found:
    return _month(int(match["y"]), _MONTHS[match["month"].casefold()])


def _which_month(match: re.Match[str], today: date, ahead: bool) -> Found:
    """ "last May", "in May", "since May", "next May": the nearest one on that side; "in" also means this month."""
    month, how = _MONTHS[match["month"].casefold()], _side(match)
    year = today.year
    if how == "next":
        year += month <= today.month
    elif how == "last":
        year -= month >= today.month
    elif ahead and "since" not in _said(match):
        year += month < today.month
    else:
        year -= month > today.month
    return _month(year, month)


def _season(match: re.Match[str], today: date, ahead: bool) -> Found:
    begins, how = _SEASONS[match["season"].casefold()], _side(match)
    year = today.year
    if match["y"]:
        year = int(match["y"])
    elif how == "next":
        year += date(year, begins, 1) <= today
    elif how == "last":
        year -= _season_end(year, begins) >= today
    elif ahead:
        year += _season_end(year, begins) < today
    else:
        year -= date(year, begins, 1) > today
    return date(year, begins, 1), _season_end(year, begins), "month"


def _season_end(year: int, begins: int) -> date:
    month = begins + 2
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    return date(year, month, calendar.monthrange(year, month)[1])


def _weekday(match: re.Match[str], today: date, ahead: bool) -> Found:
    """ "last Monday", "on Monday" (the nearest one before, or to come), "next Monday"."""
    away = (today.weekday() - _DAYS[match["day"].casefold()]) % 7
    side = _side(match)
    if side == "next" or (side == "this" and ahead):
        return _day(today + timedelta(days=(7 - away) or 7))
    return _day(today - timedelta(days=away or 7))


def _unit(match: re.Match[str], today: date, _: bool) -> Found:
    """ "last week", "this month", "next year"."""
    step = {"last": -1, "next": 1}.get(_side(match), 0)
    return _shifted(today, _kind(match), step)


def _shifted(today: date, unit: str, step: int) -> Found:
    if unit == "day":
        return _day(today + timedelta(days=step))
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
        return monday, monday + timedelta(days=6), "day"
    if unit == "weekend":
        saturday = today - timedelta(days=today.weekday() - 5) + timedelta(weeks=step)
        return saturday, saturday + timedelta(days=1), "day"
    if unit == "month":
        months = today.year * 12 + today.month - 1 + step
        return _month(months // 12, months % 12 + 1)
    return _year(today.year + step)


def _ago(match: re.Match[str], today: date, _: bool) -> Found | None:
    """ "three weeks ago", "in two months": as exact as its unit."""
    unit, count = _kind(match), _count(match) * (1 if "ahead" in _said(match) else -1)
    if unit == "day":
        return _day(today + timedelta(days=count))
    if unit == "year":
        return _year(today.year + count) if today.year + count > 0 else None
    return _shifted(today, unit, count)


def _stretch(match: re.Match[str], today: date, _: bool) -> Found:
    """ "in the last three weeks"."""
    days = {"day": 1, "week": 7, "weekend": 7, "month": 31, "year": 366}[_kind(match)] * _count(match)
    return today - timedelta(days=days), today, "day"


def _count(match: re.Match[str]) -> int:
    number = match["n"].casefold()
    return int(number) if number.isdigit() else _COUNTS[number]


def _fixed(days: int) -> Reader:
    return lambda _, today, __: _day(today + timedelta(days=days))


def _named_year(match: re.Match[str], _: date, __: bool) -> Found:
    return _year(int(match["y"]))


def _side(match: re.Match[str]) -> str:
    return next((side for side in ("last", "next") if side in _said(match)), "this")


def _said(match: re.Match[str]) -> set[str]:
    """The named parts that stand in a match."""
    return {name for name, text in match.groupdict().items() if text}


def _kind(match: re.Match[str]) -> str:
    word = match["unit"].casefold()
    for kind, beginnings in (
        ("day", ("day", "tag", "jour")),
        ("weekend", ("weekend", "wochenende")),
        ("week", ("week", "woche", "semaine")),
        ("month", ("month", "monat", "mois")),
    ):
        if word.startswith(beginnings):
            return kind
    return "year"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{text})(?![\w-])", re.IGNORECASE)


_Y = r"(?P<y>(?:19|20)\d\d)"
_SIDES = rf"(?:(?P<last>{_LAST})|(?P<next>{_NEXT})|{_THIS})"
READERS: tuple[tuple[re.Pattern[str], Reader, bool], ...] = (
    (_pattern(rf"{_Y}-(?P<m>\d\d)(?:-(?P<d>\d\d))?"), _iso, False),
    (_pattern(rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_Y}"), _dotted, False),
    (_pattern(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|er)?(?:\sof)?\s(?P<month>{_M})\.?,?(?:\s{_Y})?"), written, False),
    (_pattern(rf"(?P<month>{_M})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{_Y})?"), written, False),
    (_pattern(rf"(?P<month>{_M})\.?,?\s(?:of\s)?{_Y}"), _month_of, False),
    (_pattern(rf"(?:{_SIDES}|im|in(?:\sthe)?|en|during|the)\s(?P<season>{_S})(?:\s(?:of\s)?{_Y})?"), _season, True),
    (_pattern(rf"(?:l'|le\s)(?P<season>{_S})\s(?P<last>dernier)(?P<y>(?!))?"), _season, True),
    (_pattern(rf"{_SIDES}\s(?P<month>{_M})"), _which_month, True),
    (_pattern(rf"(?P<month>{_M})\s(?P<last>dernier|passé)"), _which_month, True),
    (_pattern(rf"(?:in|im|en|during|(?P<since>since|seit|depuis))\s(?P<month>{_M})"), _which_month, True),
    (_pattern(rf"{_SIDES}\s(?P<day>{_D})"), _weekday, True),
    (_pattern(rf"(?P<day>{_D})\s(?:(?P<last>dernier)|(?P<next>prochain))"), _weekday, True),
    (_pattern(rf"(?:on|am|by|until|bis|(?P<last>since|seit))\s(?P<day>{_D})"), _weekday, True),
    (
        _pattern(rf"(?:in\s)?(?:the\s)?(?:last|past|den\sletzten|les)\s(?P<n>{_N})\s(?:derni[eè]re?s\s)?{_UNIT}"),
        _stretch,
        True,
    ),
    (_pattern(rf"(?<!half )(?P<n>{_N})\s(?:of\s)?{_UNIT}\sago"), _ago, True),
    (_pattern(rf"(?:vor|il\sy\sa)\s(?P<n>{_N})\s{_UNIT}"), _ago, True),
    (_pattern(rf"(?P<ahead>in|dans)\s(?P<n>{_N})\s{_UNIT}(?:'s?\stime)?"), _ago, True),
    (_pattern(rf"{_SIDES}\s{_UNIT}"), _unit, True),
    (
        _pattern(rf"(?:l[ae]|l'|l\u2019)\s?{_UNIT}\s(?:(?P<last>derni[eè]re?|passée?)|(?P<next>prochaine?))"),
        _unit,
        True,
    ),
    (_pattern(r"the day before yesterday|vorgestern|avant-hier"), _fixed(-2), True),
    (_pattern(r"yesterday|last night|gestern|hier soir|hier(?!\s(?:ist|sind|war|in|und|bei))"), _fixed(-1), True),
    (_pattern(r"today|tonight|this (?:morning|afternoon|evening)|heute|aujourd['\u2019]hui"), _fixed(0), True),
    (_pattern(r"the day after tomorrow|übermorgen|après-demain"), _fixed(2), True),
    (_pattern(r"tomorrow|demain"), _fixed(1), True),
    (
        _pattern(rf"(?:in|since|during|from|im\sjahr|seit|en|depuis|of|until|before|after|year)\s{_Y}"),
        _named_year,
        False,
    ),
)
"""The more exact ones come first; what one has read, a later one leaves."""
