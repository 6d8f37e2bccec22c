"""How schedules and what became of them are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from components.clock import long_ago
from components.item_list import Deed, Item
from components.transcript.money import money
from hub import render
from hub.schedules.records import Cause, Occurrence, Schedule, Shelf, Status, Triggers

Tone = Literal["", "busy", "warn", "error"]
STATUS: dict[Status, tuple[str, str]] = {
    "queued": ("waits for a worker", "hourglass_empty"),
    "running": ("running", "progress_activity"),
    "done": ("done", "check_circle"),
    "failed": ("failed", "error"),
    "missed": ("missed", "event_busy"),
    "skipped": ("skipped", "step_over"),
    "cancelled": ("stopped", "cancel"),
}
"""Word and Material symbol of each status."""
CAUSES: dict[Cause, str] = {
    "time": "on time",
    "now": "run now",
    "webhook": "webhook",
    "document": "new document",
    "schedule": "another schedule",
    "replay": "replay",
}
HELD = "All schedules are paused."
"""Why a schedule is paused that was paused with all others."""
SHELVED: dict[str, Shelf] = {"archive": "archived", "unarchive": "read", "read": "read", "unread": "unread"}
"""Where each deed puts a result."""
GOING: frozenset[Status] = frozenset({"queued", "running"})


def many(count: int, word: str) -> str:
    """A count with its noun."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def moment(at: datetime, now: datetime) -> str:
    """A moment, past or to come, where `now` is: "today 09:00", "Fri 4 Dec 16:00"."""
    local = at.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(days)
    day = named or (f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if local.year != now.year else ""))
    return f"{day} {local:%H:%M}"


def lasted(seconds: float | None) -> str:
    """How long something took."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def spent(cost: float | None) -> str:
    """US dollars; nothing for what is free. None is what nobody knows the price of."""
    return "unpriced" if cost is None else money(cost) if cost else ""


def outcome(one: Occurrence, now: datetime) -> str:
    """What became of a run in a line: "done today 09:00 · 3.2 s · $0.004"."""
    word = STATUS[one.status][0]
    if one.status in GOING:
        return word
    when = long_ago(one.ended_at or one.due_at, now)
    ran = one.status in ("done", "failed")
    facts = [f"{word} {when}", lasted(one.seconds), spent(one.cost) if ran else ""]
    facts += [f"needs you: {', '.join(one.needs)}"] if one.needs else []
    facts += ["not worth telling"] if one.quiet else []
    return " · ".join(fact for fact in facts if fact)


def schedule_item(one: Schedule, said: str, now: datetime) -> Item:
    """The row of a schedule; `said` is when it runs."""
    last, paused = one.last, one.state == "paused"
    lines = [said]
    tone: Tone = ""
    if paused:
        lines.append(f"Paused. {one.why}".strip() if one.why else "Paused")
        tone = "error" if one.failures else "warn"
    if last:
        lines.append(f"Last: {outcome(last, now)}" + (f" · {last.error}" if last.status == "failed" else ""))
        tone = tone or ("error" if last.status == "failed" else "warn" if last.needs else "")
    going = last is not None and last.status in GOING
    facts = "paused" if paused else f"next {moment(one.next_at, now)}" if one.next_at else "no time ahead"
    deeds = (
        Deed("run", "Run now", "play_arrow"),
        Deed("resume", "Resume", "resume") if paused else Deed("pause", "Pause", "pause"),
        Deed("duplicate", "Duplicate", "content_copy"),
        Deed("export", "Export as YAML", "download"),
        Deed("delete", "Delete", "delete", danger=True),
    )
    icon = "pause_circle" if paused else "progress_activity" if going else "schedule"
    return Item(one.id, icon, one.spec.name, " · ".join(lines), facts, tone, deeds=deeds)


def starts(said: str, given: Triggers, names: Mapping[str, str]) -> str:
    """Everything that starts a schedule, in a sentence; `said` is its time, `names` those of collections and
    schedules."""
    ways = [said] if said else []
    ways += ["by its webhook"] if given.webhook else []
    ways += [f"with new documents in “{names.get(given.collection, 'a collection')}”"] if given.collection else []
    ways += [f"after “{names.get(given.after, 'another schedule')}”"] if given.after else []
    text = "; ".join(ways) or "Only by hand"
    return text[0].upper() + text[1:]


def inbox_item(one: Occurrence, now: datetime) -> Item:
    """The row of a result in the inbox."""
    said = one.error if one.status == "failed" else render.words(one.said[:600])[:280]
    if one.needs:
        said = f"Needs you: {', '.join(one.needs)}. {said}"
    deeds = (
        Deed("read", "Mark as read", "drafts") if one.shelf == "unread" else Deed("unread", "Mark as unread", "mail"),
        Deed("unarchive", "Back to the inbox", "unarchive")
        if one.shelf == "archived"
        else Deed("archive", "Archive", "archive"),
        Deed("schedule", "Open the schedule", "schedule"),
    )
    tone: Tone = "error" if one.status == "failed" else "warn" if one.needs else ""
    icon = "error" if one.status == "failed" else "front_hand" if one.needs else "task_alt"
    title = f"{one.name} failed" if one.status == "failed" else one.name
    return Item(one.id, icon, title, said, long_ago(one.ended_at or one.due_at, now), tone, deeds=deeds)


def shown_of(all_: Sequence[Schedule], words: str, which: str) -> list[Schedule]:
    """The schedules whose name or prompt has all words, and that fit a filter of the list."""
    fits = {
        "All": lambda _: True,
        "On": lambda one: one.state == "on",
        "Paused": lambda one: one.state == "paused",
        "Failing": lambda one: one.failures > 0 or (one.last is not None and one.last.status == "failed"),
    }[which]
    asked = words.casefold().split()
    return [
        one
        for one in all_
        if fits(one) and all(word in f"{one.spec.name} {one.spec.prompt}".casefold() for word in asked)
    ]


def name_of(prompt: str) -> str:
    """A name for a schedule that has none: the beginning of what it asks."""
    line = " ".join(prompt.split())
    return line if len(line) <= 48 else line[:47].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def month_of(now: datetime, months: int) -> tuple[datetime, datetime]:
    """The first moment shown in a calendar month, a Monday, and the moment after the last, in the zone of `now`."""
    at = now.year * 12 + now.month - 1 + months
    first = datetime(at // 12, at % 12 + 1, 1, tzinfo=now.tzinfo)
    begin = first - timedelta(days=first.weekday())
    after = datetime((at + 1) // 12, (at + 1) % 12 + 1, 1, tzinfo=now.tzinfo)
    return begin, after + timedelta(days=-after.weekday() % 7)


def month_name(now: datetime, months: int) -> str:
    """ "December 2026"."""
    at = now.year * 12 + now.month - 1 + months
    return f"{datetime(at // 12, at % 12 + 1, 1):%B %Y}"


def going(all_: Sequence[Schedule]) -> bool:
    """Whether one of them runs, or waits for a worker."""
    return any(one.last is not None and one.last.status in GOING for one in all_)


def all_held(all_: Sequence[Schedule]) -> bool:
    """Whether they were paused together."""
    return any(one.why == HELD for one in all_)


def counted(shown: int, all_: int) -> str:
    """How many of how many are shown."""
    if not shown:
        return "No schedule fits. Other words, or “All”, show more."
    return many(all_, "schedule") if shown == all_ else f"{shown:,} of {many(all_, 'schedule')}"
