"""Which minutes of the day are meant: "8" in the evening, "9 to 5 pm", "every 15 minutes between 9 and 17"."""

from __future__ import annotations

from collections.abc import Sequence

from hub.schedules.when.words.parts import Clock, Window
from hub.schedules.when.words.stream import refuse

USUAL = 9 * 60
"""Where days are said and no time: nine o'clock, and the sentence says so."""
_NOTE = "Write the time from 0 to 23, as in 18:00, or with am or pm."
_PARTS = {
    "morning": ("in the morning", range(12), None),
    "forenoon": ("before noon", range(5, 12), None),
    "midday": ("at midday", range(11, 16), range(1, 4)),
    "afternoon": ("in the afternoon", range(12, 19), range(1, 7)),
    "evening": ("in the evening", range(16, 24), range(4, 12)),
    "tonight": ("tonight", range(17, 24), range(5, 12)),
    "night": ("at night", (*range(20, 24), *range(6)), range(8, 12)),
}


def minutes(clocks: Sequence[Clock], part: str) -> tuple[int, ...]:
    """Minutes of the day of each time, in the part of the day that was said, if any."""
    found = [_within(one, part) if part else one_of(one) for one in _shared(clocks)]
    if part and part != "night" and found != sorted(found):
        refuse(f"Whether each of these times is {_PARTS[part][0]} is unclear.", _NOTE)
    return tuple(sorted(set(found)))


def one_of(clock: Clock) -> int:
    """The 24-hour reading: a bare 8 is eight in the morning."""
    hour = clock.hour
    if clock.half:
        hour = hour % 12 + (12 if clock.half == "pm" else 0)
    return hour * 60 + clock.minute


def part_needs_time(part: str) -> int:
    """The minute of a part of the day that names one by itself, midday. Refuses the others."""
    if part == "midday":
        return 12 * 60
    said = _PARTS[part][0]
    return refuse(f"At which time {said} is not said.", "Add a time, as in at 8 in the morning.")


def span(window: Window, part: str) -> tuple[int, int]:
    """First and last minute of a stretch of the day; the last lies before the first when it goes past midnight."""
    first, last = window.first, window.last
    if part:
        begin, end = _within(first, part), _within(last, part)
    else:
        if last.half == "pm" and not first.half and not first.sure and first.hour != 12:
            later = Clock(first.hour, first.minute, "pm", sure=True)
            first = later if one_of(later) < one_of(last) else first
        if last.half == "am" and not first.half and not first.sure and one_of(first) > one_of(last):
            refuse(f"Whether it begins at {first.hour} am or pm is unclear.", _NOTE)
        begin, end = one_of(first), one_of(last)
        bare = not ((first.sure and last.sure) or (first.half and last.half))
        if end <= begin and bare and not last.midnight:
            refuse(
                f"From {first.hour}:{first.minute:02} to {last.hour}:{last.minute:02} goes past midnight, or it means "
                "the afternoon.",
                f"Write {first.hour}:{first.minute:02} to {(last.hour + 12) % 24}:{last.minute:02}, or with am and pm.",
            )
    if begin == end:
        refuse("That stretch begins and ends at the same time.", "Write as in between 9 and 17.")
    return begin, end


def steps(first: int, last: int, step: int) -> tuple[int, ...]:
    """Every `step` minutes from first to last, both included; past midnight where the last lies before the first."""
    end = last if last > first else last + 24 * 60
    return tuple(sorted({minute % (24 * 60) for minute in range(first, end + 1, step)}))


def _shared(clocks: Sequence[Clock]) -> list[Clock]:
    """Times of a list. In "8 and 10 pm" the 8 may be am or pm; in "9 and 5 pm" it cannot be pm."""
    for place, one in enumerate(clocks):
        behind = next((other for other in clocks[place + 1 :] if other.half), None)
        if one.half or one.sure or behind is None:
            continue
        if one.hour < behind.hour % 12 and behind.half == "pm":
            refuse(f"Whether {one.hour} is meant as am or pm is unclear.", f"Write {one.hour} am or {one.hour} pm.")
        if behind.half == "am" and one.hour > behind.hour % 12:
            refuse(f"Whether {one.hour} is meant as am or pm is unclear.", f"Write {one.hour} am or {one.hour} pm.")
    return list(clocks)


def _within(clock: Clock, part: str) -> int:
    said, hours, halves = _PARTS[part]
    hour = clock.hour
    if clock.half:
        hour = hour % 12 + (12 if clock.half == "pm" else 0)
    elif halves is not None and hour in halves:
        hour += 12
    elif part == "night" and hour == 12:
        hour = 0
    if hour not in hours or (hour == 12 and part in ("morning", "evening")):
        if part == "tonight" and clock.midnight:
            return 24 * 60
        refuse(f"{clock.hour}:{clock.minute:02} {said} is no time of day.", _NOTE)
    return hour * 60 + clock.minute
