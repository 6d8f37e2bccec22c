"""Plain words, English or German, as a time of schedules: by rules, without a model."""

from __future__ import annotations

import re
from datetime import datetime

from hub.errors import BadInput
from hub.schedules.when.cron import is_cron
from hub.schedules.when.records import When, checked, spelled
from hub.schedules.when.words.english import ENGLISH
from hub.schedules.when.words.german import GERMAN
from hub.schedules.when.words.grammar import EXAMPLES, said
from hub.schedules.when.words.places import placed
from hub.schedules.when.words.settle import settled
from hub.schedules.when.words.tokens import Token, tidy, tokens
from hub.schedules.when.zones import zone_of

__all__ = ["parse"]
LONGEST = 2000
_BRACKETED = re.compile(r".*\(cron ([^)]+)\)(.*)")


def parse(text: str, zone: str, now: datetime) -> When:
    """The time that `text` names, as said at `now`, aware, by somebody whose zone is `zone`: plain words, or a cron
    expression. Raises BadInput that says what is unclear and what one could write instead."""
    zone_of(zone)
    if len(text) > LONGEST:
        raise BadInput(f"A time has at most {LONGEST} characters.", hint=EXAMPLES)
    words = tidy(text)
    if not words:
        raise BadInput("No time is given.", hint=EXAMPLES)
    if is_cron(words):
        return checked(When("repeat", zone, None, spelled([words])), now)
    if match := _BRACKETED.fullmatch(words):
        return checked(_bracketed(words, match[1], match[2], zone), now)
    words, named = placed(words)
    zone = named or zone
    if is_cron(words):
        return checked(When("repeat", zone, None, spelled([words])), now)
    return checked(settled(said(_tokens(words)), zone, now), now)


def _bracketed(words: str, crons: str, rest: str, zone: str) -> When:
    """What a sentence says that has its expressions in brackets."""
    from hub.schedules.when.sentence import sentence

    when = When("repeat", placed(rest)[1] or zone, None, spelled(crons.split(";")))
    if tidy(sentence(when)) != words:
        raise BadInput("The words and the expression in brackets differ.", hint="Write one of them.")
    return when


def _tokens(words: str) -> list[Token]:
    """In the language that knows more of the words."""
    read = [tokens(words, lexicon) for lexicon in (ENGLISH, GERMAN)]
    return min(read, key=lambda found: sum("unknown" in token.kinds for token in found))
