"""Handing a chat over: a tool has attached something to it, such as another agent, with which the answer goes on.

What is attached stands on the message until the next run goes on in it, so a hub that dies in between goes on later.
"""

from __future__ import annotations

from typing import Any

from bson import ObjectId

from hub import hooks, runs
from hub.chat import exchange, rows, store
from hub.chat.asks import Ask, start
from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import HubError
from hub.models import catalogue


def attached(outcome: runs.Outcome) -> dict[str, Any]:
    """What the tools of an outcome have attached; the first counts."""
    return next((dict(one.attach) for one in outcome.tool_answers if one.attach is not None), dict[str, Any]())


def go_on(who: Who, run: str, message: str) -> None:
    """Starts the run that goes on with an answer, where `run` has left something attached for it. An answer that cannot
    go on says why."""
    found = store.message(who, message)
    if not found.get("handing") or found["run"] != run or found["status"] not in {"waiting", "done"}:
        return
    try:
        _start(who, found)
    except HubError as error:
        changes = {"status": "error", "error": error.record()}
        store.update_message(who, found["_id"], changes, only={"status": found["status"], "run": run})


def _start(who: Who, found: Document) -> None:
    home = store.conversation(who, found["conversation"])
    above = store.message(who, found["parent"], deleted=True)
    now = {**home.get("attached", {}), **found["handing"]}
    guide = hooks.guide(who, now)
    chosen = catalogue.first_known(who, (guide.model, *guide.fallbacks))
    info = catalogue.find(who, chosen or found["model"])
    params = guide.params if chosen else rows.params(found.get("params"))
    asked = {"model": info.id, "params": rows.plain(params)}
    store.update_conversation(who, home["_id"], {"attached": now, **asked})
    run = str(ObjectId())
    changes = {
        **asked,
        "model_label": info.label,
        "agents": now.get("agents", {}),
        "handed": found.get("handed", 0) + 1,
        "status": "streaming",
        "run": run,
        "target": 0,
    }
    only = {"status": found["status"], "run": found["run"]}
    if store.update_message(who, found["_id"], changes, only=only, unset=["handing"]):
        answer = {**found, **changes}
        home = {**home, "attached": exchange.attached_to({**home, "attached": now}, answer), **asked}
        start(who, home, [Ask(above, answer, info, params)], run, first=above["parent"] is None)
