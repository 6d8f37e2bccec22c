"""What happens when panes have answered. As in chat, whose functions do it; doing them twice does no harm."""

from __future__ import annotations

from collections.abc import Sequence

from hub import runs
from hub.chat import finish, queue, store
from hub.compare import store as comparisons
from hub.compare.ask import advance
from hub.db.mongo import object_id
from hub.db.who import Who


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
    finish.apart("summary", finish.summarise, who, run, outcomes)
    finish.apart("recents", finish.note, who, run, outcomes)


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
