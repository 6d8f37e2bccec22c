"""From hits of the index to what a person sees: looked up in the stores, grouped by conversation, words marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from hub import hooks
from hub.db.who import Who
from hub.found import Checked
from hub.library.marked import marked, words_of
from hub.library.query import Query
from hub.library.records import Found, Passage, Talk, Thing
from hub.search import Hit

PASSAGES = 3
"""Of one conversation that are shown."""
LONGEST_TITLE = 200


def shown(
    who: Who,
    query: Query,
    hits: Mapping[str, Sequence[Hit]],
    inside: frozenset[str] | None,
    names: Mapping[str, str],
    most: int,
    problems: tuple[str, ...],
    without: str,
) -> Found:
    """What is still there of `hits`, as it is shown; `inside` are the projects that were asked for."""
    words = words_of(query.words)
    checked = {name: hooks.search_checked(who, name, found) or [] for name, found in hits.items()}
    messages, titles = (
        [one for one in checked.get(name, ()) if inside is None or one.project in inside]
        for name in ("messages", "titles")
    )
    return Found(
        _talks(messages, titles, words, names, most),
        tuple(_thing(one, words) for one in checked.get("documents", ())[:most]),
        tuple(_thing(one, words) for one in checked.get("memories", ())[:most]),
        problems,
        without,
    )


def by_name(who: Who, query: Query, inside: frozenset[str] | None, names: Mapping[str, str]) -> tuple[Talk, ...]:
    """The conversations whose title has all the words; for a time without the index."""
    if not query.words or query.of_messages:
        return ()
    words = words_of(query.words)
    found = [one for project in (inside or [None]) for one in hooks.search_names(who, query.words, project)]
    return tuple(
        Talk(
            one.id,
            marked(one.title, words, LONGEST_TITLE),
            one.link,
            one.time,
            project=one.project,
            project_name=names.get(one.project or ""),
            pinned=one.pinned,
            archived=one.archived,
        )
        for one in found
        if one.collection == "titles" and _within(one.time, query)
    )


def _within(time: datetime, query: Query) -> bool:
    return (query.since is None or time >= query.since) and (query.until is None or time < query.until)


def _thing(one: Checked, words: Sequence[str]) -> Thing:
    id_ = one.hit.group if one.hit.space.collection == "documents" else one.hit.item
    return Thing(id_, one.title, one.place, marked(one.hit.text, words), one.link, one.hit.at)


def _talks(
    messages: Sequence[Checked], titles: Sequence[Checked], words: Sequence[str], names: Mapping[str, str], most: int
) -> tuple[Talk, ...]:
    """Conversations with all the words in their title first, then by their best passage, then by a title that is like
    the question."""
    said: dict[str, list[Checked]] = {}
    for one in messages:
        others = said.setdefault(one.hit.group, [])
        if all(one.hit.item != other.hit.item for other in others):
            others.append(one)
    called = {one.hit.group: one for one in titles}
    first = [group for group, one in called.items() if all(word in one.title.casefold() for word in words)]
    order = list(dict.fromkeys([*first, *said, *called]))
    talks: list[Talk] = []
    for group in order:
        passages = said.get(group, [])
        if most <= 0 and passages:
            break
        talks.append(_talk((*passages, called.get(group))[0] or called[group], passages, words, names))
        most -= min(len(passages), PASSAGES)
    return tuple(talks)


def _talk(about: Checked, passages: Sequence[Checked], words: Sequence[str], names: Mapping[str, str]) -> Talk:
    return Talk(
        about.hit.group,
        marked(about.title, words, LONGEST_TITLE),
        f"/?c={quote(about.hit.group)}",
        about.time,
        tuple(
            Passage(one.hit.item, one.who, one.model, one.hit.at, marked(one.hit.text, words), one.link)
            for one in passages[:PASSAGES]
        ),
        max(0, len(passages) - PASSAGES),
        about.project,
        names.get(about.project or ""),
        about.pinned,
        about.archived,
    )
