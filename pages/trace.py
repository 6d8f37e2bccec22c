"""How one answer was made: its steps, calls, pauses and sub-agents as a timeline."""

from __future__ import annotations

from functools import partial

import orjson
import streamlit as st

from components import state, troubles
from components.empty_state import empty_state
from components.error_note import error_note
from components.markdown import label
from components.trace import timeline
from hub import chat
from hub.agents import trace as asked
from hub.errors import HubError, NotFound, StoreDown
from hub.traces import Trace

who = state.who()
message = st.query_params.get("m", "")


def found() -> Trace:
    """The trace as it is now."""
    return chat.trace(who, message, asked.below(who, message))


def whole(trace: Trace) -> bytes:
    """Everything of it, as JSON."""
    rows = {"trace": trace.plain(), "request": trace.request}
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2)


def head(trace: Trace) -> None:
    """Where it belongs, what was asked, and all of it as a file."""
    if st.button("Back to the chat", icon=":material/arrow_back:", type="tertiary", key="trace_back"):
        back(trace)
    with st.container(horizontal=True, vertical_alignment="center", key="trace_head"):
        st.title("Trace", anchor=False, width="stretch")
        if trace.spans and trace.status != "running":
            st.download_button(
                "Download",
                partial(whole, trace),
                f"trace-{trace.message}.json",
                "application/json",
                icon=":material/download:",
                on_click="ignore",
                key="trace_download",
            )
    if trace.title:
        st.markdown(label(trace.title))


def back(trace: Trace) -> None:
    """Go to the answer in its chat."""
    st.switch_page(state.script("chat"), query_params={"c": trace.conversation, "m": trace.message})


@st.fragment(run_every="1s")
def follow() -> None:
    """Draws it again while it is being written; the whole page once it is not."""
    try:
        now = found()
    except HubError:
        st.rerun()
    if now.status != "running":
        st.rerun()
    timeline(now, costs=chat.preferences.get(who).show_costs)


def show(trace: Trace) -> None:
    """The head, and the timeline or why there is none."""
    head(trace)
    if trace.error:
        st.error(trace.error, icon=":material/error:")
    if trace.note:
        empty_state("timeline", "No trace", trace.note, key="trace")
    elif trace.status == "running":
        follow()
    else:
        timeline(trace, costs=chat.preferences.get(who).show_costs)


with st.container(key="page_trace"):
    try:
        show(found())
    except NotFound as error:
        if error_note(error.message, error.hint, action="New chat", key="trace_gone"):
            st.switch_page(state.script("chat"), query_params={})
    except StoreDown as error:
        troubles.store_down(error.message)
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="trace_error")
