"""The last three fields of cron, day, month and weekday, for the days that were said."""

from __future__ import annotations

from collections.abc import Sequence

from hub.schedules.when.words.days import MONTHS
from hub.schedules.when.words.parts import Dates, DayMark, DayPart, Except, Freq, MonthDays, Nths, Weekdays, Within
from hub.schedules.when.words.stream import refuse

FIRST_WEEKDAY = ("*/31,2,3 {0} 1", "*/31 {0} 2-5")
"""The first day of a month from Monday to Friday: with a star in front cron asks for both day and weekday, and */31 is
the 1st."""
_ALL_MONTHS = tuple(range(1, 13))
COARSE = ("week", "month", "quarter", "year")


def day_fields(
    days: Sequence[DayPart], freqs: Sequence[Freq], months: Sequence[int], left: Except, *, counted: bool
) -> list[str]:
    """One or several sets of fields for the days of a clause. `counted`: every so manieth day is counted apart from
    cron. Raises BadInput where days lack or contradict each other."""
    coarse = {one for one in freqs if one.unit in COARSE}
    units = {one.unit for one in coarse}
    if len(units) > 1 or len(coarse) > 1:
        refuse("Several rhythms are said at once.", "Make a schedule of each.")
    freq = next(iter(coarse), None)
    named = _named_months(months, left)
    if counted and days:
        refuse("Every so manieth day and certain days are both said.", "Write every two weeks on Monday, for example.")
    if freq is None and not days:
        if not freqs and not months:
            refuse("On which days is not said.", "Write every day at 9, or tomorrow at 9.")
        return _left([f"* {_numbers(named)} *"], left)
    if freq is not None:
        _fits(freq, days, months)
    found: list[str] = []
    for one in days:
        found += _fields(one, freq, named)
    return _left(found or [f"* {_numbers(named)} *"], left)


def _fits(freq: Freq, days: Sequence[DayPart], months: Sequence[int]) -> None:
    """A week needs its weekday, a month its day, a year its date."""
    examples = {
        "week": "Name the weekday, as in every week on Monday at 9.",
        "month": "Name the day, as in every month on the 1st at 9, or on the last Friday of every month.",
        "quarter": "Name the day, as in every quarter on the 1st at 9.",
        "year": "Name the date, as in every year on 3 March at 9.",
    }
    kinds = {"week": Weekdays, "month": MonthDays | Nths, "quarter": MonthDays | Nths}
    wanted = kinds.get(freq.unit, Dates | MonthDays | Nths)
    if not days:
        if freq.unit == "year" and months and freq.number == 1:
            refuse("Which day of the month is not said.", examples["year"])
        refuse(f"On which day of the {freq.unit} is not said.", examples[freq.unit])
    for one in days:
        if freq.unit in ("month", "quarter") and isinstance(one, Weekdays):
            refuse(f"Which one of the weekdays in the {freq.unit} is not said.",
                   "Write on the first Monday of every month.")  # fmt: skip
        if not isinstance(one, wanted):
            refuse(f"Every {freq.unit} and such a day do not go together.", examples[freq.unit])
    if freq.unit == "year" and freq.number > 1:
        refuse("Years are not counted.", "Write every year on 3 March, or one date for each year.")
    if freq.unit in ("month", "quarter"):
        step = freq.number * (3 if freq.unit == "quarter" else 1)
        if 12 % step:
            refuse(f"Every {step} months does not come out even in a year.",
                   "Write every 1, 2, 3, 4 or 6 months, or name the months.")  # fmt: skip
        if months:
            refuse("A rhythm of months and certain months are both said.", "Leave one of them out.")
        if step > 1 and any(isinstance(one, MonthDays | Nths) and one.within and one.within.months for one in days):
            refuse("A rhythm of months and certain months are both said.", "Leave one of them out.")


