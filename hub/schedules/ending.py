"""How an occurrence ends, and what follows: the inbox, what was spent, the count of failures, who is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from bson import ObjectId

from hub import documents, jobs, runs
from hub.chat.records import Message
from hub.db.mongo import Document, now
from hub.db.who import Who
from hub.errors import HubError, StoreDown
from hub.models.catalogue import DEMO_ID
from hub.schedules import spec, store
from hub.schedules.fire import occurrence, queue
from hub.schedules.guard import month
from hub.schedules.judge import worth_telling
from hub.schedules.records import MADE_BY, Spec, Status, Told
from hub.tools.belt import NEEDED

LONGEST_SAID = 20_000
"""Characters of a result that are kept with the occurrence; the whole one is in its chat."""
HOPELESS = frozenset(
    {"no_key", "refused_key", "no_credit", "model_gone", "refused_content", "bad_request", "bad_input", "not_found",
     "over_cap", "taken_away", "context_too_long"}
)  # fmt: skip
"""What another try would not mend."""
MOST_IN_CHAIN = 10
"""Schedules that start each other, one after the end of the other, before nobody is started any more."""
TELL = "schedules.tell"
log = structlog.get_logger(__name__)


def answered(who: Who, schedule: Document, row: Document, message: Message) -> None:
    """Ends an occurrence whose answer has ended, or has it tried again."""
    row["spent"] = row.get("spent", 0.0) + (message.cost or 0.0)
    if message.cost:
        store.spend(who, schedule["_id"], month(row["due_at"]), message.cost)
    more: dict[str, Any] = {
        "spent": row["spent"],
        "cost": None if message.usage and message.cost is None and message.model != DEMO_ID else row["spent"],
        "usage": spec.plain(message.usage) if message.usage else None,
        "said": message.text[:LONGEST_SAID],
        "needs": _needs(message),
    }
    if message.status == "done":
        _done(who, schedule, row, message, more)
    elif message.status == "cancelled":
        end(who, schedule, row, "cancelled", error="It was stopped.", more=more)
    else:
        failed(who, schedule, row, _error(message), more=more)


def _error(message: Message) -> dict[str, Any]:
    if message.error is None:
        return {"kind": "interrupted", "message": "The run was interrupted too often.", "hint": ""}
    return asdict(message.error)


def _done(who: Who, schedule: Document, row: Document, message: Message, more: dict[str, Any]) -> None:
    made, about = spec.read(schedule), dict(more)
    try:
        about["quiet"] = not worth_telling(who, made, message)
        if made.output.place == "document" and not about["quiet"]:
            title = f"{made.name} {row['due_at']:%Y-%m-%d %H:%M}"
            documents.add_text(who, made.output.target, title, message.text, by=MADE_BY)
    except StoreDown:
        raise
    except HubError as error:
        failed(who, schedule, row, error.record(), more=more)
        return
    end(who, schedule, row, "done", more=about)


def failed(
    who: Who, schedule: Document, row: Document, error: Mapping[str, Any], *, more: Mapping[str, Any] | None = None
) -> None:
    """Has an occurrence tried again after a failure, or ends it."""
    policy = spec.read(schedule).policy
    if row["attempts"] >= policy.retries or error.get("kind") in HOPELESS:
        end(who, schedule, row, "failed", error=error["message"], hint=error.get("hint", ""), more=more)
        return
    again = {**row["ids"], "answer": str(ObjectId()), "run": str(ObjectId())}
    changes = {"status": "queued", "queued_at": None, "attempts": row["attempts"] + 1, "ids": again, "interrupted": 0}
    changes |= {"spent": row.get("spent", 0.0), "error": error["message"]}
    if store.note(who, row, changes):
        queue([{**row, **changes}], delay=policy.backoff * 2 ** row["attempts"])


def end(
    who: Who, schedule: Document | None, row: Document, status: Status, *, error: str = "", hint: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Ends an occurrence that is still the caller's, once, and does what follows."""
    about = dict(more or {})
    told = _told(status, about)
    shown = status in ("done", "failed") and not about.get("quiet")
    about |= {"status": status, "ended_at": now(), "error": error, "hint": hint, "shelf": "unread" if shown else ""}
    if schedule is not None and told and _wanted(spec.read(schedule), told):
        about["tell"] = told
    if not store.note(who, row, about):
        return
    log.info("occurrence_ended", occurrence=str(row["_id"]), status=status)
    if schedule is None:
        return
    follow(who, schedule, {**row, **about})


