"""What a person does with schedules: make, change, pause, run now, delete, bring back, look at what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId

from hub import agents, chat, documents, hooks, notify
from hub.db.memo import Memo
from hub.db.mongo import Document, now
from hub.db.secrets import decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.schedules import ending, signature, spec, store
from hub.schedules.fire import lock, occurrence, queue
from hub.schedules.records import MOST_SCHEDULES, Cause, Occurrence, Schedule, Shelf, Spec
from hub.schedules.when import after
from hub.turns import Turn

HISTORY = timedelta(days=90)
REACHES = (timedelta(hours=2), timedelta(days=7), HISTORY)
"""How far back the last run is looked for."""
ANY = ModelInfo("", "", "", "", "", "", abilities=frozenset({"tools"}))
_UNKNOWN = "0" * 24
_counted: Memo[int] = Memo()


def create(who: Who, wanted: Spec) -> Schedule:
    """Keeps a new schedule, which waits for its times from now on. Raises BadInput with everything that is wrong."""
    if len(store.rows(who)) >= MOST_SCHEDULES:
        raise BadInput(f"There can be {MOST_SCHEDULES} schedules.", hint="Delete one that is not needed.")
    time = now()
    row: Document = {"_id": ObjectId(), **_checked(who, wanted), "created_at": time, "updated_at": time}
    row |= {"state": "on", "after": time, "failures": 0, **_next(wanted, time)}
    if wanted.triggers.webhook:
        row["secret"] = encrypt(signature.new_key())
    store.insert(who, row)
    return spec.schedule({**row, "owner": who.id})


def save(who: Who, schedule: str, wanted: Spec) -> Schedule:
    """Changes a schedule. What it may use is what can be used now; times that have passed stay as they were."""
    row, time = store.row(who, schedule), now()
    changes = {**_checked(who, wanted, but=schedule), "updated_at": time, "after": time, **_next(wanted, time)}
    if wanted.triggers.webhook and "secret" not in row:
        changes["secret"] = encrypt(signature.new_key())
    gone = [name for name in ("next_at",) if name not in changes]
    gone += [] if wanted.triggers.webhook else ["secret"]
    store.change(who, row["_id"], changes, unset=gone)
    return find(who, schedule)


def find(who: Who, schedule: str) -> Schedule:
    """A schedule of the person, with what became of it last. Raises NotFound."""
    row = store.row(who, schedule)
    return spec.schedule(row, _last(who, row))


def schedules(who: Who) -> tuple[Schedule, ...]:
    """The person's schedules: what is due next comes first, what waits for no time comes last."""
    rows = store.rows(who)
    lately = _lasts(who, rows)
    found = [spec.schedule(row, lately.get(row["_id"])) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.next_at is None, one.next_at or now(), one.spec.name.casefold())))


def named(who: Who, text: str) -> Schedule:
    """The schedule that `text` means, by its id or its name; raises NotFound, and BadInput where several have it."""
    found = schedules(who)
    fitting = [one for one in found if one.id == text] or [
        one for one in found if one.spec.name.casefold() == text.strip().casefold()
    ]
    if len(fitting) > 1:
        raise BadInput(f"There are {len(fitting)} schedules named “{text[:80]}”.", hint="Name one by its id.")
    if not fitting:
        names = ", ".join(one.spec.name for one in found[:50]) or "none"
        raise NotFound(f"There is no schedule “{text[:80]}”.", hint=f"There are: {names}.")
    return fitting[0]


def pause(who: Who, schedule: str, why: str = "") -> None:
    """Lets a schedule wait until it is resumed; what runs goes on."""
    store.change(who, store.row(who, schedule)["_id"], {"state": "paused", "why": why}, unset=["next_at"])


def resume(who: Who, schedule: str) -> Schedule:
    """Has a schedule wait for its times again: those that passed meanwhile are not made up for."""
    row, time = store.row(who, schedule), now()
    changes = {"state": "on", "failures": 0, "after": time, **_next(spec.read(row), time)}
    store.change(who, row["_id"], changes, unset=["why"])
    return find(who, schedule)


