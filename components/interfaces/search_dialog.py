"""Setting up the engine that searches the web."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st

from components.dialog import dialog
from components.error_note import error_note

Save = Callable[[str, str, str, bool], tuple[str, str] | None]
"""Kind, address, key and whether it is for everybody; None, or what is wrong as (message, hint)."""
Do = Callable[[], None]
PAGES = {
    "searxng": "A server of your own; its `settings.yml` must list `json` among the formats.",
    "brave": "Keys are made at api-dashboard.search.brave.com.",
    "tavily": "Keys are made at app.tavily.com.",
    "model": "A model whose provider searches for it, such as any at OpenRouter. Each search is a paid request.",
}


@dataclass(frozen=True, slots=True)
class Engine:
    """What is set up now: its kind ("" for nothing), its address or model, and the last characters of its key; `own`
    where it can be removed here."""

    kind: str = ""
    key_hint: str = ""
    own: bool = False
    url: str = ""


def search_dialog(
    titles: Mapping[str, str],
    models: Mapping[str, str],
    now: Engine,
    admin: bool,
    save: Save,
    remove: Callable[[], None],
    close: Callable[[], None],
) -> None:
    """Open the form; `titles` are the engines by kind, `models` the labels of the person's models by id."""
    dialog("Set up web search", close, partial(_form, titles, models, now, admin, save, remove, close))


def _form(
    titles: Mapping[str, str],
    models: Mapping[str, str],
    now: Engine,
    admin: bool,
    save: Save,
    remove: Callable[[], None],
    close: Callable[[], None],
) -> None:
    kinds = list(titles)
    chosen = kinds.index(now.kind) if now.kind in kinds else 0
    kind = st.selectbox("Search engine", kinds, index=chosen, format_func=titles.__getitem__, key="engine")
    st.caption(PAGES[kind])
    with st.form("engine_form", border=False):
        url = key = ""
        before = now.url if kind == now.kind else ""
        if kind == "searxng":
            url = st.text_input("Address", before, key="engine_url", placeholder="https://searx.example.org")
        elif kind == "model":
            url = _model(models, before)
        else:
            kept = f"The key ending in {now.key_hint} stays" if now.key_hint and kind == now.kind else ""
            key = st.text_input("Key", type="password", key="engine_key", placeholder=kept)
        shared = admin and kind != "model"
        everybody = st.checkbox("For everybody on this hub", key="engine_everybody") if shared else False
        st.caption("Saving searches once, so that a key that does not work is not kept.")
        saved = st.form_submit_button("Save engine", type="primary", key="engine_save")
    problem = save(kind, url, key, everybody) if saved else None
    if problem:
        error_note(*problem)
    gone = now.own and st.button("Remove engine", key="engine_remove", icon=":material/delete:")
    if gone:
        remove()
    if gone or (saved and not problem):
        close()
        st.rerun()


def _model(models: Mapping[str, str], chosen: str) -> str:
    """The model that searches."""
    ids = list(dict.fromkeys([*([chosen] if chosen else []), *models]))
    return st.selectbox("Model", ids, key="engine_model", format_func=lambda id: models.get(id, id)) or ""
