"""Checking skills that lie somewhere, by the strict rules, without taking them in and without any store."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hub.errors import BadInput
from hub.skills import read
from hub.skills.package import Package, understand
from hub.skills.records import Finding, Problem
from hub.skills.scan import scan
from hub.skills.write import problems


@dataclass(frozen=True, slots=True)
class Checked:
    """One skill: whether it keeps every rule, and what the scan found. Findings break no rule."""

    name: str
    valid: bool
    problems: tuple[Problem, ...] = ()
    findings: tuple[Finding, ...] = ()
    path: str = ""


def check(path: Path) -> list[Checked]:
    """Every skill that lies there. Raises BadInput when there is nothing."""
    return [_one(one) for one in read.anything(path)]


def check_text(text: str) -> tuple[list[Problem], tuple[Finding, ...]]:
    """The same for a SKILL.md while it is written: the rules that it breaks, and what the scan found."""
    return problems(text), scan(text, {})


def _one(one: Package | read.Refused) -> Checked:
    if isinstance(one, read.Refused):
        return Checked(one.name, False, (Problem("refused", "", one.said),), (), one.path)
    findings = scan(one.text, one.files)
    try:
        found = understand(one)
    except BadInput as error:
        problem = Problem("refused", "", error.message)
        return Checked(one.folder or one.path, False, (*one.problems, problem), findings, one.path)
    return Checked(found.name, not found.problems, found.problems, findings, one.path)
