"""Whether a sentence tells of what was or of what is to come, in English, German and French, by its commonest words."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?;\n](?=\s|$)")
_CLAUSE = re.compile(r"[,:]|\b(?:and|but|because|und|aber|weil|et|mais)\b", re.IGNORECASE)
_ALONE = re.compile(r"(?:on|in|at|the|am|im|en|le)?\W*", re.IGNORECASE)
_WAS = re.compile(
    r"\b(?:was|were|did|had|been|gone|seen|done|went|came|met|saw|said|told|got|made|took|bought|left|ate|spent|felt"
    r"|began|wrote|ran|gave|found|flew|drove|sold|lost|won|slept|kept|taught|caught|brought|thought|broke|fell"
    r"|war(?:en|st)?|hatten?|wurden?|gingen?|kam(?:en)?|sah(?:en)?|traf(?:en)?|blieb(?:en)?"
    r"|[\u00e9e]tai(?:s|t|ent)|[\u00e9e]tions|avai(?:s|t|ent)|avions)\b"
    r"|(?<!is )(?<!are )(?<!am )(?<!be )(?<!'[sm] )(?<!'re )\b\w{3,}(?<!e)ed\b"
    r"|\b(?:habe?|hast|hat|haben|bin|ist|sind)\b.*\b\w*ge\w{2,}(?:t|en)\b"
    r"|\b(?:ai|avons|ont|suis|sommes)\s(?:\w+\s)?(?:\w+\u00e9e?s?|vu|lu|eu|pris|mis|fait|dit|parti|sorti|venu)e?s?\b",
    re.IGNORECASE,
)
_COMES = re.compile(
    r"\b(?:will|shall|going to|gonna|plan(?:s|ning)?|won't|werden?|wirst|wird|vais|allons|pr\u00e9vu|\w+r(?:ai|ons))\b"
    r"|'ll\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:is|are|am|have|has|do|does|can|must|should|want|need|hope|this|ist|bin|sind|habe?|hat|haben|muss|m\u00fcssen"
    r"|kann|soll|will|m\u00f6chte|diese[nrsm]?|est|suis|sommes|ai|avons|dois|peux|veux)\b|\w'(?:m|re|s)\b",
    re.IGNORECASE,
)
"""The present, which with a day that is named is about one that comes: "my exam is on Friday"."""


def ahead(text: str, begin: int, end: int) -> bool | None:
    """Whether the time at `begin` to `end` of a text is one to come, by the clause around it, else by its sentence.
    None when neither tells. A time that stands alone is asked for in retrospect."""
    before, after = text[:begin], text[end:]
    sentence = _last(_END, before), _first(_END, after)
    clause = _last(_CLAUSE, sentence[0]), _first(_CLAUSE, sentence[1])
    told = _told(*clause)
    if told is None:
        told = _told(*sentence)
    return False if told is None and _ALONE.fullmatch(" ".join(sentence).strip()) else told


def _told(before: str, after: str) -> bool | None:
    said = f"{before} {after}"
    was, comes = bool(_WAS.search(said)), bool(_COMES.search(said))
    if was and comes:
        return None
    return False if was else True if comes or _NOW.search(said) else None


def _last(mark: re.Pattern[str], text: str) -> str:
    ends = [match.end() for match in mark.finditer(text)]
    return text[ends[-1] :] if ends else text


def _first(mark: re.Pattern[str], text: str) -> str:
    found = mark.search(text)
    return text[: found.start()] if found else text
