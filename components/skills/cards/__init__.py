"""The skills as calm cards; each opens the skill, and has a switch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import streamlit as st

from components.skills.words import KINDS, MODES, Wish, cost, license_of, many, origin
from hub.skills.records import Shown

_HERE = Path(__file__).parent
_SHARED = _HERE.parents[1]
_mount = st.components.v2.component(
    "skill_cards",
    html='<div class="root">\n</div>',
    css=(_SHARED / "dom.css").read_text() + (_HERE / "cards.css").read_text(),
    js="\n".join(path.read_text() for path in (_SHARED / "dom.js", _SHARED / "steady.js", _HERE / "cards.js")),
)
SHORTEN = 240


def skill_cards(skills: Sequence[Shown], *, revision: int) -> Wish | None:
    """Draw a card for each; what was asked for: ("open", id) or ("switch", id, mode). `revision` changes when
    something was done elsewhere, so that a switch shows how it stands."""
    data = {"cards": [_card(one) for one in skills], "revision": revision}
    event = cast("dict[str, Any] | None", _mount(data=data, key="skill_cards", on_event_change=_nothing).event)
    if not event:
        return None
    about = (str(event["id"]), str(event["mode"])) if event["do"] == "switch" else (str(event["id"]),)
    return str(event["do"]), about


def _card(one: Shown) -> dict[str, Any]:
    skill = one.skill
    facts = [cost(skill)]
    if skill.files:
        facts.append(many(len(skill.files), "file"))
    facts.append(f"used {many(one.uses, 'time')}" if one.uses else "not used yet")
    return {
        "id": skill.id,
        "name": skill.name,
        "text": " ".join(skill.description.split())[:SHORTEN],
        "facts": " · ".join(facts),
        "origin": f"{origin(skill)} · {license_of(skill)}",
        "icon": KINDS[skill.origin.kind][1],
        "mode": one.mode,
        "said": MODES[one.mode],
        "findings": many(len(skill.findings), "finding") if skill.findings else "",
        "warnings": many(len(skill.warnings), "warning") if skill.warnings else "",
        "everybody": skill.everybody != "off" and not skill.mounted,
    }


def _nothing() -> None:
    """Declares the trigger, so that the result always has it."""
