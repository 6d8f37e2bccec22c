"""Prompts that `/name` puts into the composer, with {{places}} to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bson import ObjectId

from hub.chat import rows
from hub.chat.clean import clean
from hub.chat.records import VARIABLE, Prompt
from hub.db.mongo import collection, now, object_id, reachable
from hub.db.who import Who
from hub.errors import BadInput, NotFound

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


def all_prompts(who: Who) -> tuple[Prompt, ...]:
    """The person's prompts by name."""
    with reachable():
        found = list(collection("prompts").find({"owner": who.id}))
    return tuple(sorted(map(rows.prompt, found), key=lambda one: one.name))


def save(who: Who, name: str, text: str, description: str = "", *, id: str | None = None) -> Prompt:
    """Adds a prompt, or with `id` changes one. The name is what stands after the slash; raises BadInput if taken."""
    name = name.strip().lstrip("/").lower()
    if not NAME.fullmatch(name):
        raise BadInput(
            "A prompt's name is made of a-z, 0-9, - and _, begins with a letter or digit, and has at most 50."
        )
    text = clean(text)[0]
    if not text.strip():
        raise BadInput("The prompt is empty.")
    if any(one.name == name and one.id != id for one in all_prompts(who)):
        raise BadInput(f"There is a prompt /{name} already.", hint="Change that one, or take another name.")
    document = {"name": name, "text": text, "description": clean(description)[0].strip(), "owner": who.id}
    identity = ObjectId() if id is None else object_id(id)
    with reachable():
        if id is None:
            collection("prompts").insert_one({**document, "_id": identity, "created_at": now()})
        elif not collection("prompts").update_one({"_id": identity, "owner": who.id}, {"$set": document}).matched_count:
            raise NotFound("There is no such prompt.")
    return rows.prompt({**document, "_id": identity})


def remove(who: Who, prompt: str) -> None:
    """Deletes a prompt."""
    with reachable():
        if not collection("prompts").delete_one({"_id": object_id(prompt), "owner": who.id}).deleted_count:
            raise NotFound("There is no such prompt.")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled in; a place without a value stays as it is."""
    return VARIABLE.sub(lambda place: values.get(place.group(1), place.group(0)), text)
