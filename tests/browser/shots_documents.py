"""What the pictures of documents show: a collection, a document from inside, an answer that cites it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from hub import chat, documents
from hub.db.mongo import collection, object_id
from hub.db.who import OWNER
from hub.settings import override
from tests.cli.hub_process import HubProcess

FILES = Path(__file__).parents[1] / "files" / "data"
NAMES = ("boat_course.docx", "stores.xlsx", "encrypted.pdf", "refuge_fr.md", "handbook.pdf")
QUESTION = "How long must the drinking water be boiled?"
COMPARED = f"{QUESTION} | minutes | handbook.pdf\nWhere does the boat leave? | pier"


def shelve(hub: HubProcess) -> tuple[str, str, str]:
    """A collection with files that have been read, the handbook in it, and a chat that cites it: their ids."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    shelf = documents.create_collection(OWNER, "Field station").id
    documents.create_collection(OWNER, "Letters and minutes")
    added = [documents.add_file(OWNER, shelf, name, (FILES / name).read_bytes()).document for name in NAMES]
    until = time.monotonic() + 120
    while documents.progress(OWNER, shelf).moving:
        assert time.monotonic() < until, "the documents were not read"
        time.sleep(0.2)
    return shelf, added[-1].id, cite(shelf)


def cite(shelf: str) -> str:
    """A chat with an answer that was given passages of the collection, and used a tool."""
    home = chat.create(
        OWNER, title="Boiling water", attached={"documents": {"collections": [shelf], "mode": "retrieve"}}
    )
    chat.add_message(OWNER, home.id, "user", QUESTION)
    found = documents.search(OWNER, QUESTION, [shelf], most=3, merged=True).passages
    first = found[0].text.replace("\n", " ").partition(". ")[0]
    answer = chat.add_message(
        OWNER, home.id, "assistant", f"The handbook says: {first} [1].\n\nMore is written there [2]."
    )
    sources: list[dict[str, Any]] = [
        {
            "kind": "document",
            "item": one.document,
            "title": one.title,
            "text": one.text,
            "place": one.place,
            "score": one.score,
            "about": {"page": one.page, "passage": one.id},
            "number": place,
        }
        for place, one in enumerate(found, 1)
    ]
    fields = {
        "sources": sources,
        "model_label": "Small model",
        "tool_calls": [{"id": "1", "name": "search_documents", "arguments": f'{{"question": "{QUESTION}"}}'}],
        "tool_results": [
            {
                "call": "1",
                "text": found[0].text,
                "title": "Search documents",
                "icon": "search",
                "said": "3 passages",
                "ms": 140,
            }
        ],
    }
    collection("messages").update_one({"_id": object_id(answer)}, {"$set": fields})
    return home.id
