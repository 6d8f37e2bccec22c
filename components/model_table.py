"""The catalogue as a table: search, favourites, aliases, which models are offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
import streamlit as st

from components import model_words
from hub.models.types import ModelInfo

FILTERS = ("Favourites", "Images", "Tools", "Reasoning", "Local", "Hidden")


@dataclass(frozen=True, slots=True)
class Marked:
    """A change to one model; None leaves a thing as it is."""

    id: str
    favourite: bool | None = None
    hidden: bool | None = None
    alias: str | None = None


def model_table(models: Sequence[ModelInfo], *, key: str = "models") -> list[Marked]:
    """Draw search, filters and table; return what was changed in the table and is not in `models` yet."""
    words = st.text_input(
        "Search models",
        key=f"{key}_search",
        type="search",
        live="200ms",
        placeholder=f"Search {len(models):,} models",
        label_visibility="collapsed",
    )
    filters = st.pills(
        "Filter", FILTERS, selection_mode="multi", key=f"{key}_filter", label_visibility="collapsed", wrap=True
    )
    shown = matching(models, words or "", filters)
    if not shown:
        st.caption("No model fits. Change the search or the filters.")
        return []
    table = f"{key}_table_{hash((words, *filters, *(model.id for model in shown))):x}"
    st.data_editor(
        _frame(shown),
        key=table,
        hide_index=True,
        height=min(36 * len(shown) + 40, 520),
        disabled=["Model", "From", "Context", "Input", "Output", "Abilities"],
        column_config=_COLUMNS,
    )
    st.caption(f"{len(shown):,} of {len(models):,}. Prices are US dollars for a million tokens; empty is unknown.")
    edits = cast("dict[str, dict[str, dict[str, Any]]]", st.session_state.get(table) or {}).get("edited_rows", {})
    return [mark for place, edit in edits.items() if (mark := _marked(shown[int(place)], edit))]


def matching(models: Sequence[ModelInfo], words: str, filters: Sequence[str]) -> list[ModelInfo]:
    """The models that have all `words` and pass all `filters`, in an order that marks do not change."""
    wanted = words.casefold().split()
    return sorted(
        (model for model in models if all(word in _text(model) for word in wanted) and all(_fits(model, f) for f in filters)),
        key=lambda model: (model.title.casefold(), model.id),
    )


def _text(model: ModelInfo) -> str:
    return f"{model.title} {model.alias} {model.name} {model.connection_name}".casefold()


def _fits(model: ModelInfo, name: str) -> bool:
    abilities = model.abilities or frozenset()
    return {
        "Favourites": model.favourite,
        "Images": "vision" in abilities,
        "Tools": "tools" in abilities,
        "Reasoning": "reasoning" in abilities,
        "Local": model.local,
        "Hidden": model.hidden,
    }[name]


def _frame(models: Sequence[ModelInfo]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Favourite": [model.favourite for model in models],
            "Offered": [not model.hidden for model in models],
            "Model": [model.title for model in models],
            "Alias": [model.alias for model in models],
            "From": [model.connection_name for model in models],
            "Context": ["unknown" if model.context is None else model_words.tokens(model.context) for model in models],
            "Input": [model.price.input for model in models],
            "Output": [model.price.output for model in models],
            "Abilities": [model_words.ability_words(model) for model in models],
        }
    ).astype({"Input": "Float64", "Output": "Float64"})


def _marked(model: ModelInfo, edit: dict[str, Any]) -> Marked | None:
    favourite, offered, alias = edit.get("Favourite"), edit.get("Offered"), edit.get("Alias")
    mark = Marked(
        model.id,
        favourite=favourite if favourite is not None and favourite != model.favourite else None,
        hidden=not offered if offered is not None and offered == model.hidden else None,
        alias=(alias or "").strip() if "Alias" in edit and (alias or "").strip() != model.alias else None,
    )
    return None if mark == Marked(model.id) else mark


_COLUMNS = {
    "Favourite": st.column_config.CheckboxColumn("Star", help="Favourite: stands first in the picker", width=48),
    "Offered": st.column_config.CheckboxColumn("Offered", help="Whether the picker lists it", width=64),
    "Model": st.column_config.TextColumn(width="medium"),
    "Alias": st.column_config.TextColumn(help="Your own name for it", width="small", max_chars=60),
    "From": st.column_config.TextColumn(width="small"),
    "Context": st.column_config.TextColumn(width=72),
    "Input": st.column_config.NumberColumn(format="dollar", width=72),
    "Output": st.column_config.NumberColumn(format="dollar", width=72),
    "Abilities": st.column_config.TextColumn(width="medium"),
}
