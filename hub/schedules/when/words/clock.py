"""Times of day: "9", "9:30 pm", "half past eight", "halb sieben", "Viertel nach acht", "noon"; and stretches."""

from __future__ import annotations

from hub.schedules.when.words.parts import Clock, Past, Times, Window
from hub.schedules.when.words.stream import Stream, refuse

_WRONG = "Hours go from 0 to 23 and minutes from 0 to 59, as in 9:30 or 17:00."


def times(stream: Stream) -> Times | None:
    """One or several times: "at 8, 12:30 and 6 pm". An "and at" begins others, maybe of
    other days."""
    sure = stream.skip("at") or (stream.has("num") and stream.has("part", ahead=1))
    first = stream.try_(lambda s: clock(s, sure=sure))
    if first is None:
        return None
    clocks = [first]
    while not _anew(stream) and (more := stream.try_(_another)) is not None:
        clocks.append(more)
    return Times(tuple(clocks))


def _anew(stream: Stream) -> bool:
    ahead = int(stream.has("comma"))
    ahead += int(stream.has("and", ahead=ahead))
    return ahead > 0 and stream.has("at", ahead=ahead)


def window(stream: Stream) -> Window | None:
    """From one time of day to another: "between 9 and 17", "from 9 am to 5 pm", "9-17 Uhr"."""
    meant = stream.skip("between", "from")
    if meant:
        stream.skip("at")
    linked = ("to", "until", "dash", "and") if meant else ("to", "until", "dash")
    if not meant and _minutes_to(stream):
        return None
    first = stream.try_(lambda s: _linked(_written(s, sure=True), s, linked))  # "9 to 5" is not nine minutes to five
    if first is None and (first := stream.try_(lambda s: _linked(clock(s, sure=True), s, linked))) is None:
        return None
    stream.skip("at")
    last = clock(stream, sure=True)
    if last is None or stream.has("month", "unit", "nth"):
        return None
    return Window(first, last)


def past(stream: Stream) -> Past | None:
    """Minutes of each hour: "at quarter past", "at minute 15 and 45", "15 minutes past the hour", ":30"."""
    stream.skip("at", "on")
    found = stream.try_(_minute)
    if found is None:
        return None
    minutes = [found]
    while (more := stream.try_(_another_minute)) is not None:
        minutes.append(more)
    if stream.has("unit") and stream.tokens[stream.place].kinds["unit"] == "hour":
        stream.place += 1
    return Past(tuple(minutes))


def clock(stream: Stream, *, sure: bool) -> Clock | None:
    """One time. A bare number is one only where it is `sure` that a time stands here."""
    if stream.skip("noon"):
        return Clock(12, sure=True)
    if stream.skip("midnight"):
        return Clock(0, sure=True, midnight=True)
    for reader in (_beside_half, _beside, _spoken_half, _quarters):
        if (found := stream.try_(reader)) is not None:
            return found
    return _written(stream, sure=sure)


def _minutes_to(stream: Stream) -> bool:
    """ "ten to nine", "20 to 6": before the hour, not from one hour to another."""
    if not (stream.has("num") and stream.has("to", ahead=1) and stream.has("num", ahead=2)):
        return False
    first, hour = (stream.tokens[stream.place + place].kinds for place in (0, 2))
    return first["num"] in (5, 10, 20, 25) and ("digits" not in first or first["num"] > hour["num"])


def _linked(found: Clock | None, stream: Stream, kinds: tuple[str, ...]) -> Clock | None:
    return found if found and stream.skip(*kinds) else None


def _another(stream: Stream) -> Clock | None:
    if not stream.separated(or_=False):
        if stream.skip("or"):
            stream.skip("at")
            if clock(stream, sure=True) is not None:
                refuse("It says one time or another.", "Write and for both, as in at 7 and 8, or name one of them.")
        return None
    stream.skip("at")
    bare = stream.has("num") and not stream.has("month", "times", "every", "weekday", ahead=1)
    if bare and stream.has_unit(1) and not stream.has("oclock", ahead=1):
        return None
    return clock(stream, sure=bare)


