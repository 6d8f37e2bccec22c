"""`HUB_DATA=... python -m tests.db.schemas`: writes a small hub in the form of this version, before the form changes.

One file a schema number, kept for good: `tests/db/test_schemas.py` brings each to the present.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bson import ObjectId

from hub import files
from hub.chat.conversations import new_document
from hub.cli.stores import stores
from hub.db import gate
from hub.db.backup import save
from hub.db.mongo import collection
from hub.db.who import OWNER
from hub.models import connections

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PHRASE = "kept with the tests"


def fill() -> None:
    """A conversation of two branches, a file, a connection with a key, a preset, a fact's scope."""
    own = ObjectId("0" * 23 + "1")
    ids = [ObjectId(f"{number:024x}") for number in range(16, 20)]
    rows = [
        ("user", None, "What is in the file?"),
        ("assistant", ids[0], "Notes."),
        ("assistant", ids[0], "A list of **notes**."),
        ("user", ids[2], "Thank you."),
    ]
    kept = files.add(OWNER, "notes.txt", b"first note\nsecond note\n")
    for number, (role, parent, text) in enumerate(rows):
        row = {"_id": ids[number], "owner": OWNER.id, "conversation": own, "parent": parent, "role": role, "text": text}
        row |= {"depth": (0, 1, 1, 2)[number], "status": "done", "created_at": AT}
        file = {"id": kept.id, "name": kept.name, "mime": kept.mime, "kind": kept.kind, "how": kept.how}
        collection("messages").insert_one(row | ({"files": [{**file, "tokens": kept.tokens}]} if number == 0 else {}))
    files.store.keep(OWNER, [kept.id])
    home = {**new_document("", {}, title="About notes"), "_id": own, "owner": OWNER.id, "head": ids[3]}
    collection("conversations").insert_one(home | {"created_at": AT, "updated_at": AT})
    connections.add(OWNER, "openai_compatible", name="Own", key="sk-own-key", base_url="http://127.0.0.1:9/v1")


if __name__ == "__main__":
    with stores():
        fill()
        save.save(Path(__file__).parent / f"{gate.newest()}.hubbackup", PHRASE)
