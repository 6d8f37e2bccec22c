"""Checks as forms: each kind says which fields it has, and the editor draws them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import streamlit as st

from components.connection_card import plain
from hub.evals.records import CheckData


class CheckField(Protocol):
    """One field of a kind of check, as `hub.evals.checks.KINDS` describes it."""

    name: str
    title: str
    type: str
    required: bool
    help: str
    choices: tuple[str, ...]
    default: Any
    least: float | None
    most: float | None


class CheckKind(Protocol):
    """A kind of check."""

    kind: str
    title: str
    says: str
    fields: Sequence[Any]
    asks: bool
    off: bool


Kinds = Mapping[str, Any]
"""Kinds by the word that stands in a check's `kind`; each is a `CheckKind`."""


def check_editor(
    checks: list[CheckData], kinds: Kinds, *, key: str, own: bool = True, scope: Literal["app", "fragment"] = "app"
) -> None:
    """Draw `checks`, which are changed in place, and the menu that adds one. `own` False: they come beside those of a
    set. In a dialog `scope` is "fragment": a run of the whole page would close it."""
    if not checks:
        st.caption(
            "No checks yet. Without one, answers are only marked by you: pass or fail."
            if own
            else "Only the checks of the prompt set are used."
        )
    for at in range(len(checks)):
        checks[at] = _card(at, checks, kinds, key, scope)
    offered = [name for name, kind in kinds.items() if not kind.off]
    wanted = st.menu_button(
        "Add check",
        offered,
        icon=":material/add:",
        format_func=lambda name: kinds[name].title,
        key=f"{key}_add_{len(checks)}",
    )
    if wanted:
        checks.append({"kind": wanted})
        st.rerun(scope=scope)


def missing(checks: Sequence[CheckData], kinds: Kinds) -> list[str]:
    """Sentences about fields that must be filled and are not."""
    return [
        f"{kinds[check['kind']].title} needs “{field.title}”."
        for check in checks
        for field in kinds[check["kind"]].fields
        if field.required and check.get(field.name) in (None, "", [])
    ]


def _card(at: int, checks: list[CheckData], kinds: Kinds, key: str, scope: Literal["app", "fragment"]) -> CheckData:
    check = checks[at]
    kind: CheckKind = kinds[check["kind"]]
    stamp = f"{key}_{len(checks)}_{at}"
    with st.container(border=True, key=f"card_{stamp}", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{kind.title}** :gray[:small[{plain(kind.says)}]]", width="stretch")
            if st.button("", icon=":material/delete:", type="tertiary", key=f"{stamp}_delete", help="Remove check"):
                del checks[at]
                st.rerun(scope=scope)
        values: dict[str, Any] = {"kind": check["kind"]}
        with st.grid("auto", min_column_width=220, gap="small"):
            for field in [one for one in kind.fields if one.name != "kind"]:
                value = _field(field, check.get(field.name, field.default), f"{stamp}_{field.name}")
                if (value != field.default and value not in (None, "")) or field.required:
                    values[field.name] = value
    return values


def _field(field: CheckField, value: Any, key: str) -> Any:
    """Draw one field; what is in it now."""
    help_ = field.help or None
    match field.type:
        case "flag":
            return st.toggle(field.title, bool(value), key=key, help=help_)
        case "choice":
            options = list(field.choices)
            place = options.index(value) if value in options else 0
            return st.selectbox(field.title, options, place, key=key, help=help_, format_func=str.capitalize)
        case "number" | "whole":
            return _number(field, value, key)
        case "lines":
            text = st.text_area(field.title, "\n".join(map(str, value or ())), key=key, help=help_, height=68)
            return [line for line in (text or "").splitlines() if line.strip()]
        case "json":
            return _json(field, value, key)
        case "long" | "code":
            return st.text_area(field.title, str(value or ""), key=key, help=help_, height=120)
        case _:
            return st.text_input(field.title, "" if value is None else str(value), key=key, help=help_)


def _number(field: CheckField, value: Any, key: str) -> Any:
    whole = field.type == "whole"
    kind = int if whole else float
    least, most = (None if one is None else kind(one) for one in (field.least, field.most))
    return st.number_input(
        field.title,
        least,
        most,
        None if value is None else kind(value),
        1 if whole else None,
        "%d" if whole else "%g",
        key,
        field.help or None,
        placeholder="Not set",
    )


def _json(field: CheckField, value: Any, key: str) -> Any:
    shown = "" if value is None else value if isinstance(value, str) else json.dumps(value, indent=2)
    text = st.text_area(field.title, shown, key=key, help=field.help or None, height=140)
    try:
        return json.loads(text) if (text or "").strip() else None
    except json.JSONDecodeError as error:
        st.caption(f":red[:material/error: This is not JSON: {plain(str(error))}.]")
        return text
