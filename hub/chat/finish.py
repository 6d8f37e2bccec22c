"""What happens when an answer has ended, whatever way: it is stored with its provenance, and the next things begin.

The run engine calls these again while the store is away, so doing them twice does no harm.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import structlog
from bson import ObjectId

from hub import files as file_store
from hub import runs
from hub.chat import handing, preferences, queue, rows, sending, store, summary, title, waiting
from hub.chat.records import Attachment, Timing
from hub.chat.worked import worked
from hub.db.mongo import Document, now, object_id
from hub.db.who import Who
from hub.errors import BadInput, HubError, StoreDown
from hub.models import catalogue, estimate
from hub.models.types import Usage
from hub.runs import later
from hub.turns import Source

KIND = "chat"
LARGEST_SENT = 12_000_000
ERROR_FIELDS = ("kind", "message", "hint", "retryable", "retry_after")
log = structlog.get_logger(__name__)


def target_ended(run: runs.RunRecord, outcome: runs.Outcome) -> None:
    """Stores one of several answers as soon as it has ended."""
    if len(run.targets) > 1:
        keep(Who(run.owner, ""), run, outcome)


def run_ended(run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Stores the answers, then begins what follows: title, summary, the next message that waits."""
    who = Who(run.owner, "")
    for outcome in outcomes:
        keep(who, run, outcome)
    apart("hand over", hand_over, who, run, outcomes)
    apart("title", name, who, run, outcomes)
    apart("summary", summarise, who, run, outcomes)
    apart("recents", note, who, run, outcomes)
    apart("queue", _next, who, run, outcomes)


