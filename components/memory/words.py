"""A fact, and what became of it, in the words that the memory page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from components.clock import long_ago
from hub.memory.records import Change, Fact, Shelf

KINDS: dict[str, tuple[str, str]] = {
    "profile": ("About you", "person"),
    "preference": ("Preference", "favorite"),
    "instruction": ("Instruction", "rule"),
    "event": ("Event", "event"),
    "plan": ("Plan", "flag"),
    "relationship": ("People", "group"),
    "knowledge": ("Knowledge", "lightbulb"),
}
"""What each kind is called, and its Material symbol."""
SHELVES: dict[Shelf, str] = {"live": "Current", "past": "Past", "deleted": "Deleted"}
ORIGINS = {"automatic": "Learned", "user": "Typed", "tool": "Asked for", "import": "Imported"}
"""How a fact came in."""
BY = {"automatic": "automatically", "user": "by you", "tool": "in a chat", "import": "by an import"}
"""Who made a change."""
OPS: dict[str, tuple[str, str]] = {
    "add": ("Remembered", "add"),
    "update": ("Updated", "edit"),
    "supersede": ("Replaced", "swap_horiz"),
    "forget": ("Forgotten", "delete"),
    "edit": ("Edited", "edit"),
    "pin": ("Pinned", "keep"),
    "unpin": ("Unpinned", "keep_off"),
    "merge": ("Merged", "merge"),
    "delete": ("Deleted", "delete"),
    "undo": ("Taken back", "undo"),
    "purge": ("Removed for good", "delete_forever"),
}
"""What each change is called, and its Material symbol."""
YOU = "You"
"""The name of the scope without a project."""
Wish = tuple[str, tuple[str, ...]]
"""What was asked for, and what it is about: facts, events, waiting changes, rules."""
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&=^\"'/])")


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact in a list, everything in words. `moment` is when it happened or held, `when` when it was kept."""

    id: str
    text: str
    kind: str
    icon: str
    when: str
    source: str
    uses: str
    note: str
    moment: str
    pinned: bool
    shelf: Shelf


def row(fact: Fact, now: datetime) -> FactRow:
    """A fact as lists show it; `now` carries the viewer's time zone."""
    kind, icon = KINDS[fact.kind]
    return FactRow(
        fact.id,
        fact.text,
        kind,
        icon,
        long_ago(fact.recorded_at, now) if fact.recorded_at else "",
        ORIGINS[fact.origin],
        times(fact.uses),
        note(fact),
        moment(fact, now),
        fact.pinned,
        fact.shelf,
    )


def escaped(text: str) -> str:
    """`text` as Markdown that shows exactly it, in one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def note(fact: Fact) -> str:
    """The one thing to know at a glance besides the text."""
    if fact.shelf == "past":
        return "Replaced" if fact.superseded_by else "Over"
    return fact.sensitive.capitalize()


def times(uses: int) -> str:
    """How often a fact was used."""
    return "" if not uses else "Used once" if uses == 1 else f"Used {uses:,} times"


def many(count: int, one: str = "memory", more: str = "memories") -> str:
    """A count with its noun."""
    return f"1 {one}" if count == 1 else f"{count:,} {more}"


def whose(place: str) -> str:
    """The name of a scope within a sentence."""
    return "you" if place == YOU else f"the project {place}"


def forget(learned: int) -> str:
    """The button that removes what was learned from a deleted chat; "" when there is nothing."""
    return f"Forget {many(learned)} from it" if learned else ""


def day(moment: date | datetime) -> str:
    """A day in words."""
    return f"{moment.day} {moment:%b %Y}"


def moment(fact: Fact, now: datetime) -> str:
    """When it happened, or since when it holds."""
    if fact.event:
        return event_words(fact)
    since = fact.valid_from or fact.recorded_at
    return day(since.astimezone(now.tzinfo)) if since else ""


def subject(name: str) -> str:
    """Whom a fact is about."""
    return "You" if name.casefold() in {"user", "the user"} else name


def event_words(fact: Fact) -> str:
    """The days that a fact tells of, as exactly as they are known."""
    if not fact.event:
        return ""
    ends = [_about(one, fact.event.precision) for one in (fact.event.start, fact.event.end) if one]
    return " to ".join(dict.fromkeys(ends))


def _about(text: str, precision: str) -> str:
    known = date.fromisoformat(text)
    return f"{known.year}" if precision == "year" else f"{known:%b %Y}" if precision == "month" else day(known)


def about(fact: Fact, now: datetime) -> list[tuple[str, str]]:
    """What is known about a fact, as label and words."""
    found: list[tuple[str, str]] = []
    if fact.event:
        found.append(("When", event_words(fact)))
    if fact.valid_from or fact.valid_to:
        ends = [day(one.astimezone(now.tzinfo)) if one else "" for one in (fact.valid_from, fact.valid_to)]
        found.append(("True", f"since {ends[0]}" if not ends[1] else f"{f'{ends[0]} ' if ends[0] else ''}to {ends[1]}"))
    if fact.subject:
        found.append(("About", subject(fact.subject)))
    if fact.recorded_at:
        found.append((ORIGINS[fact.origin], day(fact.recorded_at.astimezone(now.tzinfo))))
    used = times(fact.uses) or "In no answer yet"
    last = f", last {long_ago(fact.last_used, now)}" if fact.last_used else ""
    return [
        *found,
        ("Certainty", f"{fact.confidence:.0%}"),
        ("Importance", f"{fact.importance:.0%}"),
        ("Use", f"{used}{last}"),
    ]


def told(change: Change, now: datetime) -> str:
    """What a change did, by whom and when."""
    name = OPS[change.op][0]
    again = " (taken back since)" if change.undone else ""
    return f"{name} {BY[change.actor]}, {long_ago(change.at, now)}{again}"
