"""The catalogue: every model with its facts, to search, sort, mark and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import streamlit as st

from components import model_words
from hub.models.types import ModelInfo

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "model_table",
    html='<div class="root">\n</div>',
    css=(_HERE.parent / "dom.css").read_text() + (_HERE / "table.css").read_text(),
    js="\n".join(
        path.read_text() for path in (_HERE.parent / "dom.js", _HERE.parent / "steady.js", _HERE / "table.js")
    ),
)

ICONS = {
    "vision": "image",
    "tools": "build",
    "reasoning": "psychology",
    "json": "data_object",
    "audio": "mic",
}
"""The sign of each ability; its word stands in `model_words.ABILITIES`."""


@dataclass(frozen=True, slots=True)
class TableEvent:
    """What was done with the model `id`. `alias` is the new name of an "alias", empty to take the name back."""

    do: Literal["favourite", "unfavourite", "hide", "show", "default", "alias"]
    id: str
    alias: str = ""

    @property
    def marks(self) -> dict[str, Any]:
        """What changes of the person's own marks; empty for "default"."""
        if self.do == "alias":
            return {"alias": self.alias}
        if self.do in {"hide", "show"}:
            return {"hidden": self.do == "hide"}
        return {} if self.do == "default" else {"favourite": self.do == "favourite"}


def model_table(models: Sequence[ModelInfo], default: str, *, key: str = "model_table") -> TableEvent | None:
    """Draw all of `models`, hidden ones behind their filter; return what was done, if anything.

    Searching, filtering and sorting happen in the browser. `default` is the model of new chats.
    """
    data = {
        "rows": [row(model) for model in sorted(models, key=_place)],
        "default": default,
        "abilities": [[name, model_words.ABILITIES[name], icon] for name, icon in ICONS.items()],
    }
    event = cast("dict[str, Any] | None", _mount(data=data, key=key, on_event_change=_nothing).event)
    return TableEvent(event["do"], str(event["id"]), str(event.get("alias", ""))) if event else None


def row(model: ModelInfo) -> dict[str, Any]:
    """A model as the browser draws it: words to show, and numbers to sort by (None is unknown)."""
    price = model.price
    return {
        "id": model.id,
        "title": model.title,
        "alias": model.alias,
        "name": model.name,
        "from": model.connection_name,
        "context": [model_words.tokens(model.context), model.context],
        "answer": [model_words.tokens(model.output_limit), model.output_limit],
        "input": [model_words.dollars(price.input), price.input],
        "cached": [model_words.dollars(price.cached), price.cached],
        "output": [model_words.dollars(price.output), price.output],
        "note": note(model),
        "abilities": None if model.abilities is None else sorted(model.abilities),
        "favourite": model.favourite,
        "hidden": model.hidden,
        "local": model.local,
        "find": f"{model.title} {model.alias} {model.name} {model.connection_name}".casefold(),
    }


def note(model: ModelInfo) -> str:
    """One phrase in place of three prices, where it says it all."""
    if model.demo:
        return "built in"
    if (model.price.input, model.price.cached, model.price.output) == (None, None, None):
        return model_words.price(model.price, local=model.local)
    return "free" if model.price.input == 0 and model.price.output == 0 else ""


def _place(model: ModelInfo) -> tuple[bool, str, str]:
    return model.demo, model.label.casefold(), model.id


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