def pause_all(who: Who) -> int:
    """Holds every schedule that is on, until `resume_all`; how many."""
    held = [one for one in store.rows(who) if one["state"] == "on"]
    for one in held:
        store.change(who, one["_id"], {"state": "held"}, only={"state": "on"}, unset=["next_at"])
    return len(held)


def resume_all(who: Who) -> int:
    """Lets those go on that `pause_all` has held; how many."""
    held = [one for one in store.rows(who) if one["state"] == "held"]
    for one in held:
        resume(who, str(one["_id"]))
    return len(held)


def delete(who: Who, schedule: str) -> None:
    """Deletes a schedule; what runs is ended. It can be brought back."""
    row = store.row(who, schedule)
    store.change(who, row["_id"], {"state": "gone", "deleted_at": now()}, unset=["next_at"])
    for status in ("queued", "running"):
        for one in store.in_state(who, row["_id"], status):
            ending.stop(who, one, "The schedule was deleted.")


def restore(who: Who, schedule: str) -> Schedule:
    """Brings back a deleted schedule, paused."""
    row = store.row(who, schedule, gone=True)
    store.change(who, row["_id"], {"state": "paused", "why": "It was deleted and brought back."}, unset=["deleted_at"])
    return find(who, schedule)


def duplicate(who: Who, schedule: str) -> Schedule:
    """A copy of a schedule, paused, so that nothing runs twice before it was looked at."""
    found = find(who, schedule)
    made = create(who, replace(found.spec, name=f"{found.spec.name[:70]} copy"))
    pause(who, made.id, "It is a copy: resume it when it is as you want it.")
    return find(who, made.id)


def run_now(who: Who, schedule: str, *, cause: Cause = "now", key: str = "", **more: Any) -> Occurrence:
    """Starts a schedule besides its times, also a paused one; `key` tells one cause from another that came twice.
    Raises BadInput when that very cause has started it before, StoreDown."""
    row = store.row(who, schedule)
    made = occurrence(row, now(), cause, f"{cause} {key or ObjectId()}", lock=lock(row), **more)
    fresh = store.insert_occurrences([made])
    if not fresh:
        raise BadInput("This has started the schedule already.", hint="Nothing was started again.")
    queue(fresh)
    return spec.occurrence(fresh[0])


def stop(who: Who, run: str) -> None:
    """Ends a run that waits or goes on; what was said so far stays in its chat."""
    ending.stop(who, store.occurrence(who, run), "You stopped it.")


def history(
    who: Who, schedule: str, *, before: datetime | None = None, within: timedelta = HISTORY
) -> tuple[Occurrence, ...]:
    """What became of a schedule in the time (90 days) before a moment (now), the newest first."""
    row, until = store.row(who, schedule), before or now() + timedelta(minutes=1)
    return tuple(map(spec.occurrence, store.history(who, row["_id"], since=until - within, before=until)))


def run(who: Who, run: str) -> Occurrence:
    """One run of the person. Raises NotFound."""
    return spec.occurrence(store.occurrence(who, run))


def lately(who: Who, since: datetime, before: datetime) -> tuple[Occurrence, ...]:
    """What became of all schedules of the person in a span of time, the newest first."""
    return tuple(map(spec.occurrence, store.between(who, since, before)))


def inbox(who: Who, shelf: Shelf = "unread") -> tuple[Occurrence, ...]:
    """Results that stand in the inbox: unread, read or archived; the newest first."""
    return tuple(map(spec.occurrence, store.on_shelf(who, shelf)))


def unread(who: Who) -> int:
    """How many results nobody has looked at; at most some seconds old."""
    return _counted.get(who.id, "unread", lambda: store.count_on_shelf(who, "unread"))


def file(who: Who, runs: Iterable[str], shelf: Shelf) -> int:
    """Puts results elsewhere in the inbox; how many were there."""
    ids = [ObjectId(one) for one in runs if ObjectId.is_valid(one)]
    count = store.put(who, ids, {"shelf": shelf}, only={"shelf": {"$in": ["unread", "read", "archived"]}})
    _counted.drop(who.id)
    return count


