"""The calendar of schedules: a month of what was due and what became of it, and of what is due."""

from __future__ import annotations

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.error_note import error_note
from components.schedules import heads, words
from components.schedules.calendar import calendar
from hub.errors import HubError, StoreDown
from hub.schedules import manage, preview

who, page, now = state.who(), state.schedules(), viewer_now()


def draw() -> None:
    """The month that is open."""
    heads.calendar_head()
    if (part := heads.part_bar("Calendar", manage.unread(who))) != "calendar":
        page.go(part)
    start, end = words.month_of(now, page.months)
    turned = heads.month_bar(words.month_name(now, page.months), here=page.months == 0)
    if turned is not None:
        page.turn(turned)
        st.rerun()
    was = manage.lately(who, start, min(end, now)) if start < now else ()
    found = manage.schedules(who)
    will = [
        (one, due)
        for one in found
        if one.spec.when and one.state == "on" and end > now
        for due in preview.ahead(one.spec.when, max(start, now), end)
    ]
    if opened := calendar(was, will, start, end, now, month=words.month_name(now, page.months)):
        page.go("schedule", s=opened)
    if not was and not will:
        st.caption("Nothing was due in this month, and nothing will be.")


with st.container(key="page_calendar"):
    try:
        draw()
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="calendar_error")
page.tell()
