"""The English words of times, and what each is to the grammar."""

from __future__ import annotations

from hub.schedules.when.words.lexicon import Lexicon

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_ONES, _NTHS = _NUMBERS.split(), _ORDINALS.split()
_TENS = {20: "twent", 30: "thirt", 40: "fort", 50: "fift"}
_DAYS = ("sunday sun", "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs", "friday fri",
         "saturday sat")  # fmt: skip
_MONTHS = ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
           "september sep sept", "october oct", "november nov", "december dec")  # fmt: skip
ABBREVIATED = (
    "An abbreviation such as {0} is one half of the year only, or stands for several places.",
    "Write the city, as in Berlin time or New York time, or UTC.",
)


def _lexicon() -> Lexicon:
    lexicon = Lexicon("english")
    add = lexicon.add
    for number, word in enumerate(_ONES):
        add("num", number, word)
    for number, word in enumerate(_NTHS[1:], 1):
        add("ord", number, word)
    for tens, stem in _TENS.items():
        add("num", tens, f"{stem}y")
        add("ord", tens, f"{stem}ieth")
        for number, word in enumerate(_ONES[1:10], 1):
            add("num", tens + number, f"{stem}y {word}", f"{stem}y - {word}")
            add("ord", tens + number, f"{stem}y {_NTHS[number]}", f"{stem}y - {_NTHS[number]}")
    add("ord", -1, "last", "final")
    add("ord", -2, "penultimate", "second to last", "second last", "next to last")
    for number, names in enumerate(_DAYS):
        for name in names.split():
            add("weekday", number, name)
            add("weekdays", number, f"{name}s")
    for number, names in enumerate(_MONTHS, 1):
        add("month", number, *names.split())
    for unit, names in {
        "second": "seconds secs", "minute": "minute minutes min mins", "hour": "hour hours hr hrs", "day": "day days",
        "week": "week weeks", "month": "month months", "year": "year years",
    }.items():  # fmt: skip
        add("unit", unit, *names.split())
    add("unit", "quarter", "quarters")
    for (number, unit), names in {
        (1, "minute"): ("minutely",),
        (1, "hour"): ("hourly",), (1, "day"): ("daily", "day by day", "day in day out"),
        (1, "week"): ("weekly",), (2, "week"): ("fortnightly", "every fortnight", "alternate weeks"),
        (1, "month"): ("monthly",), (1, "quarter"): ("quarterly",),
        (6, "month"): ("half - yearly", "half yearly", "semiannually", "semi - annually", "every half year"),
        (1, "year"): ("yearly", "annually"), (30, "minute"): ("half - hourly", "half hourly"),
        (15, "minute"): ("quarter - hourly", "quarter hourly"),
    }.items():  # fmt: skip
        add("freq", (number, unit), *names)
    add("every", None, "every", "each", "all")
    add("other", 2, "other", "alternate", "alternating", "second")
    add("workdays", None, "weekday", "weekdays", "workday", "workdays", "business day", "business days", "working day",
        "working days", "work day", "work days", "week day", "week days")  # fmt: skip
    add("weekends", None, "weekends")
    add("weekend", None, "weekend")
    add("alternate", None, "alternate", "alternating")
    add("full", None, "top of", "full")
    add("at", None, "at", "@")
    add("on", None, "on")
    add("in", None, "in", "during", "within")
    add("of", None, "of")
    add("and", None, "and", "&", "plus", "as well as", "and also")
    add("or", None, "or")
    add("from", None, "from", "starting", "starting from", "starting on", "starting in", "beginning", "beginning on",
        "beginning from", "since", "as of", "as from", "commencing", "from the", "start", "begin")  # fmt: skip
    add("until", None, "until", "till", "til", "through", "thru", "up to", "ending", "ending on", "up until",
        "up to and including", "until and including", "end", "until the")  # fmt: skip
    add("to", None, "to")
    add("between", None, "between")
    add("except", None, "except", "excluding", "but", "but not", "except for", "except on", "apart from",
        "other than", "without", "not", "but never", "but no", "save", "save for", "not on", "but not on",
        "excluding on")  # fmt: skip
    add("next", None, "next")
    add("this", None, "this")
    add("coming", None, "coming", "upcoming", "this coming", "following")
    add("noon", None, "noon", "midday", "mid - day", "12 noon", "noontime", "lunchtime")
    add("midnight", None, "midnight", "12 midnight")
    add("am", None, "am", "a.m", "a.m.")
    add("pm", None, "pm", "p.m", "p.m.")
    add("oclock", None, "o'clock", "oclock", "h", "hrs", "hours")
    add("half", None, "half")
    add("quarter", None, "quarter")
    add("past", None, "past", "after")
    add("before", None, "before")
    add("part", "morning", "morning", "mornings", "in the morning", "in the mornings")
    add("part", "afternoon", "afternoon", "afternoons", "in the afternoon", "in the afternoons")
    add("part", "evening", "evening", "evenings", "in the evening", "in the evenings")
    add("part", "night", "night", "nights", "at night", "in the night", "nightly")
    add("today", 0, "today")
    add("tonight", None, "tonight")
    add("today", 1, "tomorrow", "tmrw", "tomorow")
    add("today", 2, "day after tomorrow", "the day after tomorrow", "overmorrow")
    add("count", 1, "once")
    add("count", 2, "twice")
    add("count", 3, "thrice")
    add("times", None, "times")
    add("a", 1, "a", "an")
    add("per", None, "per")
    add("bound", "start", "start of", "beginning of", "the start of", "the beginning of")
    add("bound", "end", "end of", "the end of")
    add("bound", "monthend", "month end", "month - end")
    add("bound", "yearend", "year end", "year - end")
    add("bound", "quarterend", "quarter end", "quarter - end")
    add("for", None, "for")
    add("hence", None, "from now", "hence", "from today")
    add("no", None, "", "the", "please", "run", "runs", "always", "exactly", "sharp", "then", "both",
        "repeat", "repeating", "execute", "it", "me", "remind", "schedule", "scheduled", "do", "this task",
        "the task", "local time", "promptly", "precisely", "so", "my time", "recurring", "time", "also",
        "again", "on the dot", "only", "year's", "month's", "inclusive", "including", "date")  # fmt: skip
    lexicon.refuse(
        "When exactly that is, is not said.", "Name days and a time, as in every weekday at 9.",
        "sometimes", "often", "soon", "later", "regularly", "occasionally", "frequently", "whenever", "asap", "rarely",
        "now and then", "from time to time", "eventually", "always on", "a few", "few", "several", "some", "sometime",
        "periodically", "seldom", "now and again", "constantly", "continuously", "random", "randomly", "any", "anytime",
    )  # fmt: skip
    lexicon.refuse(
        "A schedule needs an exact time.", "Write it without about, as in at 9 or at 09:30.",
        "around", "about", "approximately", "roughly", "circa", "ca", "approx", "ish", "shortly after",
        "shortly before", "early", "late",
    )  # fmt: skip
    lexicon.refuse(
        "Biweekly means twice a week to some and every two weeks to others.",
        "Write every two weeks on Monday at 9, or every Monday and Thursday at 9.", "biweekly", "bi - weekly",
    )  # fmt: skip
    lexicon.refuse(
        "Bimonthly means twice a month to some and every two months to others.",
        "Write every two months on the 1st at 9, or on the 1st and 15th of every month at 9.", "bimonthly",
        "bi - monthly", "biannually", "biannual", "biyearly", "biennially", "semimonthly",
    )  # fmt: skip
    lexicon.refuse(
        "Public holidays differ from place to place and are not known here.",
        "Name the days, as in every weekday except Friday.", "holiday", "holidays", "public holidays", "bank holidays",
        "bank holiday", "christmas", "easter", "new year", "thanksgiving",
    )  # fmt: skip
    lexicon.refuse(
        "Which hours those are, is not said.", "Write between 9 and 17.", "business hours", "office hours",
        "working hours", "work hours", "day and night",
    )  # fmt: skip
    lexicon.refuse("How often in the day is not said.", "Write every hour, or every 15 minutes.", "24 / 7", "nonstop",
                   "around the clock")  # fmt: skip
    lexicon.refuse("Where the sun stands is not known here.", "Write a time, as in at 6:30.", "sunrise",
                   "sunset", "dawn", "dusk", "breakfast", "dinner")  # fmt: skip
    lexicon.refuse(*ABBREVIATED, "est", "edt", "cst", "cdt", "pst", "pdt", "mst", "mdt", "cet", "cest", "bst",
                   "ist", "jst", "aest", "eet", "wet", "eest", "msk", "mez", "mesz")  # fmt: skip
    return lexicon


ENGLISH = _lexicon()
