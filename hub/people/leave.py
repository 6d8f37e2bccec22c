"""Deleting an account with everything that its person has kept."""

from __future__ import annotations

import time

import structlog

from hub import files, hooks, runs
from hub.db.who import Who
from hub.errors import BadInput, HubError, NotFound
from hub.models import catalogue, connections
from hub.people import keys, store
from hub.people.accounts import check_admin

_PATIENCE = 15.0
"""Seconds that answers being written get to stop."""
_LOOK_AGAIN = 0.1

log = structlog.get_logger(__name__)


def delete_account(who: Who, id_: str) -> None:
    """Deletes an account and all rows of its person, for an admin; it cannot be taken back.

    First nobody can sign in to it any more, last goes its own row: what breaks off half-way is listed as leaving and
    is taken up by calling this again. Raises NotAllowed, NotFound, BadInput for the own account and the last admin,
    and HubError when a room could not delete its part.
    """
    check_admin(who)
    row = store.person(id_)
    if row is None:
        raise NotFound("There is no such account.")
    if id_ == who.id:
        raise BadInput("You cannot delete the account that you use.", hint="Another admin can.")
    store.set_leaving(id_, True)
    if row["role"] == "admin" and not store.admins():
        store.set_leaving(id_, False)
        raise BadInput(f"{row['name']} is the last admin.", hint="Make someone else an admin first.")
    gone = Who(row["_id"], row["name"], row["role"])
    store.delete_all_sessions(gone)
    keys.forget(gone)
    _stop(gone)
    failed = hooks.person_deleted(gone)
    if failed:
        raise HubError(
            f"Not everything of {gone.name} could be deleted ({', '.join(failed)}).",
            hint="The account cannot sign in any more. Delete it again for the rest; the log says what failed.",
        )
    runs.forget_person(gone)
    files.forget_person(gone)
    catalogue.forget_person(gone)
    connections.forget_person(gone)
    store.delete_person(gone)
    log.info("account_deleted", account=gone.id, by=who.id)


def _stop(gone: Who) -> None:
    """Answers that are being written end first: they would be stored behind our back. What waited may follow them."""
    until = time.monotonic() + _PATIENCE
    while going := runs.unfinished(gone):
        if time.monotonic() > until:
            raise HubError(
                f"An answer of {gone.name} is still being written.",
                hint="Nothing is deleted yet, but the account cannot sign in any more. Delete it again in a moment.",
            )
        for run in going:
            runs.cancel(gone, run)
        time.sleep(_LOOK_AGAIN)
