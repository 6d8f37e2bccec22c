"""What is typed into a search field: words, "phrases", -without, and operators such as model:gpt or after:yesterday."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hub.library.days import MONTHS, Span, span

LONGEST = 500
_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(
    r"""(?P<minus>-(?=["\w]))?(?:(?P<name>[A-Za-z]+):(?P<value>"[^"]*"|[^\s"]*)|"(?P<phrase>[^"]*)"|(?P<word>\S+))"""
)
_SPACED = re.compile(r'"[^"]*"|\S+')
_FROM = {**dict.fromkeys(("me", "user"), "user"), **dict.fromkeys(("model", "assistant", "ai"), "assistant")}
_HAS = {
    **dict.fromkeys(("file", "files", "attachment", "attachments"), "files"),
    **dict.fromkeys(("image", "images", "picture", "pictures"), "images"),
}
OPERATORS = ("model", "before", "after", "on", "has", "in", "from")


@dataclass(frozen=True, slots=True)
class Query:
    """A question to the library, taken apart. `since` and `until` are instants, `until` not included.

    `words` holds what is looked for, the phrases too; `problems` are sentences about what could not be taken.
    """

    words: str = ""
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    role: Literal["user", "assistant"] | None = None
    has: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()

    @property
    def of_messages(self) -> bool:
        """Whether it asks for something that only messages have."""
        return bool(self.models or self.role or self.has)

    @property
    def plain(self) -> bool:
        """Whether it is nothing but words, which a title can have too."""
        operators = self.of_messages or self.projects or self.since or self.until or self.without or self.phrases
        return not (operators or self.problems)

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing that could be found."""
        return not (self.words or self.of_messages or self.projects or self.since or self.until)


@dataclass
class _Growing:
    now: datetime
    words: list[str] = field(default_factory=list[str])
    phrases: list[str] = field(default_factory=list[str])
    without: list[str] = field(default_factory=list[str])
    models: list[str] = field(default_factory=list[str])
    projects: list[str] = field(default_factory=list[str])
    spans: list[tuple[datetime | None, datetime | None]] = field(
        default_factory=list[tuple[datetime | None, datetime | None]]
    )
    role: Literal["user", "assistant"] | None = None
    has: set[str] = field(default_factory=set[str])
    problems: list[str] = field(default_factory=list[str])


def parse(text: str, now: datetime) -> Query:
    """Takes `text` apart; nothing in it is an error. `now` carries the zone in which its days are counted."""
    said = _Growing(now)
    for match in _tokens(" ".join(text[:LONGEST].translate(_QUOTES).split())):
        name, minus = (match["name"] or "").lower(), bool(match["minus"])
        if name in OPERATORS and minus:
            said.problems.append(f"“-{name}:” cannot be turned round; it was left out.")
        elif name in OPERATORS:
            _operator(said, name, match["value"].strip('"').strip())
        else:
            _plain(said, match["phrase"], match[0].removeprefix("-" if minus else ""), minus)
    starts = [since for since, _ in said.spans if since]
    ends = [until for _, until in said.spans if until]
    return Query(
        " ".join(said.words),
        tuple(said.phrases),
        tuple(said.without),
        tuple(said.models),
        tuple(said.projects),
        max(starts, default=None),
        min(ends, default=None),
        said.role,
        frozenset(said.has),
        tuple(dict.fromkeys(said.problems)),
    )


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """One after the other; a day of two words (after:last week, on:march 2025) is one, also without quotes."""
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        if (match["name"] or "").lower() in ("before", "after", "on") and (further := _SPACED.match(text, at + 1)):
            both = f'{match["minus"] or ""}{match["name"]}:"{match["value"]} {further[0]}"'
            if '"' not in match["value"] + further[0] and two_words(match["value"], further[0]):
                match = _TOKEN.fullmatch(both) or match
                at = further.end()
        yield match


def two_words(first: str, second: str) -> bool:
    """Whether two words are one day or span, of which the second alone would not be looked for."""
    last = first.lower() in ("last", "this") and second.lower() in ("week", "month", "year")
    return last or (first.lower() in MONTHS and re.fullmatch(r"\d{4}", second) is not None)


def _plain(said: _Growing, phrase: str | None, word: str, minus: bool) -> None:
    text = (word.strip('"') if phrase is None else phrase).strip()
    if not any(character.isalnum() for character in text):
        return
    if minus:
        said.without.append(text)
        return
    said.words.append(text)
    if phrase is not None:
        said.phrases.append(text)


def _operator(said: _Growing, name: str, value: str) -> None:
    if not value:
        said.problems.append(f"“{name}:” needs something after it; it was left out.")
    elif name in ("before", "after", "on"):
        _day(said, name, value)
    elif name == "model":
        said.models.append(value)
    elif name == "in":
        said.projects.append(value)
    elif name == "from" and (role := _FROM.get(value.lower())):
        said.role = "user" if role == "user" else "assistant"
    elif name == "has" and (what := _HAS.get(value.lower())):
        said.has.add(what)
    else:
        known = "from:me and from:model" if name == "from" else "has:file and has:image"
        said.problems.append(f"“{name}:{value[:40]}” is not known; there are {known}.")


def _day(said: _Growing, name: str, value: str) -> None:
    found: Span | None = span(value, said.now)
    if found is None:
        said.problems.append(
            f"“{value[:40]}” is no day that “{name}:” knows; write 2026-03-05, yesterday, “last week” or march."
        )
    elif name == "on":
        said.spans.append((found.start, found.end))
    else:
        said.spans.append((found.start, None) if name == "after" else (None, found.start))