def secret(who: Who, schedule: str, *, anew: bool = False) -> str:
    """The key that signs what the webhook of a schedule is sent; with `anew` another one, and the old one ends."""
    row = store.row(who, schedule)
    if "secret" not in row:
        raise BadInput("This schedule has no webhook.", hint="Switch it on in the schedule.")
    if not anew:
        return decrypt(row["secret"])
    made = signature.new_key()
    store.change(who, row["_id"], {"secret": encrypt(made)})
    return made


def _checked(who: Who, wanted: Spec, but: str = "") -> dict[str, Any]:
    """What a row keeps of a spec that may be saved, with the tools that its runs may use from now on."""
    found = spec.problems(wanted)
    found += _missing(who, wanted, but)
    if found:
        raise BadInput(found[0], hint=" ".join(found[1:]))
    return {**spec.row_of(wanted), "tools": frozen(who, wanted)}


def _missing(who: Who, wanted: Spec, but: str) -> list[str]:
    """What the spec names that is not there, or not this person's."""
    checks: Sequence[tuple[str, Any, str]] = (
        (wanted.agent, agents.find, "The agent"),
        (wanted.model, catalogue.find, "The model"),
        (wanted.triggers.collection, _own_collection, "The collection that starts it"),
        (wanted.triggers.after, store.row, "The schedule before it"),
        (wanted.output.target if wanted.output.place == "chat" else "", chat.get, "The chat"),
        (wanted.output.target if wanted.output.place == "document" else "", _own_collection, "The collection"),
    )
    found: list[str] = []
    for id_, look, what in checks:
        if id_:
            try:
                look(who, id_)
            except (NotFound, BadInput):
                found.append(f"{what} is not there any more.")
            except _NotTheirs:
                found.append(f"{what} belongs to somebody else: choose one of your own.")
    if but and wanted.triggers.after == but:
        found.append("A schedule cannot start itself.")
    there = {one.id for one in notify.channels(who)} if wanted.channels else set[str]()
    if set(wanted.channels) - there:
        found.append("A notification channel is not there any more.")
    return found


class _NotTheirs(Exception):
    """The person may look at it, and not change it."""


def _own_collection(who: Who, collection: str) -> None:
    if not documents.get_collection(who, collection).mine:
        raise _NotTheirs


def frozen(who: Who, wanted: Spec) -> list[str]:
    """The tools that may be used now, by the agent and all that it may ask: its runs may use no others."""
    seen: set[str] = set()
    found = _tools(who, wanted.agent, seen)
    return sorted(found)


def _tools(who: Who, agent: str, seen: set[str]) -> set[str]:
    if agent in seen:
        return set()
    seen.add(agent)
    attached: Mapping[str, Any] = {"agents": {"agent": agent}} if agent else {}
    guide = hooks.guide(who, attached)
    offered, _ = hooks.tools(Turn(who, _UNKNOWN, _UNKNOWN, "", ANY, attached=guide.attached, attended=False))
    found = {one.stable_id for one in offered}
    for helper in agents.find(who, agent).spec.helpers if agent else ():
        try:
            found |= _tools(who, helper, seen)
        except NotFound:
            continue
    return found


def _next(wanted: Spec, time: datetime) -> dict[str, Any]:
    upcoming = after(wanted.when, time) if wanted.when else None
    return {"next_at": upcoming} if upcoming else {}


def _last(who: Who, row: Document) -> Document | None:
    time = now()
    for reach in REACHES:
        if found := store.history(who, row["_id"], since=time - reach, before=time + timedelta(minutes=1)):
            return found[0]
    return None


def _lasts(who: Who, rows: Sequence[Document]) -> dict[ObjectId, Document]:
    """What became last of each of several schedules. Those that ran lately are found together; the others one by one,
    since a look far back would read every run of those that run often."""
    time, found = now(), dict[ObjectId, Document]()
    for one in store.between(who, time - REACHES[0], time + timedelta(minutes=1)) if rows else ():
        found.setdefault(one["schedule"], one)
    for row in rows:
        if row["_id"] not in found and (last := _last(who, row)):
            found[row["_id"]] = last
    return found
