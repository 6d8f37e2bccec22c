"""The German words of times, and what each is to the grammar."""

from __future__ import annotations

from hub.schedules.when.words.english import ABBREVIATED
from hub.schedules.when.words.lexicon import Lexicon

_NUMBERS = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_ORDINALS = (
    "nullt erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt "
    "sechzehnt siebzehnt achtzehnt neunzehnt"
)
_ONES, _NTHS = _NUMBERS.split(), _ORDINALS.split()
_TENS = {20: "zwanzig", 30: "dreißig", 40: "vierzig", 50: "fünfzig"}
_DAYS = ("sonntag so", "montag mo", "dienstag di", "mittwoch mi", "donnerstag do", "freitag fr", "samstag sa")
_MONTHS = ("januar jänner jan", "februar feber feb", "märz mrz mär", "april apr", "mai", "juni jun", "juli jul",
           "august aug", "september sep sept", "oktober okt", "november nov", "dezember dez")  # fmt: skip
_PARTS = {
    "morning": "morgen morgens früh", "forenoon": "vormittag vormittags", "midday": "mittag mittags",
    "afternoon": "nachmittag nachmittags", "evening": "abend abends", "night": "nacht nachts",
}  # fmt: skip
_ENDINGS = ("e", "en", "er", "es", "em")