def apart(what: str, step: Any, who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """One step; its failure is logged and leaves the answer and the other steps alone. A store that is away is
    passed on, because the engine tries again."""
    try:
        step(who, run, outcomes)
    except StoreDown:
        raise
    except HubError as error:
        log.warning("after_answer_failed", step=what, kind=error.kind, run=run.id)


def keep(who: Who, run: runs.RunRecord, outcome: runs.Outcome, *, tell: bool = True) -> None:
    """Writes an outcome into its message, once; with `tell` the other rooms hear of the exchange."""
    found = store.message(who, outcome.context["message"], deleted=True)
    if found["status"] != "streaming" or found.get("run") != run.id:
        return
    usage = later.counted(outcome)
    cost = later.cost(usage, outcome)
    changes = _changes(who, found, outcome, usage, cost)
    if outcome.payload is not None:
        packed = zlib.compress(orjson.dumps(outcome.payload), 6)
        if len(packed) <= LARGEST_SENT:
            store.keep_sent(who, found["_id"], found["conversation"], packed)
        else:
            changes["notices"].append(f"The request that was sent is too large to be kept ({len(packed):,} bytes).")
    if store.update_message(who, found["_id"], changes, only={"status": "streaming"}, tell=tell):
        file_store.keep(who, _fresh(found, changes))
        store.update_conversation(who, found["conversation"], {"updated_at": now()}, add=_totals(usage, cost))


def _changes(
    who: Who, found: Document, outcome: runs.Outcome, usage: Usage | None, cost: float | None
) -> dict[str, Any]:
    """The fields of an ended answer; one that was continued adds to what it had."""
    text = found["text"] + outcome.text
    changes: dict[str, Any] = {
        "text": text,
        "tokens": estimate.tokens(text),
        "reasoning": found.get("reasoning", "") + outcome.reasoning,
        "reasoning_ms": _added(found.get("reasoning_ms"), outcome.reasoning_ms),
        "status": outcome.status,
        "finish": outcome.finish,
        "timing": rows.plain(_timing(found.get("timing"), outcome.timing)),
        "notices": list(dict.fromkeys([*found.get("notices", ()), *outcome.notices])),
        "usage": rows.plain(_summed(found.get("usage"), usage)),
        "cost": found.get("cost") if usage is None else None if cost is None else _added(found.get("cost"), cost),
        **worked(found, outcome),
    }
    if outcome.waits:
        again = {one.id for one in outcome.waits}
        before = [one for one in found.get("asked", ()) if one["call"] not in again]
        changes["asked"] = [*before, *(rows.plain(waiting.asked(one)) for one in outcome.waits)]
        changes["asked_rev"] = found.get("asked_rev", 0) + 1
    if outcome.model != found.get("model") and "veiled" not in found:  # another one stood in
        changes |= {"model": outcome.model, "model_label": outcome.label}
    if given := handing.attached(outcome):
        changes["handing"] = given
    if outcome.tool_answers:
        changes["sources"] = _sources(found, outcome)
    if outcome.images:
        changes["images"] = [*found.get("images", ()), *_images(who, outcome)]
    if made := [file for answer in outcome.tool_answers for file in answer.files]:
        changes["files"] = [*found.get("files", ()), *_files(who, made)]
    if outcome.error is not None:
        changes["error"] = {key: outcome.error[key] for key in ERROR_FIELDS if outcome.error.get(key) is not None}
    return changes


def _sources(found: Document, outcome: runs.Outcome) -> list[Document]:
    """The sources that the answer has and those that its tools gave, each once."""
    given = [rows.plain(Source(**one)) for answer in outcome.tool_answers for one in answer.sources]
    every = [*found.get("sources", ()), *given]
    return list({(one["kind"], one["item"], one["text"]): one for one in reversed(every)}.values())[::-1]


def _timing(before: Document | None, timing: runs.Timing) -> Timing:
    """The time it took; one that was continued has its first token from before and the time of both."""
    if not before:
        return Timing(timing.started_at, timing.first_token_ms, timing.total_ms)
    old = Timing(before.get("started_at"), before.get("first_token_ms"), before.get("total_ms"))
    return replace(old, total_ms=_added(old.total_ms, timing.total_ms) if old.total_ms and timing.total_ms else None)


def _images(who: Who, outcome: runs.Outcome) -> list[Document]:
    kept: list[Document] = []
    for number, image in enumerate(outcome.images, 1):
        file = file_store.add_image(who, f"image {number}", image.mime, image.data)
        kept.append(rows.plain(Attachment(file.id, file.name, file.mime, file.size, file.kind)))
    return kept


def _files(who: Who, ids: Sequence[str]) -> list[Document]:
    """The files that tools made, as the answer keeps them."""
    found = file_store.many(who, list(dict.fromkeys(ids)))
    return [rows.plain(Attachment(one.id, one.name, one.mime, one.size, one.kind, "From a tool.")) for one in found]


def _fresh(found: Document, changes: dict[str, Any]) -> list[str]:
    """The ids of the files that an answer shows since these changes."""
    return [one["id"] for name in ("files", "images") for one in changes.get(name, ())[len(found.get(name, ())) :]]


def _totals(usage: Usage | None, cost: float | None) -> dict[str, float]:
    add: dict[str, float] = {"totals.answers": 1}
    if usage is not None:
        add |= {
            "totals.input": usage.input,
            "totals.output": usage.output,
            "totals.cached": usage.cached,
            "totals.reasoning": usage.reasoning,
        }
        add |= {"totals.unpriced": 1} if cost is None else {"totals.cost": cost}
    return add


def _summed(before: Document | None, usage: Usage | None) -> Usage | None:
    if before is None or usage is None:
        return usage or (Usage(**before) if before else None)
    return Usage(**before) + usage


def _added(before: float | None, more: float | None) -> float | None:
    return more if before is None else before + (more or 0)


def hand_over(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Goes on with an answer to which something else is attached now, unless it waits for the person first."""
    for outcome in outcomes:
        if outcome.status in {"waiting", "done"} and not outcome.waits:
            handing.go_on(who, run.id, outcome.context["message"])


def name(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Has a new conversation named after the first answer that says something."""
    said = next((one for one in outcomes if one.text), None)
    if not run.context["title"] or said is None or not preferences.get(who).title_model:
        return
    answer = store.message(who, said.context["message"])
    title.begin(who, run.context["conversation"], store.message(who, answer["parent"])["text"], said.text)


def summarise(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Begins a summary of each branch that fills its model's window."""
    for outcome in outcomes:
        if outcome.status == "done" and outcome.usage is not None:
            about = outcome.context
            summary.when_full(who, about["message"], outcome.model, about["window"], outcome.usage)


def note(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Puts models that are new to this conversation among the recent ones; where names are hidden, in an order that
    tells nothing."""
    if run.context["note"]:
        models = [outcome.model for outcome in outcomes]
        for model in sorted(models) if any(target.veiled for target in run.targets) else models:
            catalogue.note_used(who, model)


def _next(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Sends what waits; after a failure it is held, because it would most likely fail as well."""
    home = object_id(run.context["conversation"])
    for outcome in outcomes:
        answer = object_id(outcome.context["message"])
        if outcome.status == "waiting":
            continue
        if outcome.status in {"done", "cancelled"}:
            sending.advance(who, home, answer)
        else:
            queue.hold(who, home, answer, "The answer before it failed.")


def sent_request(who: Who, message: str) -> dict[str, Any] | None:
    """The request that made an answer, exactly as it was sent and without any key; None when nothing was sent.

    For an answer that was continued it is the last one.
    """
    found = store.message(who, message)
    if found.get("veiled"):
        raise BadInput("The request names the model, which is hidden until you have voted.", hint="Vote first.")
    packed = store.sent(who, ObjectId(found["_id"]))
    return None if packed is None else orjson.loads(zlib.decompress(packed))