def _fields(one: DayPart, freq: Freq | None, months: tuple[int, ...]) -> list[str]:
    if isinstance(one, Weekdays):
        if not one.again and freq is None:
            refuse("Whether that weekday recurs is unclear.", "Write every in front of it.")
        return [f"* {_numbers(months)} {_list(one.days)}"]
    if isinstance(one, Dates):
        if len(months) < 12:
            refuse("Several months are said.", "Write every year on 3 March.")
        return [f"{_list(one.days)} {one.month} *"]
    assert isinstance(one, MonthDays | Nths)
    if one.within is not None and one.within.shift is not None:
        refuse("It says both one month and something that recurs.", "Leave one of them out.")
    ends = all(mark in ("L", "LW") for mark in one.days) if isinstance(one, MonthDays) else all(
        which < 0 for _, which in one.pairs
    )  # fmt: skip
    in_months = _months(one.within, freq, months, ends, one)
    if isinstance(one, Nths):
        return [f"* {_numbers(in_months)} {day}{'L' if which < 0 else f'#{which}'}" for day, which in one.pairs]
    return _marked(one.days, in_months)


def _marked(days: Sequence[DayMark], months: tuple[int, ...]) -> list[str]:
    numbers = [day for day in days if isinstance(day, int)]
    shortest = {2: 28} | dict.fromkeys((4, 6, 9, 11), 30)
    for day in numbers:
        short = [month for month in months if day > shortest.get(month, 31)]
        if short:
            refuse(
                f"{MONTHS[short[0]]} has no day {day}" + (" in most years." if (short[0], day) == (2, 29) else "."),
                "Write the last day of every month, a day up to the 28th, or name the months that have it.",
            )
    plain = [str(day) for day in sorted(set(numbers))] + [day for day in ("L", "LW") if day in days]
    found = [f"{','.join(plain)} {_numbers(months)} *"] if plain else []
    return found + ([text.format(_numbers(months)) for text in FIRST_WEEKDAY] if "FW" in days else [])


def _months(
    within: Within | None, freq: Freq | None, months: tuple[int, ...], ends: bool, one: MonthDays | Nths
) -> tuple[int, ...]:
    """The months a day of a month is meant in; what ends a quarter or a year is in its last month."""
    if within and within.months:
        return within.months
    unit = within.unit if within else ""
    step = 1
    if freq is not None:
        step = {"month": 1, "quarter": 3, "year": 12}[freq.unit] * freq.number
        if freq.unit == "year" and len(months) == 12 and unit != "year":
            refuse("Which month is meant is not said.", "Write every year on 3 March.")
        if freq.unit == "year" and unit != "year":
            return months
    if unit in ("quarter", "year"):
        step = max(step, 3 if unit == "quarter" else 12)
    if within is None and freq is None and not one.again and len(months) == 12 and _few(one):
        refuse("Whether that is once or every month is unclear.",
               "Write every month on the 15th, or name the month, as in on 15 March.")  # fmt: skip
    if step == 1:
        return months
    late = ends and (unit in ("quarter", "year") or (freq is not None and freq.unit in ("quarter", "year")))
    return tuple(range(step if late else 1, 13, step))


def _few(one: MonthDays | Nths) -> bool:
    return isinstance(one, Nths) or len(one.days) == 1


def _named_months(months: Sequence[int], left: Except) -> tuple[int, ...]:
    kept = tuple(month for month in (sorted(set(months)) or _ALL_MONTHS) if month not in left.months)
    if not kept:
        refuse("No month is left.", "Leave out fewer.")
    return kept


def _left(found: list[str], left: Except) -> list[str]:
    """Without the weekdays that are left out."""
    if not left.weekdays:
        return found
    kept: list[str] = []
    for text in found:
        day, month, weekday = text.split()
        if day != "*" or "#" in weekday or "L" in weekday:
            refuse("Weekdays can be left out of weekdays only.", "Write every day except Sunday at 9, for example.")
        days = set(range(7)) if weekday == "*" else {int(one) for one in weekday.split(",")}
        if not days - set(left.weekdays):
            refuse("No day is left.", "Leave out fewer.")
        kept.append(f"{day} {month} {_list(days - set(left.weekdays))}")
    return kept


def _list(numbers: Sequence[int] | set[int]) -> str:
    return ",".join(map(str, sorted(set(numbers))))


def _numbers(months: Sequence[int]) -> str:
    return "*" if len(set(months)) == 12 else _list(months)
