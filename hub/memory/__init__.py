"""What is remembered of a person: facts with their sources, history and undo, and what of them an answer gets.

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`. A scope is "" or
"project:ID"; nothing crosses from one to another.
"""

from __future__ import annotations

from hub.db.who import Who
from hub.memory.records import (
    Change,
    Counts,
    EventTime,
    Evidence,
    Extraction,
    Fact,
    Filters,
    Imported,
    Kind,
    Page,
    Pending,
    Preview,
    Recalled,
    Refusal,
    Rule,
    Sentence,
    Settings,
    Spent,
    Summary,
    Use,
)
from hub.turns import EVERYWHERE


def facts(
    who: Who, scope: str = EVERYWHERE, filters: Filters | None = None, *, before: object = None, most: int = 40
) -> Page:
    """A page of facts, newest first; `before` is that of the page before."""
    raise NotImplementedError


def counts(who: Who, scope: str = EVERYWHERE) -> Counts:
    """How many facts there are."""
    raise NotImplementedError


def scopes(who: Who) -> list[str]:
    """The scopes that hold facts."""
    raise NotImplementedError


def get(who: Who, fact: str) -> Fact:
    """One fact, deleted ones too."""
    raise NotImplementedError


def used_in(who: Who, fact: str) -> list[Use]:
    """The last answers that a fact went into."""
    raise NotImplementedError


def history(who: Who, fact: str) -> list[Change]:
    """What became of a fact, oldest first."""
    raise NotImplementedError


def events(who: Who, scope: str | None = None, *, before: object = None, most: int = 50) -> list[Change]:
    """The last changes, newest first."""
    raise NotImplementedError


def timeline(who: Who, subject: str, scope: str = EVERYWHERE) -> list[Fact]:
    """Everything about a subject, in the order in which it held."""
    raise NotImplementedError


def subjects(who: Who, scope: str = EVERYWHERE) -> list[str]:
    """The subjects that have facts, the commonest first."""
    raise NotImplementedError


def undo(who: Who, event: str) -> list[Change]:
    """Takes a change back, with those that belong to it; returns the events that did it."""
    raise NotImplementedError


def add(who: Who, text: str, *, scope: str = EVERYWHERE, kind: Kind = "knowledge", pinned: bool = False) -> Fact:
    """A fact that the person typed."""
    raise NotImplementedError


def edit(who: Who, fact: str, **values: object) -> Fact:
    """Changes text, kind, subject, importance, event or validity of a fact."""
    raise NotImplementedError


def pin(who: Who, fact: str, pinned: bool = True) -> Fact:
    """Keeps a fact in the always-on profile, or no longer."""
    raise NotImplementedError


def merge(who: Who, facts: list[str], text: str) -> Fact:
    """One fact in the place of several."""
    raise NotImplementedError


def delete(who: Who, fact: str, *, wrong: bool = False) -> str:
    """Takes a fact back; returns the event, which can be undone. `wrong`: the person said that it is wrong."""
    raise NotImplementedError


def purge(who: Who, fact: str) -> None:
    """Removes a fact for good, the texts in its history too."""
    raise NotImplementedError


def never_rules(who: Who) -> list[Rule]:
    """What is never to be kept."""
    raise NotImplementedError


def add_never_rule(who: Who, text: str) -> Rule:
    """Adds something never to keep: words, or a sentence like it."""
    raise NotImplementedError


def remove_never_rule(who: Who, rule: str) -> None:
    """Takes a rule back."""
    raise NotImplementedError


def pending(who: Who, scope: str | None = None) -> list[Pending]:
    """Changes that wait for approval."""
    raise NotImplementedError


def approve(who: Who, pending: str) -> Fact:
    """Makes a waiting change."""
    raise NotImplementedError


def reject(who: Who, pending: str) -> None:
    """Drops a waiting change."""
    raise NotImplementedError


def learned_from(who: Who, conversation: str) -> list[Fact]:
    """What was learned from a conversation and still stands."""
    raise NotImplementedError


def forget_conversation(who: Who, conversation: str) -> int:
    """Removes for good what was learned from a conversation alone; how many facts went."""
    raise NotImplementedError


def extractions(who: Who, *, conversation: str = "", most: int = 30) -> list[Extraction]:
    """What came of the last exchanges, newest first."""
    raise NotImplementedError


def recall_preview(who: Who, scope: str, text: str) -> Preview:
    """What `text` would bring into the prompt, and why."""
    raise NotImplementedError


def export(who: Who, scope: str | None = None, *, form: str = "json") -> str:
    """Everything that is remembered, as "json" or "markdown"; of every scope when none is given."""
    raise NotImplementedError


def import_(who: Who, data: str, *, scope: str = EVERYWHERE, form: str = "", model: str = "") -> Imported:
    """Takes in our JSON, Markdown, or text pasted from another assistant (read by `model`, else line by line)."""
    raise NotImplementedError


def settings(who: Who) -> Settings:
    """How the person wants memory."""
    raise NotImplementedError


def change_settings(who: Who, **values: object) -> Settings:
    """Sets some by name."""
    raise NotImplementedError


def reads_personal(who: Who, scope: str) -> bool:
    """Whether a project reads the person's own memory too."""
    raise NotImplementedError


def set_reads_personal(who: Who, scope: str, reads: bool) -> None:
    """Lets a project read the person's own memory, or no longer."""
    raise NotImplementedError


def pause(who: Who, paused: bool = True) -> Settings:
    """Stops learning, or goes on."""
    raise NotImplementedError


def reset(who: Who, scope: str | None = None) -> int:
    """Removes everything remembered for good; how many facts went."""
    raise NotImplementedError


def spent(who: Who, days: int = 30) -> list[Spent]:
    """What memory cost, by day, newest first."""
    raise NotImplementedError


def summary(who: Who, scope: str = EVERYWHERE) -> Summary:
    """The stored summary of a scope; made at once without a model when there is none."""
    raise NotImplementedError


def rewrite_summary(who: Who, scope: str = EVERYWHERE) -> Summary:
    """Writes the summary anew, with the model that memory uses; it waits for the model."""
    raise NotImplementedError


__all__ = [
    "Change",
    "Counts",
    "EventTime",
    "Evidence",
    "Extraction",
    "Fact",
    "Filters",
    "Imported",
    "Kind",
    "Page",
    "Pending",
    "Preview",
    "Recalled",
    "Refusal",
    "Rule",
    "Sentence",
    "Settings",
    "Spent",
    "Summary",
    "Use",
    "add",
    "add_never_rule",
    "approve",
    "change_settings",
    "counts",
    "delete",
    "edit",
    "events",
    "export",
    "extractions",
    "facts",
    "forget_conversation",
    "get",
    "history",
    "import_",
    "learned_from",
    "merge",
    "never_rules",
    "pause",
    "pending",
    "pin",
    "purge",
    "reads_personal",
    "recall_preview",
    "reject",
    "remove_never_rule",
    "reset",
    "rewrite_summary",
    "scopes",
    "set_reads_personal",
    "settings",
    "spent",
    "subjects",
    "summary",
    "timeline",
    "undo",
    "used_in",
]
