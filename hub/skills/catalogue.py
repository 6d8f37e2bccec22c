"""The first level of disclosure: what there is, in a line each, within a share of the model's window.

When that is too long the descriptions shrink evenly, then the names stand alone, and what does not fit even so is
counted and left to search. Nothing is hidden without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hub.models import estimate
from hub.skills.records import Skill

SHARE = 0.01
"""Of the model's window."""
UNKNOWN = 8_000
"""Characters where the window is unknown, as Codex has it."""
CHARACTERS_PER_TOKEN = 4
SHORTEST = 24
"""Characters of a description below which it says nothing."""
HEAD = (
    "Skills are instructions for particular tasks. When a task fits one of these, call load_skill with its name before "
    "you answer."
)
BRIEF = "Skills: load_skill loads one by name."


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The text for the prompt, and how it came about: skills with their whole description, with a shortened one, by
    name alone, and left to search."""

    text: str
    tokens: int
    whole: int = 0
    shortened: int = 0
    named: int = 0
    left: int = 0

    @property
    def title(self) -> str:
        """What is said of it to the person."""
        count = self.whole + self.shortened + self.named + self.left
        parts = [
            f"{number} {said}"
            for number, said in (
                (self.shortened, "with shortened descriptions"),
                (self.named, "by name only"),
                (self.left, "left to search"),
            )
            if number
        ]
        return f"Catalogue of {count} {'skill' if count == 1 else 'skills'}{': ' if parts else ''}{', '.join(parts)}"


def allowed(window: int | None) -> int:
    """Tokens that the catalogue may take of a window of so many."""
    return UNKNOWN // CHARACTERS_PER_TOKEN if window is None else int(window * SHARE)


def line(name: str, description: str) -> str:
    """One skill of the catalogue."""
    text = " ".join(description.split())
    return f"- {name}: {text}" if text else f"- {name}"


def catalogue(skills: Sequence[Skill], window: int | None, most: int | None = None) -> Catalogue:
    """The catalogue of `skills` in their order, within the share of the `window` and within `most` tokens."""
    budget = allowed(window) if most is None else min(allowed(window), most)
    return _catalogue(tuple((one.name, " ".join(one.description.split())) for one in skills), budget)


@lru_cache(maxsize=64)
def _catalogue(skills: tuple[tuple[str, str], ...], budget: int) -> Catalogue:
    if not skills:
        return Catalogue("", 0)
    longest = max(len(text) for _, text in skills)
    if found := _fitting(skills, longest, budget):
        return found
    low, high, best = SHORTEST, longest, None
    while low <= high:
        middle = (low + high) // 2
        found = _fitting(skills, middle, budget)
        low, high, best = (middle + 1, high, found) if found else (low, middle - 1, best)
    return best or _names(skills, budget)


def _fitting(skills: tuple[tuple[str, str], ...], most: int, budget: int) -> Catalogue | None:
    """The catalogue with at most so many characters of each description; None when it is too long."""
    lines = [line(name, _short(text, most)) for name, text in skills]
    text = "\n".join([HEAD, *lines])
    tokens = estimate.tokens(text)
    if tokens > budget:
        return None
    cut = sum(len(text) > most for _, text in skills)
    return Catalogue(text, tokens, whole=len(skills) - cut, shortened=cut)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _names(skills: tuple[tuple[str, str], ...], budget: int) -> Catalogue:
    """Names alone, as many as fit."""
    low, high = 0, len(skills)
    while low < high:
        middle = (low + high + 1) // 2
        if estimate.tokens(_listed(skills, middle)) <= budget:
            low = middle
        else:
            high = middle - 1
    text = _listed(skills, low)
    return Catalogue(text, estimate.tokens(text), named=low, left=len(skills) - low)


def _listed(skills: tuple[tuple[str, str], ...], count: int) -> str:
    names = ", ".join(name for name, _ in skills[:count])
    if count == len(skills):
        return f"{BRIEF} search_skills says what they do.\n{names}"
    if not count:
        return f"{len(skills)} skills (instructions for tasks): search_skills finds them, load_skill loads one."
    return f"{BRIEF} search_skills finds {len(skills) - count} more.\n{names}"
