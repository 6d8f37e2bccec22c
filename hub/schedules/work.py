"""The job of a worker: one occurrence, from its claim to its end.

It may be done twice, when a worker dies or is silent for long: every step finds what the one before has left, and each
write asks for the fence that this attempt was given.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from hub import jobs, notify, people, runs
from hub.chat import unattended
from hub.chat.records import Message
from hub.db.mongo import Document, now, object_id
from hub.db.who import Who
from hub.errors import HubError, NotFound, StoreDown
from hub.jobs.worker import stopping
from hub.runs.records import Limits
from hub.schedules import ending, gather, prompt, spec, store, words
from hub.schedules.fire import TASK, queue
from hub.schedules.guard import Guard, TakenAway
from hub.schedules.records import Spec, Told

LIMITS = Limits(steps=100)
POLL_SECONDS = 0.5
BEAT = timedelta(seconds=30)
"""How often an attempt says that it goes on, and hears whether it still may."""
UNWIND_SECONDS = 10.0
"""What a run that is cancelled gets to write its end."""
BUSY_SECONDS = 20.0
"""Until a turn is tried again whose chat is busy."""
MOST_INTERRUPTED = 4
"""Times that an answer goes on after an interruption; something in it may be what ends the workers."""
log = structlog.get_logger(__name__)


@jobs.task(TASK, queue="agents", attempts=3)
def run(*, occurrence: str) -> None:
    """Runs one occurrence; nothing happens when it has ended."""
    owner = store.owner_of(occurrence)
    if owner is None:
        return
    who = people.living(owner)
    if who is None:
        return
    row = store.claim(who, object_id(occurrence, "run"), {"status": "running"})
    if row is None:
        _followed(who, occurrence)
        return
    try:
        schedule = store.row(who, str(row["schedule"]))
    except NotFound:
        ending.end(who, None, row, "cancelled", error="The schedule was deleted.")
        return
    log.info("occurrence_begins", schedule=str(schedule["_id"]), occurrence=occurrence, fence=row["fence"])
    _Attempt(who, schedule, row).go()


@jobs.task(gather.TASK, queue="agents", attempts=5)
def gathered(*, schedule: str) -> None:
    """Starts a schedule with the documents that have come."""
    gather.gather(schedule, now())


@jobs.periodic("schedules.sweep", cron="* * * * *")
def sweep() -> None:
    """Ends what no worker works on any more, and goes on with what a dead one has left."""
    ending.sweep()
    gather.sweep()


def _followed(who: Who, occurrence: str) -> None:
    """What follows an end, in case the worker that wrote the end died before it came to that."""
    row = store.occurrence(who, occurrence)
    schedule = store.any_row(who, row["schedule"])
    if schedule is not None and row["status"] in ("done", "failed"):
        ending.follow(who, schedule, row)


class _Attempt:
    """One worker at one occurrence."""

    def __init__(self, who: Who, schedule: Document, row: Document) -> None:
        self._who, self._schedule, self._row = who, schedule, row
        self._spec: Spec = spec.read(schedule)
        self._ids = unattended.Ids(**row["ids"])
        guard = Guard(who, row, self._spec.policy, row.get("spent", 0.0))
        tools = frozenset(schedule["tools"])
        self._alone = unattended.Unattended(LIMITS, tools, guard, guard.below())

    def go(self) -> None:
        """Goes from where the occurrence stands to its end, or leaves it to a later attempt."""
        if not self._may_begin():
            return
        try:
            message = self._answered()
        except unattended.Busy as error:
            self._later(error)
        except StoreDown:
            raise
        except HubError as error:
            more = {"began_at": self._row["began_at"], **self._spent()}
            ending.failed(self._who, self._schedule, self._row, error.record(), more=more)
        else:
            if message is not None and self._note({"beat_at": now()}):
                ending.answered(self._who, self._schedule, self._row, message)
            else:
                self._stopped()

    def _may_begin(self) -> bool:
        if self._row.get("began_at"):
            return True
        others = store.in_state(self._who, self._schedule["_id"], "running")
        others = [one for one in others if one["_id"] != self._row["_id"]]
        overlap = self._spec.policy.overlap
        if others and overlap == "skip" and self._row["cause"] == "document":
            self._put_back()  # another would not hear of these documents
            return False
        if others and overlap == "skip":
            ending.end(self._who, self._schedule, self._row, "skipped", error="The run before was still going on.")
            return False
        if others and overlap == "replace":
            for one in others:
                ending.stop(self._who, one, "A later run took its place.")
        self._row["began_at"] = now()
        return True

    def _note(self, changes: Mapping[str, Any]) -> bool:
        """Keeps `changes`, unless the occurrence is not ours any more."""
        self._row |= changes
        return store.note(self._who, self._row, changes)

    @property
    def _until(self) -> datetime:
        return self._row["began_at"] + timedelta(minutes=self._spec.policy.timeout)

    def _answered(self) -> Message | None:
        """The answer once it has ended; None when it is not ours to wait for any more."""
        if "prompt" not in self._row:
            zone = self._spec.when.zone if self._spec.when else "UTC"
            if gather.wants(self._schedule):
                self._row["documents"] = gather.listed(self._who, self._schedule, self._row)
            text = prompt.written(self._who, self._schedule, self._row, zone)
            begun = {"began_at": self._row["began_at"], "prompt": text, "documents": self._row.get("documents", [])}
            if not self._note(begun):
                return None
        found = unattended.there(self._who, self._ids.answer)
        if found is None or not runs.known(self._who, [found.run or ""]):
            wanted = spec.wanted(self._spec, self._row["prompt"])
            unattended.begin(self._who, self._ids, wanted, self._alone)
        while True:
            message = self._waited()
            if message is None or not _broken_off(message):
                return message
            if self._row.get("interrupted", 0) >= MOST_INTERRUPTED:
                return message
            if not self._note({"interrupted": self._row.get("interrupted", 0) + 1}):
                return None
            unattended.go_on(self._who, self._ids.answer, self._alone)

    def _waited(self) -> Message | None:
        """The answer as it is when its run has ended; None when it is not ours to wait for any more."""
        message, heard = self._there(), now()
        while message.status == "streaming":
            if stopping() and jobs.cancelled():
                raise jobs.Late("This worker ends; another goes on.")
            if jobs.cancelled():
                ending.stop(self._who, self._row, "The job was cancelled.")
                return None
            if now() > self._until:
                runs.cancel(self._who, message.run or "")
                minutes = self._spec.policy.timeout
                raise HubError(f"The run took longer than {minutes} minutes.", hint="Give it more time, or less to do.")
            if now() - heard > BEAT:
                heard = now()
                if not self._note({"beat_at": heard}):
                    runs.cancel(self._who, message.run or "")
                    return None
            if runs.wait(message.run or "", POLL_SECONDS):
                message = self._there()
                if message.status == "streaming":  # its run never came to be, which is found out after a while
                    time.sleep(POLL_SECONDS)
        return message

    def _there(self) -> Message:
        message = unattended.there(self._who, self._ids.answer)
        if message is None:
            raise NotFound("The answer was deleted while it was written.")
        return message

    def _spent(self) -> dict[str, Any]:
        """What a run has cost that ended before its answer was whole."""
        runs.wait(self._ids.run, UNWIND_SECONDS)
        message = unattended.there(self._who, self._ids.answer)
        return ending.spent(self._who, self._schedule, self._row, message) if message else {}

    def _stopped(self) -> None:
        """Keeps what a run that was stopped had cost; one that another worker has taken is that one's."""
        if store.occurrence(self._who, str(self._row["_id"]))["status"] == "cancelled":
            store.put(self._who, [self._row["_id"]], self._spent(), only={"status": "cancelled"})

    def _later(self, error: HubError) -> None:
        """Tries again when the chat may be free, until the time of the run is over."""
        if now() > self._until:
            ending.failed(self._who, self._schedule, self._row, error.record())
        else:
            self._put_back()

    def _put_back(self) -> None:
        if self._note({"queued_at": None, "status": "queued"}):
            queue([self._row], delay=BUSY_SECONDS)


@jobs.task(ending.TELL, queue="agents", attempts=5)
def tell(*, occurrence: str, what: Told) -> None:
    """Tells the person's channels of what happened; those that were told already are not told again."""
    owner = store.owner_of(occurrence)
    who = people.living(owner) if owner else None
    if who is None:
        return
    row = store.occurrence(who, occurrence)
    schedule = store.any_row(who, row["schedule"])
    if schedule is None:
        return
    done = list(row.get("told_to", ()))
    title, body = words.told(row, schedule, what)
    for channel in spec.read(schedule).channels:
        if f"{what} {channel}" in done:
            continue
        notify.send(who, channel, title, body)
        done.append(f"{what} {channel}")
        store.put(who, [row["_id"]], {"told_to": done}, only={})


def _broken_off(message: Message) -> bool:
    """Whether an answer can go on: its worker died, or was so late that another one has taken the run."""
    taken = message.status == "error" and message.error is not None and message.error.kind == TakenAway.kind
    return message.status == "interrupted" or taken