def follow(who: Who, schedule: Document, row: Document) -> None:
    """What follows an end; done again, it changes nothing."""
    _count(who, schedule, row)
    if row["status"] in ("done", "failed"):
        _start_others(who, row)
    if row.get("tell"):
        jobs.defer(TELL, once=f"tell {row['_id']}", queue="agents", occurrence=str(row["_id"]), what=row["tell"])


def stop(who: Who, row: Document, why: str) -> None:
    """Ends an occurrence that somebody may be working on."""
    ended = {"status": "cancelled", "ended_at": now(), "error": why}
    if store.claim(who, row["_id"], ended) and row["ids"]["run"]:
        _cancel(who, row["ids"]["run"])


def _cancel(who: Who, run: str) -> None:
    try:
        runs.cancel(who, run)
    except HubError:
        log.info("run_not_there", run=run)  # it had not begun


def _needs(message: Message) -> list[str]:
    """What would have needed the person."""
    return list(dict.fromkeys(str(one.about[NEEDED]) for one in message.tool_results if NEEDED in one.about))


def _told(status: Status, about: Mapping[str, Any]) -> Told | None:
    if status == "done":
        return None if about.get("quiet") else "needs" if about.get("needs") else "done"
    return "failed" if status == "failed" else None


def _wanted(made: Spec, told: Told) -> bool:
    return bool(made.channels) and told in made.told


def _count(who: Who, schedule: Document, row: Document) -> None:
    """Failures in a row; too many pause the schedule."""
    if row["status"] == "done" and schedule.get("failures"):
        store.change(who, schedule["_id"], {"failures": 0, "counted": row["_id"]})
    if row["status"] != "failed" or schedule.get("counted") == row["_id"]:
        return
    failures, made = schedule.get("failures", 0) + 1, spec.read(schedule)
    changes: dict[str, Any] = {"failures": failures, "counted": row["_id"]}
    if made.policy.pause_after and failures >= made.policy.pause_after and schedule["state"] == "on":
        times = "once" if failures == 1 else f"{failures} times in a row"
        changes |= {"state": "paused", "why": f"It failed {times}. The last time: {row['error']}"}
        if _wanted(made, "paused"):
            jobs.defer(
                TELL, once=f"tell paused {row['_id']}", queue="agents", occurrence=str(row["_id"]), what="paused"
            )
    store.change(who, schedule["_id"], changes)


def _start_others(who: Who, row: Document) -> None:
    """Starts the schedules that wait for the end of this one."""
    chain = row.get("chain", 0) + 1
    if chain > MOST_IN_CHAIN:
        return
    fresh = [
        occurrence(other, now(), "schedule", f"after {row['_id']}", chain=chain, payload=row.get("said", ""))
        for other in store.triggered(who, "after", str(row["schedule"]))
        if row["status"] in spec.read(other).triggers.after_on
    ]
    queue(store.insert_occurrences(fresh))


def sweep(older: timedelta = timedelta(minutes=5)) -> int:
    """Ends the occurrences whose workers died so often that their job was given up; how many there were."""
    count = 0
    for row in store.silent(now() - older):
        who = Who(row["owner"], "")
        taken = store.claim(who, row["_id"], {})
        if taken is None:
            continue
        count += 1
        schedule = store.any_row(who, row["schedule"])
        said = "The workers that ran it died."
        end(who, schedule, taken, "failed", error=said, hint="The log of the workers says more.")
    return count


_BLANK = re.compile(r"\s+")


def headline(text: str, most: int = 140) -> str:
    """The beginning of a result on one line."""
    line = _BLANK.sub(" ", text).strip()
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
