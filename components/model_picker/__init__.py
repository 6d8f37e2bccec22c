"""The model picker: a button that opens a searchable list, favourites and recent ones first.

One row stands for one model, however many connections offer it; the connections are chosen beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

from components import model_words
from hub.models.types import ModelInfo

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "model_picker",
    html='<div class="root">\n</div>',
    css=(_HERE / "picker.css").read_text(),
    js=(_HERE / "picker.js").read_text(),
)


@dataclass(frozen=True, slots=True)
class PickerEvent:
    """What the person did: chose a model, marked or unmarked it as favourite, or asked for the settings."""

    do: Literal["choose", "favourite", "unfavourite", "manage"]
    id: str

    @property
    def marks(self) -> dict[str, Any]:
        """What changes of the person's own marks; empty for all but favourites."""
        return {"favourite": self.do == "favourite"} if "favourite" in self.do else {}


def model_picker(
    models: Sequence[ModelInfo],
    chosen: str | None,
    *,
    recent: Sequence[str] = (),
    label: str = "Model",
    disabled: bool = False,
    manage: bool = True,
    key: str = "model_picker",
) -> PickerEvent | None:
    """Draw the button for `chosen` over `models` (hidden ones left out) and return what was done, if anything.

    A `chosen` that is not among `models` is named as missing, with a replacement of its family offered first. `manage`
    offers the way to the models page.
    """
    data = {
        "label": label,
        "disabled": disabled,
        "manage": manage,
        "button": _button(models, chosen),
        "missing": _missing(models, chosen),
        "sections": sections(models, recent),
        "chosen": chosen,
    }
    event = cast("dict[str, str] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return PickerEvent(cast(Any, event["do"]), event.get("id", "")) if event else None


def sections(models: Sequence[ModelInfo], recent: Sequence[str]) -> list[dict[str, object]]:
    """The list as it is sent: sections of rows, each row once, in the section that comes first."""
    rows = families(models)
    by_recency = {model_id: place for place, model_id in enumerate(recent)}
    places = {id(row): min((by_recency.get(m.id, len(recent)) for m in row), default=len(recent)) for row in rows}
    favourites = [row for row in rows if any(model.favourite for model in row)]
    rest = [row for row in rows if not any(model.favourite for model in row)]
    lately = sorted((row for row in rest if places[id(row)] < len(recent)), key=lambda row: places[id(row)])[:5]
    others = [row for row in rest if row not in lately]
    named = [("Favourites", favourites), ("Recent", lately), ("All models" if favourites or lately else "", others)]
    return [{"title": title, "rows": [_row(row, by_recency) for row in members]} for title, members in named if members]


def families(models: Iterable[ModelInfo]) -> list[list[ModelInfo]]:
    """Models grouped by family and sorted by what they are called; the demo model comes last."""
    groups: dict[str, list[ModelInfo]] = {}
    for model in models:
        groups.setdefault(model.family or model.id, []).append(model)
    return sorted(groups.values(), key=lambda row: (row[0].demo, row[0].label.casefold()))


def _row(row: list[ModelInfo], by_recency: dict[str, int]) -> dict[str, object]:
    ordered = sorted(row, key=lambda model: (not model.favourite, by_recency.get(model.id, 999), _cost(model)))
    first = ordered[0]
    return {
        "title": first.label,
        "name": first.name,
        "favourite": any(model.favourite for model in row),
        "abilities": model_words.abilities(first),
        "context": "" if first.context is None else f"{model_words.tokens(first.context)} context",
        "demo": first.demo,
        "options": [
            {
                "id": model.id,
                "provider": model.connection_name,
                "price": model_words.price(model.price, local=model.local),
            }
            for model in ordered
        ],
        "find": " ".join({word for m in row for word in (m.label, m.title, m.name, m.connection_name)}).casefold(),
    }


def _cost(model: ModelInfo) -> float:
    return float("inf") if model.price.output is None else model.price.output


def _button(models: Sequence[ModelInfo], chosen: str | None) -> dict[str, str]:
    for model in models:
        if model.id == chosen:
            return {"title": model.label, "provider": model.connection_name}
    if chosen:
        return {"title": chosen.partition("/")[2] or chosen, "provider": "not available"}
    return {"title": "Choose a model", "provider": ""}


def _missing(models: Sequence[ModelInfo], chosen: str | None) -> dict[str, str] | None:
    if not chosen or any(model.id == chosen for model in models):
        return None
    name = chosen.partition("/")[2] or chosen
    tail = name.rpartition("/")[2].casefold()
    near = next((m for m in models if m.name.rpartition("/")[2].casefold() == tail or m.family == tail), None)
    near = near or next(iter(models), None)
    return {"name": name, "id": near.id if near else "", "title": near.label if near else ""}


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
