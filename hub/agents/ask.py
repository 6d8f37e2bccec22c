"""Asking an agent: the row that is kept of it, the run that answers, and waiting for that on a tool's thread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from threading import BoundedSemaphore
from time import monotonic
from typing import Any

from bson import ObjectId

from hub import runs
from hub.agents import ask_store, manage
from hub.agents.child import Child
from hub.agents.records import Agent, AskRecord
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import BadInput, HubError
from hub.models import catalogue
from hub.models.types import ModelInfo, ToolUse
from hub.runs.records import Fallback, Limits
from hub.tools import Reply
from hub.turns import Before, Citations, Source, ToolResult

KIND = "agent"
SECONDS = 1_800.0
"""The longest that an agent works on one task."""
AT_ONCE = 40
"""Agents that are waited for at once in a process; each holds one of the engine's 64 threads."""
_POLL_SECONDS = 0.5
_STOP_SECONDS = 10.0
_places = BoundedSemaphore(AT_ONCE)


def new_row(agent: Agent, task: str, about: Mapping[str, Any]) -> Document:
    """An ask that is not stored yet. `about` is where it comes from: answer, conversation, parent, call, path (with the
    agent), limits, attended, only, attached, temporary, scope, draft."""
    spec = agent.spec
    return {
        **about,
        "_id": ObjectId(),
        "agent": agent.id,
        "name": spec.name,
        "avatar": spec.avatar,
        "hue": spec.hue,
        "version": agent.version,
        "task": task,
        "status": "running",
        "limits": asdict(spec.limits.within(Limits(**about["limits"]))),
        "at": now(),
    }


def begin(
    who: Who, agent: Agent, row: Document, citations: Citations | None = None, before: Before | None = None
) -> Document:
    """Stores an ask and starts the run that answers it; `before` is asked before each of its requests
    (`hub.runs.records.Target`). Raises BadInput when too many are at work already."""
    spec, run = agent.spec, str(ObjectId())
    wanted = catalogue.first_known(who, (spec.model, *spec.fallbacks)) or catalogue.default_model(who)
    info = catalogue.find(who, wanted)
    row = {**row, "run": run, "runs": [run], "model": info.id, "model_label": info.label}
    ask_store.insert(who, row)
    _start(who, agent, info, row, citations or Citations(), {}, before)
    return row


def go_on(who: Who, row: Document, reply: Reply, citations: Citations | None = None) -> Document:
    """Takes what the person said to the call that an ask waits for. When nothing is open any more a new run goes on
    with it. Raises BadInput when the ask does not wait."""
    record, replied = ask_store.record(row), ask_store.replies(row)
    open_ = [one for one in record.waits if one.id not in replied]
    if record.status != "waiting" or not open_:
        raise BadInput("This is not asked any more.", hint="Ask the agent again.")
    one = open_[0]
    if (reply.tool, reply.version, reply.arguments) != (one.tool, one.version, one.arguments):
        raise BadInput("The reply is to another call.", hint="Ask the agent again.")
    replied[one.id] = reply
    if len(open_) > 1:
        ask_store.change(who, row["_id"], {"replies": ask_store.packed(replied)})
        return {**row, "replies": ask_store.packed(replied)}
    agent = manage.find(who, record.agent, draft=row["draft"])
    info, run = catalogue.find(who, record.model), str(ObjectId())
    changes = {"status": "running", "run": run, "runs": [*row["runs"], run], "waits": [], "replies": []}
    if not ask_store.change(who, row["_id"], changes, only={"status": "waiting", "run": record.run}):
        raise BadInput("This agent goes on already.")
    before = [Source(**one) for one in row.get("sources", ())]
    _start(who, agent, info, {**row, **changes}, citations or Citations(before), replied)
    return {**row, **changes}


def _start(
    who: Who, agent: Agent, info: ModelInfo, row: Document, citations: Citations, replies: Mapping[str, Reply],
    before: Before | None = None,
) -> None:  # fmt: skip
    child = Child(who, row, agent, info, citations, replies, before)
    calls = row.get("tool_calls", ())
    pending = (ToolUse(one["id"], one["name"], one.get("arguments", "")) for one in calls if one["id"] in replies)
    target = runs.Target(
        model=info.id,
        prepare=child.prepare,
        label=info.label,
        tools=child,
        context={
            "message": str(row["_id"]),
            "agent": agent.id,
            "window": info.context,
            "price": [info.price.input, info.price.output, info.price.cached],
        },
        pending=tuple(pending),
        said=row.get("text", ""),
        taken=frozenset(one["id"] for one in calls),
        limits=Limits(**row["limits"]),
        price=info.price,
        fallbacks=tuple(map(Fallback.of, catalogue.known(who, agent.spec.fallbacks, but=info.id))),
        before=before,
    )
    about = {"conversation": row["conversation"], "answer": row["answer"]}
    try:
        runs.start(who, KIND, [target], about, run_id=row["run"])
    except HubError as error:
        ask_store.change(who, row["_id"], {"status": "error", "error": dict(error.record())})
        raise


class Place:
    """One of the places of agents that are waited for; a sentence where there is none."""

    def __enter__(self) -> None:
        if not _places.acquire(blocking=False):
            raise BadInput(
                f"{AT_ONCE} agents are at work for this hub already.", hint="Do it yourself, or ask again later."
            )

    def __exit__(self, *_: object) -> None:
        _places.release()


def wait(who: Who, row: Document, asker: str = "") -> AskRecord:
    """What became of an ask, when it has ended or waits for the person. It is stopped when `asker`, the message that
    asks, is not written any more, and when its time is over."""
    until = monotonic() + SECONDS
    while not runs.wait(row["run"], _POLL_SECONDS):
        if (asker and not runs.goes_on(who, asker)) or monotonic() > until:
            runs.cancel(who, row["run"])
            runs.wait(row["run"], _STOP_SECONDS)
            break
    return ask_store.record(ask_store.row(who, str(row["_id"])))


def result(who: Who, record: AskRecord) -> ToolResult:
    """What an ask gives to who asked."""
    row = ask_store.row(who, record.id)
    replied = ask_store.replies(row)
    about = {"asked": record.id}
    open_ = [one for one in record.waits if one.id not in replied]
    if record.status == "waiting" and open_:
        said = " ".join(part for part in (f"{record.name} wants this.", open_[0].why) if part)
        return ToolResult("", about=about, waits=replace(open_[0], why=said))
    text, good = record.text.strip(), record.status == "done"
    failed = "" if good else f"{record.name} did not finish: {why(record)}"
    cited = {int(number) for number in re.findall(r"\[(\d{1,4})\]", text)}
    return ToolResult(
        "\n\n".join(part for part in (failed, text) if part) or f"{record.name} gave no answer.",
        said=failed or _short(text) or "no answer",
        error=not good,
        sources=tuple(Source(**one) for one in row.get("sources", ()) if one["number"] in cited),
        usage=record.usage,
        cost=record.cost,
        about=about,
        kept=record.files,
    )


def why(record: AskRecord) -> str:
    """Why an ask has not come to its end, in words."""
    if record.error:
        return str(record.error.get("message", ""))
    return {"cancelled": "it was stopped.", "interrupted": "the hub stopped meanwhile."}.get(
        record.status, "it was stopped."
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
