"""Taking memories out as a file, and in from a file or a pasted text, with what would be taken before it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.memory import words
from components.memory.dialogs import Close, Do
from components.memory.words import KINDS, escaped, many
from components.preferences_form import model_names
from hub.memory.records import Planned
from hub.models.types import ModelInfo

Look = Callable[[str, str, str], Planned | str]
"""Gets a scope, a text and the id of the model that reads it ("" for none); what would be taken, or why nothing."""


def export_dialog(names: Mapping[str, str], read: Callable[[str | None, str], str], close: Close) -> None:
    """Everything that is remembered as a file; `read` gives it for a scope (None: all) and a form. `names` has every
    scope."""

    @st.dialog("Export memories", on_dismiss=close)
    def form() -> None:
        scopes: dict[str | None, str] = {None: "Everything", **names}
        scope = st.selectbox("What", list(scopes), format_func=scopes.__getitem__, key="export_scope")
        _download("JSON", "json", lambda: read(scope, "json"))
        _download("Markdown", "md", lambda: read(scope, "markdown"))
        st.caption("JSON has the facts with their sources, and can be imported again. Markdown is for reading.")

    form()


def _download(name: str, ending: str, read: Callable[[], str]) -> None:
    st.download_button(
        f"Download {name}",
        read,
        f"memories.{ending}",
        f"{'application' if ending == 'json' else 'text'}/{name.lower()}",
        key=f"export_{ending}",
        icon=":material/download:",
        width="stretch",
        on_click="ignore",
    )


def import_dialog(scope: str, place: str, models: Sequence[ModelInfo], look: Look, do: Do, close: Close) -> None:
    """A file, or a text from another assistant; `models` may read it. `place` names the scope it goes to."""

    @st.dialog("Import memories", width="medium", on_dismiss=close)
    def form() -> None:
        readers = model_names(models, "", "Line by line, without a model")
        st.caption(
            "A JSON or Markdown file from a hub, or what another assistant answers to: “List everything you remember "
            "about me, one fact a line.”"
        )
        data = _given()
        model = st.selectbox("Read by", list(readers), format_func=readers.__getitem__, key="import_model") or ""
        pressed = st.button("Show what would be taken", key="import_look", disabled=not data)
        if pressed:
            with st.spinner("Reading"):
                st.session_state["import_plan"] = (data, model, look(scope, data, model))
        seen = st.session_state.get("import_plan")
        if data and seen and seen[:2] == (data, model):
            _planned(seen[2], place, lambda: do("import", (scope,), plan=seen[2]), close)

    form()


def _given() -> str:
    file = st.file_uploader("File", ["json", "md", "txt"], key="import_file", label_visibility="collapsed")
    text = st.text_area("Or paste a text", key="import_text", height=140)
    return file.getvalue().decode("utf-8", "replace") if file else (text or "").strip()


def _planned(plan: Planned | str, place: str, take: Callable[[], str], close: Close) -> None:
    if isinstance(plan, str):
        st.error(plan, icon=":material/error:")
        return
    known = f"; {many(plan.known)} you have already" if plan.known else ""
    st.markdown(f"**{many(len(plan.facts))}** would be kept for {escaped(words.whose(place))}{known}.")
    _lines([f"{escaped(fact.text)} :gray[:small[{KINDS[fact.kind][0]}]]" for fact in plan.facts])
    for refusal in plan.refusals:
        quoted = f"“{escaped(refusal.text)}” " if refusal.text else ""
        st.caption(f"Not taken: {quoted}{escaped(refusal.said)}")
    if plan.facts and st.button(f"Import {many(len(plan.facts))}", type="primary", key="import_take"):
        if problem := take():
            st.error(problem, icon=":material/error:")
        else:
            st.session_state.pop("import_plan")
            close()
            st.rerun()


def _lines(lines: Sequence[str], most: int = 200) -> None:
    with st.container(height=260 if len(lines) > 8 else "content"):
        st.markdown("\n".join(f"- {line}" for line in lines[:most]))
    if len(lines) > most:
        st.caption(f"And {len(lines) - most:,} more.")
