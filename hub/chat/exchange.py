"""What was asked and answered, as other rooms may read it."""

from __future__ import annotations

from itertools import islice
from typing import Any

from hub import hooks
from hub.chat import lineage, store
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import catalogue
from hub.turns import Exchange, Said, project_scope

BEFORE = 6
"""Messages above the question that go along."""


def read(who: Who, answer: str) -> Exchange | None:
    """The exchange that ended with `answer`; None when one of its two messages, or the conversation, is gone, or the
    answer is still being written or says nothing."""
    try:
        answered = store.message(who, answer)
        home = store.conversation(who, answered["conversation"])
        asked = store.message(who, answered["parent"]) if answered["parent"] else None
    except NotFound:
        return None
    if (
        asked is None
        or asked["role"] != "user"
        or answered["status"] in {"streaming", "waiting"}
        or not answered["text"]
    ):
        return None
    above = lineage.upward(who, asked, first=BEFORE + 2)
    next(above)
    before: list[Said] = []
    summary = ""
    for document in islice(above, BEFORE):
        if "summary" in document:
            summary = document["summary"]["text"]
            break
        if document["text"]:
            before.insert(0, _said(who, document))
    return Exchange(
        who,
        str(home["_id"]),
        home["title"],
        scope_of(home),
        home["temporary"],
        _said(who, asked),
        _said(who, answered),
        tuple(before),
        summary,
        hooks.guide(who, attached_to(home, {"agents": {}, **answered})).attached,
    )


def attached_to(conversation: Document, answer: Document) -> dict[str, Any]:
    """What is attached to a stored conversation, with the agent that has begun one of its answers. Of one that nobody
    watched nothing is learned: nobody has said what stands in its question."""
    attached: dict[str, Any] = conversation.get("attached", {})
    more: dict[str, Any] = {"agents": answer["agents"]} if "agents" in answer else {}
    if answer.get("unattended"):
        more["memory"] = {**attached.get("memory", {}), "learn": False}
    return {**attached, **more}


def scope_of(conversation: Document) -> str:
    """The scope of what is said in a stored conversation."""
    return project_scope(conversation.get("project"))


def _said(who: Who, document: dict[str, Any]) -> Said:
    # Of an answer whose model is hidden the person's usual one stands, which other rooms may ask something.
    model = catalogue.default_model(who) or "" if "veiled" in document else document.get("model", "")
    return Said(str(document["_id"]), document["role"], document["text"], document["created_at"], model)
