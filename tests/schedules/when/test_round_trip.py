"""Whatever can be said is told in a sentence that says the same."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.schedules.when import When, after, parse, plain, read, sentence

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday
ELSEWHERE = "Asia/Tokyo"
NUMBER = st.integers(0, 59)
HOUR = st.integers(0, 23)
CLOCK = st.one_of(
    st.builds("{:02}:{:02}".format, HOUR, NUMBER),
    st.builds("{} {}".format, st.integers(1, 12), st.sampled_from(["am", "pm"])),
    st.builds("{} {} {}".format, st.sampled_from(["half past", "quarter to", "ten past"]), st.integers(1, 12),
              st.sampled_from(["am", "pm"])),
    st.sampled_from(["noon", "midnight", "9", "10:30 pm"]),
)  # fmt: skip
UHR = st.one_of(
    st.builds("{}:{:02} Uhr".format, HOUR, NUMBER),
    st.builds("{} {}".format, st.sampled_from(["halb", "Viertel nach", "dreiviertel", "fünf vor halb"]),
              st.integers(1, 12)),
    st.builds("{} Uhr".format, HOUR),
)  # fmt: skip
WEEKDAY = st.sampled_from(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
WOCHENTAG = st.sampled_from(["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"])
MONTH = st.sampled_from(["January", "February", "March", "June", "October", "December"])
MONAT = st.sampled_from(["Januar", "Februar", "März", "Juni", "Oktober", "Dezember"])
DAY = st.integers(1, 28)
NTH = st.sampled_from(["first", "second", "third", "fourth", "fifth", "last"])
NTE = st.sampled_from(["ersten", "zweiten", "dritten", "vierten", "letzten"])
DAYS = st.one_of(
    st.sampled_from(["every day", "every weekday", "weekdays", "every weekend", "every other day", "every 5 days"]),
    st.builds("every {}".format, WEEKDAY),
    st.builds("{}s and {}s".format, WEEKDAY, WEEKDAY),
    st.builds("every other {}".format, WEEKDAY),
    st.builds("every {} weeks on {} and {}".format, st.integers(1, 9), WEEKDAY, WEEKDAY),
    st.builds("on the {} {} of every month".format, NTH, WEEKDAY),
    st.builds("on the {} {} of {} and {}".format, NTH, WEEKDAY, MONTH, MONTH),
    st.builds("on the {} and {} day of every month".format, NTH, NTH),
    st.builds("on the {} of every month".format, DAY.map("{}th".format)),
    st.builds("on the {} of {}, {} and {}".format, DAY.map("{}th".format), MONTH, MONTH, MONTH),
    st.builds("every year on {} {}".format, DAY, MONTH),
    st.builds("every year on the {} {} of {}".format, NTH, WEEKDAY, MONTH),
    st.builds("every {} in {} and {}".format, WEEKDAY, MONTH, MONTH),
    st.builds("every {} months on the {}".format, st.sampled_from([2, 3, 4, 6]), DAY.map("{}th".format)),
    st.sampled_from(["last day of the month", "first weekday of the month", "last working day of each month",
                     "every quarter on the last day", "first working day of the quarter"]),
    st.builds("every day except {}".format, WEEKDAY),
)  # fmt: skip
TAGE = st.one_of(
    st.sampled_from(["jeden Tag", "werktags", "täglich", "jedes Wochenende", "alle 3 Tage", "jeden zweiten Tag"]),
    st.builds("jeden {}".format, WOCHENTAG),
    st.builds("{}s und {}s".format, WOCHENTAG, WOCHENTAG),
    st.builds("jeden zweiten {}".format, WOCHENTAG),
    st.builds("alle {} Wochen am {}".format, st.integers(2, 9), WOCHENTAG),
    st.builds("am {} {} im Monat".format, NTE, WOCHENTAG),
    st.builds("am {}. und {}. jedes Monats".format, DAY, DAY),
    st.builds("jährlich am {}. {}".format, DAY, MONAT),
    st.builds("alle drei Monate am {}.".format, DAY),
    st.sampled_from(["am letzten Tag des Monats", "am ersten Werktag des Monats", "am letzten Tag des Quartals"]),
    st.builds("werktags außer {}s".format, WOCHENTAG),
)  # fmt: skip
TIMES = st.one_of(
    st.builds("at {}".format, CLOCK),
    st.builds("at {} and {}".format, CLOCK, CLOCK),
    st.builds("at {}, {} and {}".format, *[st.builds("{:02}:{:02}".format, HOUR, NUMBER)] * 3),
    st.builds("every {} minutes".format, st.sampled_from([1, 5, 15, 20, 30])),
    st.builds("every {} hours".format, st.sampled_from([1, 2, 3, 6, 12])),
    st.builds("every {} minutes between {:02}:{:02} and {:02}:{:02}".format, st.sampled_from([1, 2, 10, 15, 30]), HOUR,
              NUMBER, HOUR, NUMBER),
    st.builds("every {} hours from {:02}:00 to {:02}:30".format, st.integers(1, 5), HOUR, HOUR),
    st.builds("every hour at minutes {} and {}".format, NUMBER, NUMBER),
)  # fmt: skip
ZEITEN = st.one_of(
    st.builds("um {}".format, UHR),
    st.builds("um {} und {}".format, UHR, UHR),
    st.builds("alle {} Minuten zwischen {} und {} Uhr".format, st.sampled_from([5, 15, 30]), HOUR, HOUR),
)
ENDS = st.sampled_from(["", "", " from 4 December 2026", " until 31 March 2027", " from tomorrow to the end of 2027",
                        " starting next Sunday", " for 6 weeks"])  # fmt: skip
BIS = st.sampled_from(["", "", " ab 4. Dezember", " bis Ende März", " ab morgen bis 31. Januar", " drei Wochen lang"])
ZONES = st.sampled_from(["", "", " New York time", " UTC", " Europe/London", " Buenos Aires time"])
REPEATED = st.one_of(
    st.builds("{} {}{}{}".format, DAYS, TIMES, ENDS, ZONES),
    st.builds("{} {}, and {} {}{}{}".format, DAYS, TIMES, DAYS, TIMES, ENDS, ZONES),
    st.builds("{1} {0}".format, DAYS, TIMES),
    st.builds("{} {}{}".format, TAGE, ZEITEN, BIS),
    st.builds("{} {} und {} {}".format, TAGE, ZEITEN, TAGE, ZEITEN),
)
ONCE = st.one_of(
    st.builds(
        "{} at {}".format, st.sampled_from(["tomorrow", "on 24 December", "2027-03-28", "Friday next week"]), CLOCK
    ),
    st.builds("{} um {}".format, st.sampled_from(["übermorgen", "am 31. Oktober 2027", "kommenden Freitag"]), UHR),
    st.builds(
        "in {} {}".format, st.integers(1, 90), st.sampled_from(["minutes", "Stunden", "days", "Wochen", "months"])
    ),
)
CRON = st.tuples(
    st.sampled_from(["0", "*/15", "5,50", "*", "*/25", "0-59/7"]),
    st.sampled_from(["9", "*", "*/5", "0-3", "8-18", "1,2,3,23", "*/2", "0-23"]),
    st.sampled_from(["*", "1", "L", "13", "*/2", "1,15", "29-31", "LW"]),
    st.sampled_from(["*", "3", "10,11", "2"]),
    st.sampled_from(["*", "1-5", "0", "7", "5L", "MON#1", "SAT,SUN", "*/2", "1,2#2"]),
).map(" ".join)


def again(when: When) -> None:
    told = sentence(when)
    if "(cron" in told and (when.first or when.last):
        return  # an expression in brackets is read back without first and last day
    assert parse(told, ELSEWHERE, NOW) == when, told
    assert read(plain(when)) == when


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(REPEATED)
def test_what_recurs_reads_back(text: str) -> None:
    with contextlib.suppress(BadInput):
        again(parse(text, "Europe/Berlin", NOW))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(ONCE)
def test_what_comes_once_reads_back(text: str) -> None:
    with contextlib.suppress(BadInput):
        again(parse(text, "Europe/Berlin", NOW))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(CRON)
def test_cron_reads_back(text: str) -> None:
    with contextlib.suppress(BadInput):
        again(parse(text, "America/New_York", NOW))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.one_of(DAYS, TAGE, TIMES, ZEITEN, ENDS, BIS, ZONES, CRON, st.text(max_size=8)), max_size=5))
def test_any_text_is_read_or_refused_in_words(pieces: list[str]) -> None:
    try:
        when = parse(" ".join(pieces), "Europe/Berlin", NOW)
    except BadInput as error:
        assert error.message.endswith((".", "?", '"')) and error.hint
    else:
        again(when)
        assert after(when, NOW) is not None
