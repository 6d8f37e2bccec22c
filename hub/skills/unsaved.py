"""What a person was writing when a page went away: one text a person and skill, until it is saved or thrown away.

`skill_drafts` {_id: person and skill ("new" for one that is not there yet), owner, text, base, from_chat, at}.
"""

from __future__ import annotations

from hub.db.mongo import collection, now, reachable
from hub.db.who import Who
from hub.errors import BadInput
from hub.skills.records import Unsaved

NEW = "new"
LONGEST = 1_000_000
"""Characters."""


def keep(who: Who, skill: str, one: Unsaved) -> None:
    """Keeps what is being written, over what was kept before. `skill` "" is a new one. Raises BadInput for a text that
    is too long to be kept."""
    if len(one.text) > LONGEST:
        raise BadInput("This is too long to be kept as a draft.", hint="Save it before you leave.")
    row = {"owner": who.id, "text": one.text, "base": one.base, "from_chat": one.from_chat, "at": now()}
    with reachable():
        collection("skill_drafts").replace_one({"_id": _id(who, skill)}, row, upsert=True)


def unsaved(who: Who, skill: str) -> Unsaved | None:
    """What was being written and not saved."""
    with reachable():
        found = collection("skill_drafts").find_one({"_id": _id(who, skill)})
    return Unsaved(found["text"], found["base"], found["from_chat"], found["at"]) if found else None


def drop(who: Who, skill: str) -> None:
    """Forgets it: it was saved, or is not wanted."""
    with reachable():
        collection("skill_drafts").delete_one({"_id": _id(who, skill)})


def _id(who: Who, skill: str) -> str:
    return f"{who.id} {skill or NEW}"
