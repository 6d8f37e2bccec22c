"""The time zone that a text names: "New York time", "Berliner Zeit", "Europe/London", "UTC"."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from hub.errors import BadInput

_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian", "Antarctica", "Arctic")
_OTHERS = {
    "Europe/Berlin": "germany german deutschland deutsche deutscher munich münchen hamburg frankfurt köln cologne "
    "stuttgart düsseldorf leipzig",
    "Europe/London": "britain british uk england english britische britischer gb",
    "Europe/Vienna": "wien österreich austria",
    "Europe/Zurich": "zürich schweiz switzerland swiss schweizer geneva genf bern basel",
    "Europe/Rome": "rom milan mailand italy", "Europe/Athens": "athen greece", "Europe/Warsaw": "warschau poland",
    "Europe/Prague": "prag", "Europe/Copenhagen": "kopenhagen", "Europe/Brussels": "brüssel",
    "Europe/Lisbon": "lissabon portugal", "Europe/Moscow": "moskau", "Europe/Paris": "france",
    "Europe/Kyiv": "kiew kiev",
    "Europe/Madrid": "spain barcelona", "Europe/Bucharest": "bukarest", "Europe/Belgrade": "belgrad",
    "America/New_York": "eastern|us eastern|boston|miami|washington|atlanta|new york city|nyc|new yorker",
    "America/Chicago": "central|us central|dallas|houston|austin|texas",
    "America/Denver": "mountain|us mountain",
    "America/Los_Angeles": "pacific|us pacific|san francisco|seattle|california|san diego|la|silicon valley",
    "America/Sao_Paulo": "são paulo|brazil", "America/Mexico_City": "mexico",
    "Asia/Tokyo": "tokio|japan|japanese", "Asia/Shanghai": "peking|beijing|china|chinese",
    "Asia/Kolkata": "india|indian|mumbai|delhi|new delhi|bangalore|calcutta|kalkutta",
    "Asia/Singapore": "singapur", "Asia/Dubai": "uae|abu dhabi", "Africa/Cairo": "kairo",
    "Australia/Sydney": "canberra", "Asia/Seoul": "korea",
    "UTC": "utc|gmt|zulu|coordinated universal|greenwich|weltzeit|universal",
}  # fmt: skip
_ID = re.compile(r"(?<![\w/])(?:in )?\(?((?:[a-z]+/)+[a-z_][\w+-]*)\)?(?: time| zeit)?(?![\w/])")
_UTC = re.compile(
    r"(?:\b(?:in|nach) )?\(?(?:(?<=\d)z|(?<![\w/])(?:utc|gmt))\)?(?: time|(?<=zeit))?(?![\w/])(\s?[+-]\s?\d)?"
)
_WORDS = r"((?:[^\W\d_][\w.'-]* ){1,3})"
_TIME = re.compile(_WORDS + r"(?:standard |daylight |local |summer )?(?:time|zeit|uhrzeit)(?: zone)?\b")
_IN = re.compile(r"(?<!\w)in (?=((?:[^\W\d_][\w.'-]*)(?: [^\W\d_][\w.'-]*){0,2}))")
_DIRECTIONS = ("la", "central", "eastern", "mountain", "pacific")


def placed(text: str) -> tuple[str, str]:
    """Tidy text without the zone it names, and that zone's IANA name, "" when it names none. Raises BadInput where it
    names two, or one by its offset."""
    found: set[str] = set()
    for reader in (_ids, _utc, _spoken, _inside):
        text, zones = reader(text)
        found |= zones
    if len(found) > 1:
        raise BadInput(
            f"It names two time zones: {' and '.join(sorted(found))}.", hint="Make a schedule for each, or name one."
        )
    return text.strip(" ,()"), next(iter(found), "")


def city(zone: str) -> str:
    """What a zone is called in words: "Berlin time"; its IANA name where the city's does not lead to it."""
    if zone in ("UTC", "GMT"):
        return zone
    name = zone.rpartition("/")[2].replace("_", " ")
    return f"{name} time" if _cities().get(name.lower()) == zone else f"{zone} time"


@lru_cache(maxsize=1)
def _ids_by_name() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by the small names of their cities, and of some cities that lie in them."""
    found: dict[str, str] = {}
    for area in reversed(_AREAS):
        for name in sorted(available_timezones(), key=len, reverse=True):
            if name.startswith(f"{area}/"):
                found[name.rpartition("/")[2].replace("_", " ").lower()] = name
    for zone, names in _OTHERS.items():
        for name in names.split("|") if "|" in names else names.split():
            found[name.strip()] = zone
    return found


def _ids(text: str) -> tuple[str, set[str]]:
    found: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        name = _ids_by_name().get(match[1])
        if name is None and match[1].split("/")[0] in {area.lower() for area in _AREAS} | {"etc", "us"}:
            raise BadInput(f'The time zone "{match[1]}" is not known.', hint="Write an IANA name, as in Europe/Berlin.")
        if name is None:
            return match[0]
        found.add(name)
        return ""

    return _ID.sub(taken, text), found


def _utc(text: str) -> tuple[str, set[str]]:
    found: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        if match[1]:
            raise BadInput("An offset is no time zone, as clocks change.", hint="Write the city, as in Berlin time.")
        found.add("UTC")
        return ""

    return _UTC.sub(taken, text), found


def _spoken(text: str) -> tuple[str, set[str]]:
    found: set[str] = set()

    def taken(match: re.Match[str]) -> str:
        words = match[1].split()
        for skip in range(len(words)):
            if zone := _zone(" ".join(words[skip:])):
                found.add(zone)
                kept = words[:skip]
                return " ".join(kept[:-1] if kept and kept[-1] in ("in", "nach") else kept)
        return match[0]

    return _TIME.sub(taken, text), found


def _inside(text: str) -> tuple[str, set[str]]:
    """ "in New York", where no word says that it is a time."""
    for match in _IN.finditer(text):
        words = match[1].split()
        for length in range(len(words), 0, -1):
            name = " ".join(words[:length]).strip(" .,()")
            if name not in _DIRECTIONS and (zone := _cities().get(name)):
                rest = text[match.end() + len(" ".join(words[:length])) :]
                return f"{text[: match.start()]} {rest}".strip(), {zone}
    return text, set()


def _zone(name: str) -> str:
    """Of a city, in German also as in "Berliner" or "Pariser"."""
    name = name.strip(" .,")
    bare = name[:-2] if name.endswith("er") else name
    return next((zone for one in (name, bare, bare + "e", bare + "o") if (zone := _cities().get(one))), "")
