"""What the search index found in conversations, looked up in the store before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from hub.chat import conversations, store
from hub.chat.veil import veil
from hub.db.mongo import Document
from hub.db.who import Who
from hub.found import Checked, Named
from hub.search.records import Hit

COLLECTIONS = ("messages", "titles")


def checked(who: Who, hits: Sequence[Hit]) -> list[Checked]:
    """Those of `hits` whose conversation is the person's, not temporary and not deleted, nor the message deleted."""
    homes = {str(one["_id"]): one for one in store.listed(who, {hit.group for hit in hits})}
    wanted = {hit.item for hit in hits if hit.space.collection == "messages" and hit.group in homes}
    messages = {str(one["_id"]): one for one in store.living_messages(who, wanted)}
    found: list[Checked] = []
    for hit in hits:
        home, message = homes.get(hit.group), messages.get(hit.item)
        if home is None:
            continue
        if hit.space.collection == "titles":
            found.append(_checked(hit, home, f"/?c={quote(hit.group)}"))
        elif message is not None and str(message["conversation"]) == hit.group:
            link = f"/?c={quote(hit.group)}&m={quote(hit.item)}"
            found.append(_checked(hit, home, link, message["role"], veil(message).get("model_label", "")))
    return found


def named(who: Who, words: str, project: str | None) -> list[Named]:
    """The conversations that have all the words in their title."""
    return [
        Named(
            "titles",
            one.id,
            one.title or "New chat",
            f"/?c={quote(one.id)}",
            one.updated_at,
            one.project,
            one.pinned,
            one.archived,
        )
        for one in conversations.search_titles(who, words, project=project)
    ]


def _checked(hit: Hit, home: Document, link: str, who: str = "", model: str = "") -> Checked:
    return Checked(
        hit,
        home["title"] or "New chat",
        link,
        home["updated_at"],
        who=who,
        model=model,
        project=home.get("project"),
        pinned=home["pinned"],
        archived=home["archived"],
    )
