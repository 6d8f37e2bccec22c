"""The models of a new run, each with its parameters; the same one may come twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components import model_words
from components.connection_card import plain
from components.evaluate.words import params
from components.model_picker import model_picker
from components.parameters import fields
from components.state import NewRun
from hub.evals.records import Asked
from hub.models.types import ModelInfo


def run_models(models: Sequence[ModelInfo], new: NewRun, recent: Sequence[str] = ()) -> None:
    """Draw the chosen models and the picker that adds one; `new` is changed in place."""
    by_id = {one.id: one for one in models}
    for at, asked in enumerate(list(new.models)):
        _line(at, asked, by_id.get(asked.model), new)
    event = model_picker(
        models, None, recent=recent, label="Add a model", manage=False, key=f"run_add_{len(new.models)}"
    )
    if event and event.do == "choose":
        new.take(event.id)
        st.rerun()


def _line(at: int, asked: Asked, model: ModelInfo | None, new: NewRun) -> None:
    stamp = f"run_model_{new.round}_{len(new.models)}_{at}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"row_{stamp}", gap="xsmall"):
        label = model.label if model else asked.model.partition("/")[2] or asked.model
        said = [model_words.price(model.price, local=model.local)] if model and not model.demo else []
        said += [params(asked.params)] if params(asked.params) else []
        about = f":gray[{plain(' · '.join(said))}]" if model else ":red[not available any more: take it out]"
        st.markdown(f"**{plain(asked.label or label)}** :small[{about}]", width="stretch")
        with st.popover("Adjust", icon=":material/tune:", type="tertiary", key=f"{stamp}_open"):
            name = st.text_input("Name in this run", asked.label, key=f"{stamp}_label", placeholder=label, max_chars=80)
            adjusted = fields(model, asked.params, f"{stamp}_fields")
        changed = replace(asked, params=adjusted, label=(name or "").strip())
        if changed != asked:
            new.adjust(at, changed)
            st.rerun()
        if st.button("", icon=":material/content_copy:", type="tertiary", key=f"{stamp}_twin", help="Ask it twice"):
            new.models.insert(at + 1, asked)
            st.rerun()
        if st.button("", icon=":material/close:", type="tertiary", key=f"{stamp}_off", help="Take out"):
            del new.models[at]
            st.rerun()
