"""More of one skill: its versions with what changed, and where it is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import streamlit as st

from components.clock import long_ago
from components.markdown import label
from components.skills.words import MODES, Wish
from hub.skills.records import FileChange, Shown, Version

CHANGES = {"added": "Added", "removed": "Removed", "changed": "Changed"}
USUAL = "usual"


def versions_view(
    one: Shown, versions: Sequence[Version], diff: Callable[[int, int], Sequence[FileChange]], now: datetime
) -> Wish | None:
    """The versions, what changed between two, and going back; what was asked for."""
    numbers = {each.number: each for each in versions}
    if len(versions) < 2:
        only = versions[0]
        st.caption(f"Version {only.number}, {label(only.why)}, {long_ago(only.at, now)}. Every change makes a new one.")
        return None
    with st.container(horizontal=True, vertical_alignment="bottom", key="facts_versions"):
        say = _saying(numbers, now)
        before = st.selectbox("From", list(numbers), index=1, format_func=say, key="skill_before")
        after = st.selectbox("To", list(numbers), index=0, format_func=say, key="skill_after")
        back = one.mine and before != one.skill.version
        if back and st.button(f"Bring back version {before}", icon=":material/history:", key="skill_rollback"):
            return "rollback", (one.skill.id, str(before))
    if before is None or after is None or before == after:
        st.caption("Choose two versions to see what changed.")
        return None
    changes_view(diff(before, after))
    return None


def _saying(numbers: Mapping[int, Version], now: datetime) -> Callable[[int], str]:
    return lambda number: f"Version {number} · {numbers[number].why} · {long_ago(numbers[number].at, now)}"


def changes_view(changes: Sequence[FileChange]) -> None:
    """What changed, file by file."""
    if not changes:
        st.caption("Nothing differs between them.")
    for place, one in enumerate(changes):
        with st.expander(f"{CHANGES[one.change]}: {label(one.path)}", expanded=place < 3, type="compact"):
            if one.diff:
                st.code(one.diff, language="diff", wrap_lines=True)
            else:
                st.caption("This file is no text, so its change is not shown.")


def where_view(one: Shown, projects: Mapping[str, str], agents: Mapping[str, str], *, admin: bool) -> Wish | None:
    """Where it is on: for the person, in each project, for each agent, for everybody; what was asked for. `projects`
    and `agents` are names by id."""
    skill = one.skill
    asked: Wish | None = None
    everybody = {"off": "nobody else", "on": "everybody", "always": "everybody, always on"}[skill.everybody]
    st.caption(f"It is there for {everybody}. What is set nearer holds: chat, agent, project, me, everybody.")
    if admin and one.mine:
        chosen = _choice("Everybody", skill.everybody, f"skill_everybody_{skill.everybody}")
        asked = ("everybody", (skill.id, chosen)) if chosen != skill.everybody else asked
    mine = _choice("Me", one.mode, f"skill_me_{one.mode}")
    asked = ("place", (skill.id, "me", mine)) if mine != one.mode else asked
    places = {f"project:{id_}": f"Project {name}" for id_, name in projects.items()}
    places |= {f"agent:{id_}": f"Agent {name}" for id_, name in agents.items()}
    for place, name in places.items():
        now = one.places.get(place, USUAL)
        chosen = _choice(name, now, f"skill_{place}_{now}", usual=True)
        asked = ("place", (skill.id, place, chosen)) if chosen != now else asked
    lacking = " and ".join(word for word, some in (("projects", projects), ("agents", agents)) if not some)
    if lacking:
        st.caption(f"You have no {lacking}. For a project or an agent a skill can be on for its chats alone.")
    return asked


def _choice(text: str, now: str, key: str, *, usual: bool = False) -> str:
    names = {**({USUAL: "As usual"} if usual else {}), **MODES}
    chosen = st.segmented_control(
        label(text), list(names), default=now, required=True, format_func=names.__getitem__, key=key
    )
    return chosen or now
