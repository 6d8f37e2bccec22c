"""Asking the plugins for what they know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hub.db.who import Who
from hub.found import Checked, Named
from hub.hooks.calls import ask, first, gather, many
from hub.hooks.records import Guide
from hub.hooks.specifications import SearchSource
from hub.runs.records import Limits
from hub.turns import Exchange, Note

if TYPE_CHECKING:
    from hub.search.records import Hit, Space

NO_LIMITS = Limits()


def exchange(who: Who, answer: str) -> Exchange | None:
    """The exchange that ended with `answer`; None when it is gone."""
    return first("exchange", who=who, answer=answer)


def guide(who: Who, attached: Mapping[str, Any], limits: Limits = NO_LIMITS) -> Guide:
    """How an answer is made in a conversation with what is `attached` to it; nothing special where no room says so.
    `limits` are the person's own."""
    return first("guide", who=who, attached=attached, limits=limits) or Guide(attached, limits=limits)


def answer_notes(who: Who, conversation: str) -> dict[str, list[Note]]:
    """What the rooms have to say under the answers of a conversation."""
    found: dict[str, list[Note]] = {}
    given, _ = gather("answer_notes", _notes, who=who, conversation=conversation)
    for _, (answer, note) in given:
        found.setdefault(answer, []).append(note)
    return found


def _notes(given: Mapping[str, Any]) -> list[tuple[str, Note]]:
    return list(zip(given, many(Note)(given.values()), strict=True))


def project_name(who: Who, project: str) -> str | None:
    """The name of a living project of `who`; None when they have none with that id."""
    return first("project_name", who=who, project=project)


def project_names(who: Who) -> dict[str, str]:
    """The names of all living projects of `who` by id."""
    given = ask("project_names", dict, newest=True, who=who)
    return {id_: name for _, names in given for id_, name in names.items()}


def project_reads_personal(who: Who, project: str) -> bool:
    """Whether the chats of a project read what is remembered outside of projects."""
    return first("project_reads_personal", who=who, project=project) or False


def search_sources() -> list[SearchSource]:
    """Every collection of the index. What a room raises goes up: an index without a part of it would be wrong."""
    return [one for _, given in ask("search_sources", many(SearchSource), newest=True) for one in given]


def search_spaces(who: Who, project: str | None) -> list[Space]:
    """What rooms with scopes of their own let `who` search."""
    from hub.search.records import Space  # with the index's libraries, which who asks this has loaded

    given = ask("search_spaces", many(Space), newest=True, who=who, project=project)
    return [one for _, found in given for one in found]


def search_checked(who: Who, collection: str, hits: Sequence[Hit]) -> list[Checked] | None:
    """Those of `hits` that may be shown; None when no room knows the collection."""
    given = ask("search_checked", many(Checked), who=who, collection=collection, hits=hits)
    return next((found for _, found in given), None)


def search_names(who: Who, words: str, project: str | None) -> list[Named]:
    """What has all of `words` in its name."""
    given = ask("search_names", many(Named), newest=True, who=who, words=words, project=project)
    return [one for _, found in given for one in found]
