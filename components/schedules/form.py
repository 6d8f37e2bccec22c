"""The form of a schedule, in groups; what each says stands in its title."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import streamlit as st

from components.agents.keeping import keeping
from components.markdown import label
from components.schedules import limits, telling, triggers
from components.schedules.offers import Offers, answered_by, word_of
from components.schedules.when_field import Look, when_field
from components.schedules.words import many
from hub.schedules.records import LONGEST_NAME, Schedule, Spec

VARIABLES = {
    "{{date}} {{time}} {{weekday}}": "when it is due, in the zone of the schedule",
    "{{last_result}}": "what it said the last time",
    "{{url https://…}}": "the text of a page, fetched for each run",
    "{{payload}}": "what the schedule before it said, or what came to its webhook",
    "{{new_documents}}": "titles and beginnings of the documents that are new in the collection that starts it",
}


def form(
    one: Schedule, said: str, offers: Offers, look: Look, ask: Look, now: datetime, *, stamp: str
) -> tuple[Spec, str]:
    """Draw the form over a schedule, whose time is `said` in words; what it says, and what is wrong with the words of
    its time. `stamp` names this filling."""
    spec, keep = one.spec, keeping(stamp)
    name = st.text_input("Name", spec.name, key=keep("name"), max_chars=LONGEST_NAME)
    prompt = st.text_area("What should be done?", spec.prompt, key=keep("prompt"), height=160)
    with st.expander("What can stand in it :gray[:small[· filled in for each run]]", key="schedule_variables"):
        st.markdown("\n".join(f"- `{sign}` {meaning}" for sign, meaning in VARIABLES.items()))
    named = offers.answering(word_of(spec))
    known = list(named)
    word = st.selectbox("Answered by", known, known.index(word_of(spec)), format_func=named.__getitem__, key=keep("by"))
    when, wrong = when_field(said, spec.when, look, ask, now, key=keep("when"))
    spec = answered_by(replace(spec, name=(name or "").strip(), prompt=prompt or "", when=when), word or known[0])
    with _group("Also starts", "bolt", triggers.summary(spec.triggers)):
        spec = replace(spec, triggers=triggers.fields(spec.triggers, keep, offers))
    with _group("Limits", "speed", limits.summary(spec.policy)):
        spec = replace(spec, policy=limits.fields(spec.policy, keep))
    with _group("Result", "output", telling.where(spec.output)):
        spec = replace(spec, output=telling.output(spec.output, keep, offers))
        spec = replace(spec, only_if=telling.only_if(spec.only_if, keep))
    with _group("Notifications", "notifications", many(len(spec.channels), "channel")):
        spec = telling.channels(spec, keep, offers)
    with _group("Tools", "build", many(len(one.tools), "tool")):
        _tools(one.tools, offers)
    return spec, wrong


def _tools(tools: Sequence[str], offers: Offers) -> None:
    st.caption(
        "Runs may use these and no others; the list is drawn up whenever the schedule is saved. Nobody is there to be "
        "asked: a tool that needs your approval is not run, and the result says that it needs you."
    )
    st.markdown("\n".join(f"- {label(offers.tools.get(one, one))}" for one in tools) or "None.")


@contextmanager
def _group(title: str, icon: str, said: str) -> Iterator[None]:
    """A group that opens; what it says stands in its title, so that it need not be opened to be read."""
    key = f"schedule_group_{title.split()[0].lower()}"
    with st.expander(f"{title} :gray[:small[· {said}]]", icon=f":material/{icon}:", key=key):
        yield


def saving_bar(save: Callable[[], None], discard: Callable[[], None], *, can: bool) -> None:
    """That there are changes, with the ways to keep or drop them: callbacks, since a field that is left at the same
    moment draws the page anew and would swallow a click."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="schedule_bar"):
        st.markdown(":orange[:material/edit_note: Not saved]", width="content")
        st.space("stretch")
        st.button("Discard", key="schedule_discard", on_click=discard)
        st.button("Save schedule", type="primary", key="schedule_save", on_click=save, disabled=not can)
