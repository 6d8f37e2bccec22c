"""Asked before each request of a scheduled run: is it still ours, and may it still spend?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hub.db.mongo import Document
from hub.db.who import Who
from hub.errors import HubError
from hub.schedules import store
from hub.schedules.records import Policy


class TakenAway(HubError):
    """Another worker has the run, or it was cancelled: whoever still works on it ends."""

    kind = "taken_away"


class OverCap(HubError):
    """The schedule has spent what it may."""

    kind = "over_cap"


def month(moment: datetime) -> str:
    """The name of a month (UTC) under which is kept what a schedule has spent."""
    return moment.strftime("%Y-%m")


class Guard:
    """Belongs to one attempt at an occurrence. What an unknown price costs counts as nothing: local models have none.

    `before` US dollars were spent by earlier attempts.
    """

    def __init__(self, who: Who, row: Document, policy: Policy, before: float) -> None:
        self._who, self._row, self._policy, self._before = who, row, policy, before
        self._spent = 0.0

    def __call__(self, spent: float | None) -> None:
        """Raises TakenAway or OverCap when the next request must not be sent; `spent` are US dollars of this run."""
        self._spent = spent or 0.0
        self._check(self._spent)

    def below(self) -> Callable[[float | None], None]:
        """The same for an agent that is asked by this one."""
        return lambda spent: self._check(self._spent + (spent or 0.0))

    def _check(self, spent: float) -> None:
        row = store.occurrence(self._who, str(self._row["_id"]))
        if row["fence"] != self._row["fence"] or row["status"] != "running":
            raise TakenAway("This run was ended, or goes on elsewhere.")
        run, cap = self._before + spent, self._policy.run_cap
        if cap is not None and run >= cap:
            raise OverCap(f"The run has cost ${run:.4f} of the ${cap:.2f} that it may cost.", hint=_HINT)
        most = self._policy.month_cap
        if most is None:
            return
        schedule = store.row(self._who, str(self._row["schedule"]))
        kept = schedule.get("spent", {}).get(month(self._row["due_at"]), 0.0)
        if kept + spent >= most:
            said = f"The schedule has cost ${kept + spent:.4f} of the ${most:.2f} that it may cost in a month."
            raise OverCap(said, hint=_HINT)


_HINT = "Nothing more was asked. Raise the cap of the schedule, or wait for the next month."
