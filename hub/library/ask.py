"""One question to everything that a person has, answered from the index and checked against the stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from hub import hooks
from hub.db.who import Who
from hub.errors import HubError, NotFound, StoreDown
from hub.library import shown
from hub.library.query import Query, parse
from hub.library.records import Found
from hub.search import Filter, Hit, Space, browse, embedder, find
from hub.search.embed import Embedder, Once
from hub.search.strangers import ruler
from hub.turns import EVERYWHERE, project_scope

SPOKEN = ("messages", "titles")
"""Collections whose entries stand for conversations; their scope is the conversation's project."""
SCOPED = (*SPOKEN, "memories")
RELATED, CLOSE = 3, 5
"""Spreads above strangers (`hub.search.strangers`) from which on something counts as found although no word of the
question is in it: where nothing has a word of it, and beside something that has."""
_TICK = timedelta(microseconds=1)

log = structlog.get_logger(__name__)


def search(who: Who, text: str, *, most: int = 20, project: str | None = None, now: datetime | None = None) -> Found:
    """The best of what `who` has for `text`, which may hold operators (see `parse`): at most `most` passages of
    messages, and as many of documents and of memories.

    With `project` only what is in it. `now` carries the zone in which days are counted. Without the index (PostgreSQL
    is away) titles are found all the same, and the answer says what could not be searched. Raises NotFound for a
    project that is not there, and StoreDown when MongoDB, which has the truth, does not answer.
    """
    query = parse(text, now or datetime.now(UTC))
    names = hooks.project_names(who)
    inside, problems = _inside(query, names, project)
    if query.empty or (inside is not None and not inside):
        return Found(problems=problems)
    try:
        hits, without = _ask(who, query, inside, names, most)
    except StoreDown as error:
        log.warning("search_without_index", reason=error.message)
        said = f"Only titles can be searched now, not what was said. {error.message}"
        return Found(shown.by_name(who, query, inside, names), problems=problems, without=said)
    return shown.shown(who, query, hits, inside, names, most, problems, without)


def _inside(
    query: Query, names: Mapping[str, str], project: str | None
) -> tuple[frozenset[str] | None, tuple[str, ...]]:
    """The projects that are searched, None for everything, and the problems of the query with those of its projects."""
    if project is not None:
        if project not in names:
            raise NotFound("There is no such project.", hint="It may have been deleted.")
        return frozenset({project}), query.problems
    if not query.projects:
        return None, query.problems
    found = {value: _named(value.casefold(), names) for value in query.projects}
    missing = [f"There is no project “{value[:60]}”." for value, ids in found.items() if not ids]
    return frozenset(id_ for ids in found.values() for id_ in ids), (*query.problems, *missing)


def _named(value: str, names: Mapping[str, str]) -> list[str]:
    """The projects with that name, else those whose name begins with it, else those that have it in their name."""
    folded = {id_: name.casefold() for id_, name in names.items()}
    exact = [id_ for id_, name in folded.items() if name == value]
    begins = [id_ for id_, name in folded.items() if name.startswith(value)]
    return exact or begins or [id_ for id_, name in folded.items() if value in name]


def _ask(
    who: Who, query: Query, inside: frozenset[str] | None, names: Mapping[str, str], most: int
) -> tuple[dict[str, list[Hit]], str]:
    """The hits by collection; words alone decide, and that is said, when the text cannot be embedded."""
    spaces = _spaces(who, query, inside, names)
    try:
        by = embedder()
        return _hits(query, spaces, Once(by) if by else None, most), ""
    except StoreDown:
        raise
    except HubError as error:
        return _hits(query, spaces, None, most), f"Searched by words, not by meaning. {error.message}"


def _spaces(who: Who, query: Query, inside: frozenset[str] | None, names: Mapping[str, str]) -> list[Space]:
    if inside is None:
        scopes = {EVERYWHERE, *map(project_scope, names)}  # none of a project that was deleted
        found = [space for space in browse.spaces(who.id, SCOPED) if space.scope in scopes]
        found += hooks.search_spaces(who, None)
    else:
        found = [Space(name, who.id, project_scope(one)) for one in inside for name in SCOPED]
        found += [space for one in inside for space in hooks.search_spaces(who, one)]
    return [space for space in dict.fromkeys(found) if space.collection == "messages" or not query.of_messages]


def _hits(query: Query, spaces: Sequence[Space], by: Embedder | None, most: int) -> dict[str, list[Hit]]:
    hits: dict[str, list[Hit]] = {}
    for name in dict.fromkeys(space.collection for space in spaces):
        asked = [space for space in spaces if space.collection == name]
        if query.words:
            found = find(asked, query.words, by, most=4 * most, only=_filter(query, name))
            hits[name] = _near(found, query.words, by)
        elif name != "titles":
            hits[name] = browse.newest(asked, _filter(query, name), most=4 * most)
    return hits


def _near(hits: Sequence[Hit], words: str, by: Embedder | None) -> list[Hit]:
    """Those with a word of the question, and those that are near enough without one."""
    if by is None or all(hit.dense is None for hit in hits):
        return [hit for hit in hits if hit.lexical > 0]
    needed, far = (CLOSE if any(hit.lexical > 0 for hit in hits) else RELATED), ruler(by, by.query(words))
    return [hit for hit in hits if hit.lexical > 0 or (hit.dense is not None and far.above(hit.dense) >= needed)]


def _filter(query: Query, collection: str) -> Filter:
    about: dict[str, object] = dict.fromkeys(query.has, True)
    if query.role:
        about["role"] = query.role
    return Filter(
        after=query.since,
        before=query.until and query.until - _TICK,
        phrases=query.phrases,
        without=query.without,
        about=about if collection == "messages" else {},
        about_like=tuple((("model", "model_id"), name) for name in query.models) if collection == "messages" else (),
    )
