"""What the chat room does when it is asked by the house, and what it tells the other rooms."""

from __future__ import annotations

from collections.abc import Sequence

from hub import hooks
from hub.chat import exchange as exchanges
from hub.chat import finish, index, preferences, project_gone, store, title
from hub.chat import hits as found_hits
from hub.db.who import Who
from hub.found import Checked, Named
from hub.runs import RunRecord
from hub.search.records import Hit
from hub.turns import Exchange


@hooks.implementation
def person_deleted(who: Who) -> None:
    """Removes every conversation, message, prompt, preset and preference of the person."""
    store.purge_person(who)
    preferences.forget(who)


@hooks.implementation
def exchange(who: Who, answer: str) -> Exchange | None:
    """The exchange that ended with this answer."""
    return exchanges.read(who, answer)


@hooks.implementation
def project_deleted(who: Who, project: str, keep_chats: bool) -> None:
    """The project's chats leave it or are deleted with it."""
    project_gone.leave(who, project, keep=keep_chats)


@hooks.implementation
def project_restored(who: Who, project: str) -> None:
    """The project's chats come back."""
    project_gone.come_back(who, project)


@hooks.implementation
def project_purged(who: Who, project: str) -> None:
    """No chat remembers the project."""
    project_gone.forget(who, project)


@hooks.implementation
def search_checked(who: Who, collection: str, hits: Sequence[Hit]) -> Sequence[Checked] | None:
    """Those hits in messages and titles that may be shown."""
    return found_hits.checked(who, hits) if collection in found_hits.COLLECTIONS else None


@hooks.implementation
def search_names(who: Who, words: str, project: str | None) -> Sequence[Named]:
    """Conversations by their title."""
    return found_hits.named(who, words, project)


@hooks.implementation
def run_finished(run: RunRecord) -> None:
    """Has what was said go into the search index."""
    if run.kind in {finish.KIND, title.KIND}:
        index.soon()


@hooks.implementation
def search_sources() -> Sequence[hooks.SearchSource]:
    """Messages and titles."""
    return index.SOURCES