def _lexicon() -> Lexicon:
    lexicon = Lexicon("german")
    add = lexicon.add
    for number, word in enumerate(_ONES):
        add("num", number, word)
    add("num", 2, "zwo")
    for number, word in enumerate(_NTHS[1:], 1):
        add("ord", number, *(word + ending for ending in _ENDINGS))
    add("ord", 7, *("siebent" + ending for ending in _ENDINGS))
    for tens, word in _TENS.items():
        add("num", tens, word)
        add("ord", tens, *(f"{word}st{ending}" for ending in _ENDINGS))
        for number, one in enumerate(["ein", *_ONES[2:10]], 1):
            add("num", tens + number, f"{one}und{word}")
            add("ord", tens + number, *(f"{one}und{word}st{ending}" for ending in _ENDINGS))
    add("ord", -1, *("letzt" + ending for ending in _ENDINGS))
    add("ord", -2, *(f"{one}{ending}" for one in ("vorletzt", "zweitletzt") for ending in _ENDINGS))
    for number, names in enumerate(_DAYS):
        full, short = names.split()
        for name in (full, "sonnabend") if number == 6 else (full,):
            add("weekday", number, name, f"{name}e", f"{name}en")
            add("weekdays", number, f"{name}s")
            for part, words in _PARTS.items():
                for word in words.split():
                    plural = word.endswith("s")
                    add("weekdaypart", (number, part, plural), f"{name}{word}")
        add("weekday", number, short, f"{short}.")
    for number, names in enumerate(_MONTHS, 1):
        add("month", number, *names.split(), *(f"{name}s" for name in names.split() if name.endswith("r")))
    for unit, names in {
        "second": "sekunde sekunden sek", "minute": "minute minuten min", "hour": "stunde stunden std",
        "day": "tag tage tagen tages", "week": "woche wochen", "month": "monat monate monaten monats monates",
        "quarter": "quartal quartale quartals vierteljahr", "year": "jahr jahre jahren jahres",
    }.items():  # fmt: skip
        add("unit", unit, *names.split())
    for (number, unit), stems in {
        (1, "minute"): "minütlich", (1, "hour"): "stündlich", (1, "day"): "täglich alltäglich tagtäglich",
        (1, "week"): "wöchentlich", (2, "week"): "zweiwöchentlich vierzehntägig vierzehntäglich zweiwöchig",
        (1, "month"): "monatlich", (2, "month"): "zweimonatlich", (1, "quarter"): "vierteljährlich quartalsweise",
        (6, "month"): "halbjährlich", (1, "year"): "jährlich", (30, "minute"): "halbstündlich",
        (15, "minute"): "viertelstündlich", (2, "hour"): "zweistündlich", (3, "hour"): "dreistündlich",
        (3, "week"): "dreiwöchentlich", (4, "week"): "vierwöchentlich", (4, "hour"): "vierstündlich",
        (3, "month"): "dreimonatlich",
    }.items():  # fmt: skip
        for stem in stems.split():
            add("freq", (number, unit), stem, f"{stem}e", f"{stem}en")
    add("freq", (2, "week"), "14 - tägig", "14 - täglich", "14tägig", "14 tägig", "zwei - wöchentlich",
        "2 - wöchentlich")  # fmt: skip
    add("every", None, "jeden", "jede", "jeder", "jedes", "jedem", "alle", "aller", "allen", "je")
    add("other", 2, *(f"zweit{ending}" for ending in _ENDINGS), "2.")
    add("workdays", None, "werktag", "werktags", "werktage", "werktagen", "werktäglich", "wochentags", "arbeitstag",
        "arbeitstage", "arbeitstagen", "arbeitstags", "wochentag", "wochentagen", "werktages")  # fmt: skip
    add("weekends", None, "wochenends", "wochenenden", "an wochenenden", "an den wochenenden")
    add("weekend", None, "wochenende")
    add("at", None, "um", "@", "auf")
    add("on", None, "am", "an", "auf den", "zum", "zur", "den")
    add("in", None, "in", "im", "während", "binnen", "innerhalb", "innerhalb von")
    add("of", None, "des", "eines", "vom")
    add("and", None, "und", "&", "sowie", "plus", "und auch", "und zwar")
    add("or", None, "oder", "bzw", "beziehungsweise")
    add("from", None, "von", "ab", "seit", "beginnend", "beginnend am", "beginnend ab", "startend", "startend am",
        "angefangen", "angefangen am", "ab dem", "ab den", "ab der", "vom", "beginnend mit", "erstmals",
        "erstmals am")  # fmt: skip
    add("until", None, "bis", "bis zum", "bis zur", "bis einschließlich", "bis inklusive", "bis einschließlich zum",
        "endend am", "bis am")  # fmt: skip
    add("between", None, "zwischen")
    add("except", None, "außer", "ausser", "ausgenommen", "nicht", "aber nicht", "ohne", "bis auf", "mit ausnahme von",
        "jedoch nicht", "nur nicht", "außer am", "außer an", "nicht am", "aber nicht am", "ausgenommen am")  # fmt: skip
    add("next", None, *(f"nächst{ending}" for ending in _ENDINGS))
    add("this", None, "diesen", "diese", "dieser", "dieses", "diesem")
    add("coming", None, *(f"kommend{ending}" for ending in _ENDINGS), *(f"folgend{ending}" for ending in _ENDINGS))
    add("full", None, *(f"voll{ending}" for ending in _ENDINGS))
    add("midnight", None, "mitternacht", "mitternachts")
    add("oclock", None, "uhr", "h")
    add("halb", None, "halb")
    add("half", None, *(f"halb{ending}" for ending in _ENDINGS))
    add("oneandhalf", None, "anderthalb", "eineinhalb", "einundeinhalb")
    add("viertel", None, "viertel")
    add("unit", "quarterhour", "viertelstunde", "viertelstunden")
    add("unit", "halfhour", "halbstunde")
    add("dreiviertel", None, "dreiviertel", "drei viertel")
    add("past", None, "nach")
    add("before", None, "vor")
    add("dash", None, "-")
    for part, words in _PARTS.items():
        for word in words.split():
            if word not in ("morgen", "mittag"):
                add("part", part, word, f"am {word}", f"in der {word}")
    add(
        "part",
        "morning",
        "am morgen",
        "in der früh",
        "in der frühe",
        "frühmorgens",
        "morgen morgen",
        "am frühen morgen",
    )
    add("part", "midday", "mittag", "am mittag", "zu mittag")
    add("part", "night", "in der nacht")
    add("part", "night", "nächtlich")
    add("morgen", None, "morgen")
    add("today", 0, "heute")
    add("today", 2, "übermorgen")
    add("today", 3, "überübermorgen")
    add("count", 1, "einmal", "einmalig", "1 mal", "1mal", "1x")
    for number, word in ((2, "zwei"), (3, "drei"), (4, "vier"), (5, "fünf"), (6, "sechs")):
        add("count", number, f"{word}mal", f"{number}mal", f"{number}x")
    add("times", None, "mal", "male")
    add("a", 1, "ein", "eine", "einer", "einem", "einen")
    add("per", None, "pro", "je")
    add("bound", "start", "anfang", "beginn", "zu beginn", "am anfang", "zum beginn", "am beginn", "anfang des")
    add("bound", "end", "ende", "am ende", "zum ende", "schluss", "zum schluss")
    add("bound", "monthend", "monatsende", "monatsletzten", "ultimo", "monatsschluss", "monatsultimo")
    add("bound", "monthstart", "monatsanfang", "monatsersten", "monatsbeginn")
    add("bound", "yearend", "jahresende", "jahresschluss")
    add("bound", "yearstart", "jahresanfang", "jahresbeginn")
    add("bound", "quarterend", "quartalsende", "quartalsschluss")
    add("bound", "quarterstart", "quartalsanfang", "quartalsbeginn")
    add("for", None, "für")
    add("long", None, "lang")
    add("no", None, "", "der", "die", "das", "dem", "bitte", "jeweils", "immer", "genau", "pünktlich", "dann",
        "ausführen", "laufen", "läuft", "starten", "starte", "mich", "erinnere", "ortszeit", "es",
        "mal bitte", "wiederholen", "wiederhole", "zu", "führe", "aus", "jeweiligen", "auch", "wieder", "nur",
        "zeit", "kalender", "punkt", "inklusive", "einschließlich", "lass", "lasse", "datum", "eines jeden",
        "sowohl", "als", "ist", "mach", "mache", "schlag")  # fmt: skip
    add("every", None, "eines jeden", "einer jeden")
    lexicon.refuse(
        "When exactly that is, is not said.", "Name days and a time, as in: jeden Werktag um 9 Uhr.",
        "manchmal", "oft", "bald", "später", "regelmäßig", "gelegentlich", "häufig", "irgendwann", "öfter", "selten",
        "ab und zu", "hin und wieder", "von zeit zu zeit", "ein paar", "paar", "einige", "einigen", "mehrere",
        "mehreren", "mehrmals", "demnächst", "zeitnah", "ständig", "dauernd", "laufend", "zufällig",
        "beliebig", "irgendwie",
    )  # fmt: skip
    lexicon.refuse(
        "A schedule needs an exact time.", "Write it without about, as in: um 9 Uhr oder um 9:30 Uhr.",
        "gegen", "ungefähr", "etwa", "circa", "ca", "zirka", "rund", "kurz", "spät", "später am", "so gegen",
    )  # fmt: skip
    lexicon.refuse(
        "Public holidays differ from place to place and are not known here.",
        "Name the days, as in: werktags außer freitags um 9 Uhr.", "feiertag", "feiertage", "feiertags", "feiertagen",
        "weihnachten", "ostern", "silvester", "neujahr", "heiligabend", "pfingsten",
    )  # fmt: skip
    lexicon.refuse(
        "Even and odd weeks cannot be counted, as some years have 53 of them.",
        "Write, for example: alle zwei Wochen freitags um 9 Uhr ab 4. Dezember.", "gerade", "geraden",
        "ungerade", "ungeraden", "kalenderwoche", "kalenderwochen", "kw",
    )  # fmt: skip
    lexicon.refuse(
        "Which hours those are, is not said.", "Write, for example: zwischen 9 und 17 Uhr.", "bürozeiten",
        "arbeitszeit", "geschäftszeiten", "arbeitszeiten", "bürozeit", "rund um die uhr",
    )  # fmt: skip
    lexicon.refuse("Where the sun stands is not known here.", "Write a time, as in: um 6:30 Uhr.",
                   "sonnenaufgang", "sonnenuntergang", "frühstück", "feierabend", "abendessen")  # fmt: skip
    lexicon.refuse(*ABBREVIATED, "mez", "mesz", "cet", "cest", "est", "pst", "bst")
    return lexicon


GERMAN = _lexicon()
