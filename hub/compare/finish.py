"""What happens when panes have answered. As in chat, whose functions do it; doing them twice does no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub import runs
from hub.chat import finish, queue, rows, store, title
from hub.compare import merges_store
from hub.compare import store as comparisons
from hub.compare.ask import advance
from hub.compare.merge_prompt import checklist
from hub.db.mongo import object_id
from hub.db.who import Who
from hub.models.types import Price

NO_CHECKLIST = {
    "kind": "no_checklist",
    "message": "The model gave no list of differences; what it said stands here.",
    "hint": "Try again, or choose another model.",
    "retryable": True,
}


def target_ended(run: runs.RunRecord, outcome: runs.Outcome) -> None:
    """Stores an answer as soon as it has ended, and sends what waits for it."""
    who = Who(run.owner, "")
    finish.keep(who, run, outcome, tell=False)
    finish.apart("queue", _next, who, run, [outcome])


def run_ended(run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """What follows once all have ended: title, summaries, and that the other rooms learn from the exchange, once."""
    who = Who(run.owner, "")
    for outcome in outcomes:
        finish.keep(who, run, outcome, tell=False)
    finish.apart("learning", _tell, who, run, outcomes)
    finish.apart("title", finish.name, who, run, outcomes)
    if not any(target.veiled for target in run.targets):  # a summary says whose it is
        finish.apart("summary", finish.summarise, who, run, outcomes)
    finish.apart("recents", finish.note, who, run, outcomes)


def merge_ended(run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Stores what was merged, or the checklist that comes before it."""
    who, [outcome] = Who(run.owner, ""), outcomes
    made = merges_store.get(who, run.context["merge"])
    listing = made["kind"] == "guided" and not made.get("ticked")
    points = checklist(outcome.text) if listing else ()
    cost = None if outcome.usage is None else Price(*outcome.context["price"]).cost(outcome.usage)
    changes = {
        "status": outcome.status,
        "text": "" if points else outcome.text,
        "usage": None if outcome.usage is None else rows.plain(outcome.usage),
        "cost": cost,
        **({"checklist": [rows.plain(one) for one in points]} if listing else {}),
        **({"error": _error(outcome.error)} if outcome.error else {}),
    }
    if listing and not points and outcome.status == "done":
        changes |= {"status": "error", "error": NO_CHECKLIST}
    kept = merges_store.change(who, made["_id"], changes, only={"run": run.id, "status": "streaming"})
    if kept and (add := title.spent(who, outcome)):
        store.update_conversation(who, object_id(run.context["conversation"]), {}, add=add)


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    return {name: error[name] for name in finish.ERROR_FIELDS if error.get(name) is not None}


def _next(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    home = object_id(run.context["conversation"])
    for outcome in outcomes:
        answer = object_id(outcome.context["message"])
        if outcome.status in {"done", "cancelled"}:
            advance(who, home, answer)
        else:
            queue.hold(who, home, answer, "The answer before it failed.")


def _tell(who: Who, run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Several answers to one question are one exchange: the others hear of the first that says something, of a question
    that was asked again only if nobody has answered it before."""
    said = next((one for one in outcomes if one.text), None)
    number = run.context["turn"]
    comparison = object_id(run.context["comparison"])
    if said is None:
        return
    fresh = f"learned.{number}"
    if number is None or comparisons.change(who, comparison, {fresh: said.context["message"]}, only={fresh: None}):
        store.tell(who, object_id(run.context["conversation"]), object_id(said.context["message"]))
