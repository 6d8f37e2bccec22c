"""The second level of disclosure: the body of a skill, once it is activated.

A skill is activated by a model that loads it, by the person who writes `$name` or `/name`, or always. It then stays
active in its conversation: its body stands with the system prompt of every later turn, once, so that no summary of old
messages loses it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hub.db.mongo import now
from hub.db.who import Who
from hub.models import estimate
from hub.skills import shelf, store
from hub.skills.records import Activation, How, Offered, Skill
from hub.turns import Block, Turn

MOST_NAMED = 10
"""Skills that one message may name."""
MOST_LISTED = 60
"""Files that are listed with a body."""
_NAMED = re.compile(r"(?<![^\s(\[\"',;:\u2018\u201c])[$/]([^\W_](?:[\w-]{0,62}[^\W_])?)(?![\w/$-])")


@dataclass(frozen=True, slots=True)
class Active:
    """A skill that is active in a turn, and why, in words for the person."""

    skill: Skill
    why: str


def named(text: str) -> list[str]:
    """The names that a message calls skills by, each once, in their order."""
    return list(dict.fromkeys(match[1] for match in _NAMED.finditer(text)))


def active(turn: Turn, offered: Sequence[Offered]) -> list[Active]:
    """The skills whose bodies stand in the prompt of a turn, each once: always on, activated before, named now. What
    is named now is kept for the turns to come."""
    by_id, by_name = {one.skill.id: one.skill for one in offered}, {one.skill.name: one.skill for one in offered}
    found = {one.skill.id: Active(one.skill, "always on") for one in offered if one.mode == "always"}
    for one in store.activations(turn.who, turn.conversation):
        # What this very answer loaded, before it paused, stands in the result of that call.
        if one.skill in by_id and not (one.how == "model" and one.answer == turn.answer):
            found.setdefault(one.skill, Active(by_id[one.skill], _why(one)))
    calls = [by_name[name] for name in named(turn.question) if name in by_name]
    for skill in calls[:MOST_NAMED]:
        if skill.id not in found:
            found[skill.id] = Active(skill, "you named it")
            keep(turn, skill, "", "named")
    return list(found.values())


def _why(one: Activation) -> str:
    return "you named it" if one.how == "named" else f"the model loaded it: {one.why}"


def keep(turn: Turn, skill: Skill, why: str, how: How) -> None:
    """From now on the skill is active in the conversation."""
    at = Activation(turn.conversation, skill.id, skill.name, turn.answer, why, how, skill.body_tokens, now())
    store.activate(turn.who, at)


def written(who: Who, skill: Skill) -> str:
    """A body as a model gets it: between tags that name it, with what files there are."""
    return marked(skill, shelf.body(who, skill) + _files(skill))


def marked(skill: Skill, text: str) -> str:
    """`text` between tags that name the skill; it cannot end them itself."""
    safe = re.sub(r"<(/?)skill\b", r"<\1\\skill", text)
    return f'<skill name="{skill.name}">\n{safe}\n</skill>'


def _files(skill: Skill) -> str:
    if not skill.files:
        return ""
    listed = [f"- {one.path} ({one.size:,} bytes)" for one in skill.files[:MOST_LISTED]]
    if len(skill.files) > MOST_LISTED:
        listed.append(f"- and {len(skill.files) - MOST_LISTED} more")
    note = " Scripts cannot be run here; tell the person what to run." if skill.scripts else ""
    return "\n\nFiles of this skill, to be read with read_skill_file:" + note + "\n" + "\n".join(listed)


def blocks(turn: Turn, found: Sequence[Active], left: int | None) -> tuple[list[Block], int | None]:
    """The bodies within `left` tokens, and what is left then; one that does not fit is named to the person."""
    made: list[Block] = []
    for one in found:
        text = written(turn.who, one.skill)
        tokens = estimate.tokens(text)
        if left is not None and tokens > left:
            said = f"The skill {one.skill.name} ({tokens:,} tokens) does not fit into this model's window."
            made.append(Block("skills", f"Skill {one.skill.name}", "", 0, "system", notices=(said,)))
            continue
        left = None if left is None else left - tokens
        made.append(Block("skills", f"Skill {one.skill.name}: {one.why}", text, tokens, "system"))
    return made, left
