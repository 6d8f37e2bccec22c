"""Evaluating a skill: which prompts, and the prompt set that asks each of them without the skill and with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.markdown import label
from components.skills.words import many
from hub.evals.records import AS_WRITTEN, CheckData, Row, SetDraft, Template
from hub.skills.records import Case, Given, Skill

OWN, NEW = "own", "new"
EXPECTED = {"kind": "rubric", "name": "Expected result", "value": "The answer comes to the expected result."}
MOST_SHOWN = 6
Start = Callable[[str, str, str], str]


def trial_body(own: int | str, given: Given, sets: Mapping[str, str], start: Start) -> None:
    """Choose the prompts. `own` is how many cases the skill brings, or why they cannot be read; `start` takes the
    choice, new prompts and what a good answer does, goes on in Evaluate, or says why not."""
    st.caption(
        "A prompt set is made in which the same models answer every prompt twice: as it is, and with the skill. "
        "Evaluate then tells whether the difference is more than chance."
    )
    st.caption(_with(given))
    if isinstance(own, str):
        st.warning(own, icon=":material/warning:")
    names = {OWN: f"The skill's own · {many(own, 'case')}"} if isinstance(own, int) and own else {}
    names |= {**sets, NEW: "New prompts"}
    chosen = st.selectbox("Prompts", list(names), format_func=names.__getitem__, key="skill_eval_set")
    prompts = good = ""
    if chosen == NEW:
        prompts = st.text_area("One prompt a line", key="skill_eval_prompts", height=140)
        good = st.text_input(
            "What a good answer does", placeholder="Optional; a model judges by it", key="skill_eval_good"
        )
    if st.button("Set up the evaluation", type="primary", key="skill_eval_do") and chosen:
        st.error(start(chosen, prompts or "", good or ""), icon=":material/error:")


def _with(given: Given) -> str:
    """What the model gets of the skill, in a sentence."""
    said = f"With it, the system prompt is the skill's text as a chat has it once it is loaded, {given.tokens:,} tokens"
    if given.inside or given.left:
        said += ". An evaluation calls no tools, so files cannot be read on demand"
    if given.inside:
        said += f": {_listed(given.inside)} {'stands' if len(given.inside) == 1 else 'stand'} in it in full"
    if given.left:
        said += f". Left out, too long or no text: {_listed(given.left)}"
    return f"{said}."


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - MOST_SHOWN} more" if len(paths) > MOST_SHOWN else ""
    return ", ".join(map(label, paths[:MOST_SHOWN])) + more


def own_rows(cases: Sequence[Case], files: Mapping[str, str]) -> tuple[Row, ...]:
    """A row for each case; `files` are ids of the stored files by path."""
    return tuple(
        Row(
            "",
            (one.prompt,),
            expected=one.expected or None,
            files=tuple(files[path] for path in one.files),
            checks=_checks(one),
        )
        for one in cases
    )


def _checks(one: Case) -> tuple[CheckData, ...]:
    expected: list[CheckData] = [EXPECTED] if one.expected else []
    # A check fills in {{names}}; in a sentence of a skill they mean themselves.
    said = [text.replace("{{", "{ {") for text in one.expects]
    return (*expected, *({"kind": "rubric", "name": text[:60], "value": text} for text in said))


def new_rows(prompts: str) -> tuple[Row, ...]:
    """A row for each line."""
    return tuple(Row("", (line.strip(),)) for line in prompts.splitlines() if line.strip())


def judged(good: str) -> tuple[CheckData, ...]:
    """The check of new prompts."""
    return ({"kind": "rubric", "name": "Good answer", "value": good.strip()},) if good.strip() else ()


def both_ways(skill: Skill, given: Given, of: str, rows: Sequence[Row], checks: Sequence[CheckData]) -> SetDraft:
    """The prompt set: `rows`, named after `of`, each without the skill and with it."""
    templates = (
        Template("Without", AS_WRITTEN.turns),
        Template(f"With {skill.name}", AS_WRITTEN.turns, given.text, verbatim=True),
    )
    about = f"The skill {skill.name}, version {skill.version}: is it better with it?"
    return SetDraft(f"{skill.name}: {of}"[:120], tuple(rows), templates, tuple(checks), about)
