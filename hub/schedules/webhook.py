"""The webhook of a schedule: a signed request starts it, once for each delivery.

Nothing is remembered here: that a delivery was taken is the row of the run that it started, so it holds for every web
process and after a restart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from hub import people
from hub.db.mongo import Document, now
from hub.db.secrets import SecretUnreadable, decrypt, encrypt
from hub.db.who import Who
from hub.errors import BadInput, HubError, StoreDown
from hub.schedules import store
from hub.schedules.fire import lock, occurrence, queue
from hub.schedules.signature import Delivery, checked, new_key

TOLERANCE = timedelta(minutes=5)
MOST_A_MINUTE = 30
"""Runs that a webhook may start in a minute; a few more may come through where several arrive at once."""
LONGEST = 40_001
"""Characters of a body that are kept: one more than go into a prompt, which then says that it was cut."""
MINUTE = timedelta(minutes=1)
log = structlog.get_logger(__name__)


class Refused(HubError):
    """The request is not signed with the key of a schedule's webhook."""

    kind = "refused_delivery"


class Waits(HubError):
    """The schedule is paused."""

    kind = "paused"


class TooMany(HubError):
    """The webhook has started its schedule too often."""

    kind = "too_many_deliveries"


@dataclass(frozen=True, slots=True)
class Taken:
    """The id of the run that a delivery has started; not `fresh`: it had started it before."""

    run: str
    fresh: bool


def take(schedule: str, headers: Mapping[str, str], body: bytes) -> Taken:
    """Starts a schedule with what came to its webhook. `headers` have names in lower case.

    Raises Refused in the same words whether there is no such schedule, no webhook, or another signature; to who has
    signed well, Waits, TooMany, and BadInput for a body that is no text. Raises StoreDown: nothing was taken.
    """
    row = store.of_anybody(schedule)
    if row and "secret" not in row:
        row = None
    delivery = _delivery(row, headers, body)
    who = people.living(row["owner"]) if row and delivery else None
    if row is None or delivery is None or who is None:
        raise Refused("The delivery is not signed with the key of a schedule here.", hint=_SIGN)
    _in_time(delivery)
    slot = f"webhook {delivery.name}"
    if known := store.at_slot(who, row["_id"], slot):
        return Taken(str(known["_id"]), fresh=False)
    if row["state"] != "on":
        raise Waits("The schedule is paused: nothing was started.", hint="Resume it, then send this again.")
    _not_too_often(who, row)
    made = occurrence(row, now(), "webhook", slot, lock=lock(row), payload=payload(body))
    if not store.insert_occurrences([made]):
        first = store.at_slot(who, row["_id"], slot)
        return Taken(str((first or made)["_id"]), fresh=False)
    try:
        queue([made])
    except StoreDown:
        log.warning("delivery_not_queued", run=str(made["_id"]))  # it is stored: the scheduler queues it
    return Taken(str(made["_id"]), fresh=True)


def payload(body: bytes) -> str:
    """What came, as text: JSON with a line for each value, all else as it is. Raises BadInput for what is no text."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("The body is no text in UTF-8.", hint="Send JSON, or plain text.") from error
    try:
        text = _in_lines(json.loads(text))
    except (ValueError, RecursionError):
        pass  # plain text
    return text[:LONGEST].encode("utf-8", "replace").decode()


def _in_lines(value: Any) -> str:
    """JSON as far as it is kept: what is deeply nested has far more spaces than it came with."""
    made, length = list[str](), 0
    for part in json.JSONEncoder(indent=1, ensure_ascii=False).iterencode(value):
        made.append(part)
        length += len(part)
        if length >= LONGEST:
            break
    return "".join(made)


def _delivery(row: Document | None, headers: Mapping[str, str], body: bytes) -> Delivery | None:
    """What was signed with the key of the schedule. Without one as much is worked out, so that time tells nothing."""
    try:
        found = checked(decrypt(row["secret"] if row else encrypt(new_key())), headers, body)
    except SecretUnreadable:
        log.warning("webhook_key_unreadable", schedule=str(row and row["_id"]))
        return None
    return found if row else None


def _in_time(delivery: Delivery) -> None:
    late = now() - delivery.at if delivery.at else timedelta()
    if abs(late) > TOLERANCE:
        said = f"It was signed {abs(late).total_seconds() / 60:,.0f} minutes {'ago' if late > timedelta() else 'ahead'}"
        hint = "Set the clock of the sender, and sign each delivery when it is sent."
        raise Refused(f"{said}; {TOLERANCE.seconds // 60} are the most.", hint=hint)


def _not_too_often(who: Who, row: Document) -> None:
    time = now()
    lately = store.history(who, row["_id"], since=time - MINUTE, before=time + MINUTE)
    if sum(one["cause"] == "webhook" for one in lately) >= MOST_A_MINUTE:
        raise TooMany(f"This webhook starts at most {MOST_A_MINUTE} runs a minute.", hint="Send it again in a minute.")


_SIGN = "Sign it with the key that the page of the schedule shows, as Standard Webhooks or GitHub do."