def _written(stream: Stream, *, sure: bool) -> Clock | None:
    if stream.has("clock"):
        hour, minute, second = stream.take("clock")
        if second:
            refuse("Schedules go by the minute, not by seconds.", "Write the time as 9:30.")
        return _tail(stream, hour, minute, zero=stream.tokens[stream.place - 1].text.startswith("0"))
    if stream.has("dotted") and (sure or stream.has("oclock", "am", "pm", ahead=1)):
        digits = stream.tokens[stream.place].text.replace(",", ".").split(".")[1]
        hour, minute = stream.take("dotted")
        return _tail(stream, hour, minute) if len(digits) == 2 else None
    if not stream.has("num") or not (sure or stream.has("oclock", "am", "pm", ahead=1)):
        return None
    digits = str(stream.tokens[stream.place].kinds.get("digits", ""))
    if not sure and stream.has("unit", ahead=1) and len(digits) != 4:
        return None  # "2 hours"
    if stream.has("month", "times", ahead=1) or (stream.has_unit(1) and not stream.has("oclock", ahead=1)):
        return None
    if stream.has("past", "before", ahead=1) or (stream.has("to", ahead=1) and len(stream.tokens) == stream.place + 2):
        return None  # "at 5 past" of each hour
    number = stream.take("num")
    if len(digits) == 4:
        return _tail(stream, number // 100, number % 100, zero=True)
    spoken = stream.skip("oclock") and stream.has("num") and not stream.has("unit", "month", "times", ahead=1)
    if spoken and stream.tokens[stream.place].kinds["num"] > 9:
        return _tail(stream, number, stream.take("num"))
    if not digits and number <= 24 and stream.has("num") and not stream.has("unit", "month", "times", ahead=1):
        minute = stream.tokens[stream.place].kinds["num"]
        if 10 <= minute <= 59:
            return _tail(stream, number, stream.take("num"))  # "nine thirty"
    return _tail(stream, number, 0)


def _tail(stream: Stream, hour: int, minute: int, *, zero: bool = False) -> Clock:
    """A time with what stands behind it: "pm", "o'clock"."""
    stream.skip("oclock")
    half = "am" if stream.skip("am") else "pm" if stream.skip("pm") else ""
    if hour > 24 or minute > 59 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        shown = f"{hour}:{minute:02}" + (f" {half}" if half else "")
        refuse(f"{shown} is no time of day.", _WRONG if not half else "Write 1 to 12 with am or pm, or 13 to 23 alone.")
    if hour == 24:
        return Clock(0, 0, sure=True, midnight=True)
    return Clock(hour, minute, half, bool(half) or hour > 12 or hour == 0 or zero)


def _hour(stream: Stream) -> Clock | None:
    """The full hour that minutes stand beside."""
    if stream.skip("noon"):
        return Clock(12, sure=True)
    if stream.skip("midnight"):
        return Clock(0, sure=True)
    if not stream.has("num") or (stream.has("unit", "month", ahead=1) and not stream.has("oclock", ahead=1)):
        return None
    return _tail(stream, stream.take("num"), 0)


def _shifted(base: Clock, minutes: int) -> Clock:
    """So many minutes after a full hour, or before it."""
    total = base.hour * 60 + base.minute + minutes
    hour = total // 60 % 24
    if hour == 0 and not base.sure:
        hour = 12  # "halb eins" is half past twelve
    half = base.half
    if half and base.hour == 12 and minutes < 0:
        half = "am" if half == "pm" else "pm"  # a quarter to 12 pm is in the morning
    return Clock(hour, total % 60, half, base.sure or hour > 12)


def _beside(stream: Stream) -> Clock | None:
    """ "half past eight", "quarter to nine", "ten past nine", "Viertel nach acht", "20 vor 6"."""
    if stream.skip("half"):
        if stream.has("num"):
            refuse(
                f'"Half {stream.tokens[stream.place].text}" is half past it to some, half an hour earlier to others.',
                "Write half past, or the time in figures.",
            )
        number = 30
        if not stream.skip("past"):
            return None
        sign = 1
    else:
        if stream.has("quarter", "viertel"):
            stream.place += 1
            number = 15
        elif stream.has("num"):
            number = stream.take("num")
            stream.skip("unit")
        else:
            return None
        if number > 59:
            return None
        sign = 1 if stream.skip("past") else -1 if stream.skip("to", "before") else 0
    base = _hour(stream) if sign else None
    return _shifted(base, sign * number) if base else None


def _beside_half(stream: Stream) -> Clock | None:
    """ "fünf vor halb acht", "zehn nach halb drei"."""
    if not stream.has("num"):
        return None
    number = stream.take("num")
    if stream.has_unit():
        stream.unit()
    sign = 1 if stream.skip("past") else -1 if stream.skip("before") else 0
    base = _spoken_half(stream) if sign else None
    if base is None or number > 29:
        return None
    return Clock(base.hour, base.minute + sign * number, base.half, base.sure)


def _spoken_half(stream: Stream) -> Clock | None:
    """ "halb sieben" is 6:30."""
    if not stream.skip("halb"):
        return None
    base = _hour(stream)
    return _shifted(base, -30) if base else None


def _quarters(stream: Stream) -> Clock | None:
    """ "dreiviertel acht" is 7:45, "viertel acht" 7:15, as they say in the south and east of Germany."""
    minutes = -15 if stream.skip("dreiviertel") else -45 if stream.skip("viertel") else 0
    base = _hour(stream) if minutes else None
    return _shifted(base, minutes) if base else None


def _minute(stream: Stream) -> int | None:
    if stream.has("colon"):
        return stream.take("colon")
    if stream.skip("half"):
        return 30 if stream.skip("past") or _an_hour(stream) else None
    if stream.skip("quarter", "viertel"):
        return 15 if stream.skip("past") else 45 if stream.skip("to", "before") else None
    if stream.has("unit") and stream.tokens[stream.place].kinds["unit"] == "minute" and stream.has("num", ahead=1):
        stream.place += 1
        return _checked(stream.take("num"))
    if not stream.has("num"):
        return None
    number = stream.take("num")
    if stream.has_unit() and stream.unit()[1] != "minute":
        return None
    sign = 1 if stream.skip("past") else -1 if stream.skip("to", "before") else 0
    return _checked(number) if sign > 0 else _checked(60 - number) if sign else None


def _another_minute(stream: Stream) -> int | None:
    if not stream.separated():
        return None
    stream.skip("at")
    if stream.has("num") and not stream.has("past", "unit", "month", ahead=1):
        return _checked(stream.take("num"))
    return _minute(stream)


def _an_hour(stream: Stream) -> bool:
    return stream.has("unit") and stream.unit()[1] == "hour"


def _checked(minute: int) -> int:
    if not 0 <= minute <= 59:
        refuse(f"{minute} is no minute of an hour.", _WRONG)
    return minute
