"""Presets: a model with its parameters and a system prompt under a name."""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from hub.chat import rows
from hub.chat.clean import clean
from hub.chat.records import Preset
from hub.db.mongo import Document, collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models.types import Params

LONGEST_NAME = 80


def all_presets(who: Who) -> tuple[Preset, ...]:
    """The person's presets by name."""
    with reachable():
        found = list(collection("presets").find({"owner": who.id}))
    return tuple(sorted(map(rows.preset, found), key=lambda one: one.name.lower()))


def save(
    who: Who,
    name: str,
    model: str,
    params: Params | dict[str, Any] | None = None,
    system_prompt: str = "",
    *,
    id: str | None = None,
) -> Preset:
    """Adds a preset, or with `id` changes one; a name that is there already is replaced."""
    name = " ".join(clean(name)[0].split())
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(f"A preset's name has 1 to {LONGEST_NAME} characters.")
    if id is None:
        id = next((one.id for one in all_presets(who) if one.name.casefold() == name.casefold()), None)
    document: Document = {
        "owner": who.id,
        "name": name,
        "model": model,
        "params": rows.plain(rows.params(params)),
        "system_prompt": clean(system_prompt)[0],
    }
    identity = ObjectId() if id is None else object_id(id)
    with reachable():
        if id is None:
            collection("presets").insert_one({**document, "_id": identity, "created_at": now()})
        elif not collection("presets").update_one({"_id": identity, "owner": who.id}, {"$set": document}).matched_count:
            raise NotFound("There is no such preset.")
    return rows.preset({**document, "_id": identity})


def remove(who: Who, preset: str) -> None:
    """Deletes a preset."""
    with reachable():
        if not collection("presets").delete_one({"_id": object_id(preset), "owner": who.id}).deleted_count:
            raise NotFound("There is no such preset.")
