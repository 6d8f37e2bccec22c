"""What is stored of plugins: whether each is on, its settings, and what went wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.db.memo import Memo
from hub.db.mongo import Document, collection, now, reachable

INDEXES: list[tuple[str, list[tuple[str, int]], dict[str, Any]]] = [("plugin_errors", [("plugin", 1)], {})]

MOST = 500
"""Plugins, and errors, that are read at most."""
_rows: Memo[Mapping[str, Document]] = Memo()


def rows() -> Mapping[str, Document]:
    """What is stored of each plugin by name, as of three seconds ago at most. Raises StoreDown."""

    def read() -> Mapping[str, Document]:
        with reachable():
            return {row["_id"]: row for row in collection("plugins").find({}).limit(MOST)}

    return _rows.get("", "", read)


def change(name: str, values: Document) -> None:
    """Sets fields of a plugin's row."""
    with reachable():
        collection("plugins").update_one({"_id": name}, {"$set": {**values, "updated_at": now()}}, upsert=True)
    _rows.drop("")


def count_failure(plugin: str, where: str, kind: str, message: str) -> None:
    """One row for each place of a plugin: the last error and how many there were."""
    with reachable():
        collection("plugin_errors").update_one(
            {"_id": f"{plugin} {where}"},
            {
                "$set": {"plugin": plugin, "where": where, "kind": kind, "message": message, "at": now()},
                "$inc": {"count": 1},
            },
            upsert=True,
        )


def failures() -> list[Document]:
    """All of them."""
    with reachable():
        return list(collection("plugin_errors").find({}).limit(MOST))


def drop_failures(plugin: str, where: str | None = None) -> None:
    """Forgets what went wrong in a plugin, or only in one place of it."""
    wanted = {"plugin": plugin} | ({} if where is None else {"where": where})
    with reachable():
        collection("plugin_errors").delete_many(wanted)
