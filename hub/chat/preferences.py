"""How a person likes the hub, one row for each person."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from hub.chat.records import Preferences
from hub.db.memo import Memo
from hub.db.mongo import collection, reachable
from hub.db.who import Who
from hub.errors import BadInput

_adapter = TypeAdapter(Preferences)
_known: Memo[Preferences] = Memo()


def get(who: Who) -> Preferences:
    """What the person has set, defaults for the rest."""

    def read() -> Preferences:
        with reachable():
            found = collection("preferences").find_one({"_id": who.id})
        return Preferences() if found is None else _adapter.validate_python(found)

    return _known.get(who.id, "", read)


def change(who: Who, **values: Any) -> Preferences:
    """Sets some preferences by name; raises BadInput for a name or value that there is not."""
    try:
        after = _adapter.validate_python(asdict(replace(get(who), **values)))
    except (TypeError, ValidationError) as error:
        raise BadInput("There is no such preference, or it does not take that value.") from error
    with reachable():
        collection("preferences").update_one({"_id": who.id}, {"$set": asdict(after)}, upsert=True)
    _known.drop(who.id)
    return after


def forget(who: Who) -> None:
    """Removes what a person has set."""
    with reachable():
        collection("preferences").delete_one({"_id": who.id})
    _known.drop(who.id)
