"""Skills in the words that their page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from components.markdown import label
from hub.skills.records import Finding, Mode, Problem, Shown, Skill

Wish = tuple[str, tuple[str, ...]]
"""What the person asked for, and what it is about."""

MODES: dict[Mode, str] = {"off": "Off", "on": "On", "always": "Always on"}
KINDS = {
    "written": ("Written here", "edit_note"),
    "chat": ("Made from a chat", "forum"),
    "folder": ("Folder", "folder"),
    "zip": ("Archive", "folder_zip"),
    "file": ("File", "description"),
    "git": ("Git repository", "commit"),
    "mounted": ("Mounted directory", "hard_drive"),
}
"""Where a skill came from, and its Material symbol."""
FINDINGS = {
    "hidden_text": "Hidden text",
    "remote_code": "Code from elsewhere",
    "exfiltration": "Sends private things",
    "override": "Overrides instructions",
    "hide": "Keeps something from you",
    "secret": "A key or password",
    "program": "A compiled program",
}


def many(count: int, one: str, more: str = "") -> str:
    """A number with its word."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def origin(skill: Skill) -> str:
    """Where it came from, in one line."""
    kind, _ = KINDS[skill.origin.kind]
    place = skill.origin.place.removeprefix("https://")
    if skill.origin.kind == "git":
        return f"{place} at {skill.origin.commit[:7]}"
    return f"{kind}: {place}" if place else kind


def license_of(skill: Skill) -> str:
    """Its licence, or what is known of it."""
    if skill.license:
        return skill.license if len(skill.license) <= 60 else f"{skill.license[:59]}…"
    named = any(one.path.upper().startswith(("LICENSE", "LICENCE", "COPYING")) for one in skill.files)
    return "see its licence file" if named else "no licence stated"


def cost(skill: Skill) -> str:
    """What its levels take, in tokens."""
    return f"{skill.line_tokens:,} tokens listed · {skill.body_tokens:,} loaded"


def finding(one: Finding) -> str:
    """A finding as Markdown."""
    where = f"{one.file}, line {one.line}" if one.line else one.file
    text = f"**{FINDINGS.get(one.code, one.code)}** · {label(where)}: {label(one.said)}"
    return f"{text}  \n{code(one.excerpt)}" if one.excerpt else text


def code(text: str) -> str:
    """A text as code in Markdown, whatever is in it."""
    fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}"


def problem(one: Problem) -> str:
    """A broken rule as Markdown."""
    return label(one.said)


def shown_of(skills: Sequence[Shown], words: str, which: str) -> list[Shown]:
    """Those that have all the words, and are of the kind asked for."""
    wanted = words.casefold().split()
    return [one for one in skills if _is(one, which) and all(word in _text(one.skill) for word in wanted)]


def _text(skill: Skill) -> str:
    return f"{skill.name} {skill.description} {origin(skill)} {skill.license}".casefold()


def _is(one: Shown, which: str) -> bool:
    match which:
        case "On":
            return one.mode == "on"
        case "Off":
            return one.mode == "off"
        case "Always on":
            return one.mode == "always"
        case "With findings":
            return bool(one.skill.findings)
        case "Mine":
            return one.mine
        case _:
            return True
