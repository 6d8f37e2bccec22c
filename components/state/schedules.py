"""What the pages of schedules remember."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import streamlit as st

from components.state.pages import script

SCHEDULES = "schedules_pages"


@dataclass(slots=True)
class SchedulesState:
    """The pages of schedules of one tab: the open dialog with the schedule that it is about, what is to be said once,
    `opening` a schedule that was just made and is to be opened.

    Of the schedule whose form is open: `form` counts how often it was filled from the store, `asked` whether it shall
    be saved in the run that comes, `problem` why the last change was not saved.
    """

    dialog: tuple[str, str] | None = None
    problem: str = ""
    said: str = ""
    schedule: str = ""
    form: int = 0
    opening: str = ""
    asked: bool = False
    months: int = 0
    """How many months away from the present one the calendar is."""

    def open(self, dialog: str, schedule: str = "") -> None:
        """Open a dialog."""
        self.dialog, self.problem = (dialog, schedule), ""
        self.form += 1

    def close(self) -> None:
        """No dialog is open any more."""
        self.dialog, self.problem = None, ""

    def come_to(self, schedule: str) -> None:
        """Note which schedule is open; another one has a form of its own."""
        if schedule != self.schedule:
            self.schedule = schedule
            self.refill()

    def refill(self) -> None:
        """Fill the form from the store."""
        self.form += 1
        self.asked, self.problem = False, ""

    def save(self) -> None:
        """Save what the form says in the run that comes."""
        self.asked = True

    def turn(self, months: int) -> None:
        """Turn the calendar; 0 turns it back to the present."""
        self.months = self.months + months if months else 0

    def tell(self) -> None:
        """Say once what there is to say."""
        if self.said:
            st.toast(self.said, icon=":material/check:")
            self.said = ""

    def go(self, page: str, **query: str) -> None:
        """Go to another page."""
        self.close()
        st.switch_page(script(page), query_params=query)


def schedules() -> SchedulesState:
    """The state of the pages, made on first use."""
    return cast(SchedulesState, st.session_state.setdefault(SCHEDULES, SchedulesState()))
