"""Reading what a judge replies: JSON by itself, between words, in a fence, after reasoning, or nearly JSON.

A reply counts only when it says one thing. A judge that repeats a verdict which the answer had in it, and gives another
one, has said two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from hub.evals.json_text import within

Better = Literal["A", "B", "tie"]
Winner = tuple[Better, str]
"""Who is better, and why."""

_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_TAIL = re.compile(r"\A.*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
_GAP = r"[\"'*_`]*\s*[:=]\s*[\"'*_`\[]*\s*"
_SCORE = re.compile(rf"\bscore{_GAP}(-?\d+(?:\.\d+)?)(?:\s*/\s*(\d+))?", re.IGNORECASE)
_PASS = re.compile(rf"\bpass(?:ed|es)?{_GAP}(true|false|yes|no)\b", re.IGNORECASE)
_WINNER = re.compile(rf"\bwinner{_GAP}(?:(?:answer|assistant|response)\s+)?(a|b|tie|draw)\b", re.IGNORECASE)
_REASON = re.compile(rf"\breason{_GAP}", re.IGNORECASE)
_VERDICT = re.compile(r"\b(?:score|pass(?:ed|es)?|winner)[\"'*_`]*\s*[:=]", re.IGNORECASE)
_YES, _NO = {"true", "yes", "pass", "passed"}, {"false", "no", "fail", "failed"}
_TIE = {"tie", "draw", "equal", "both", "neither"}
_CALLED = re.compile(r"(?:the )?(?:answer|assistant|response|model)?[\s_]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Grade:
    """`score` is 0 to 10; `passed` is None when the judge was not asked for it and said nothing."""

    reason: str
    score: float
    passed: bool | None


def read_grade(text: str, *, whether: bool = True) -> Grade | None:
    """The grade in a reply; None when there is none, or more than one. `whether` needs a yes or no."""
    text = spoken(text)
    grades = {grade for one in _objects(text, "score") if (grade := _grade(one, whether)) is not None}
    if not grades and not _objects(text, "score"):
        grades = _nearly_grades(text, whether)
    told = {(one.score, one.passed) for one in grades}
    return next(iter(grades)) if len(told) == 1 else None


def read_winner(text: str) -> Winner | None:
    """The winner in a reply; None when there is none, or more than one."""
    text = spoken(text)
    found = _objects(text, "winner")
    told: list[Better | None] = [_winner(one["winner"]) for one in found] or [
        _winner(one) for one in _WINNER.findall(text)
    ]
    if not told or told[0] is None or len(set(told)) > 1:
        return None
    return told[0], (_reason(found[-1]) if found else _said_why(text))


def spoken(text: str) -> str:
    """A reply without the reasoning before it, whose opening tag some servers swallow. Such a tag inside of JSON is
    something that the judge quotes."""
    text = _THOUGHT.sub("", text).lstrip()
    return text if text.startswith(("{", "[", "```")) else _TAIL.sub("", text)


def _objects(text: str, key: str) -> list[Mapping[str, Any]]:
    return [one for value, _ in within(text) for one in _inside(value) if key in one]


def _inside(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a value, those in a wrapper such as {"verdict": {...}} as well; keys in small letters."""
    if isinstance(value, list):
        for one in cast(list[object], value):
            yield from _inside(one)
    elif isinstance(value, dict):
        given = cast(dict[str, object], value)
        yield {name.strip().lower(): inner for name, inner in given.items()}
        for inner in given.values():
            yield from _inside(cast(object, inner)) if isinstance(inner, dict) else ()


def _grade(one: Mapping[str, Any], whether: bool) -> Grade | None:
    score, passed = _score(one["score"]), _yes(one.get("pass", one.get("passed")))
    return None if score is None or (whether and passed is None) else Grade(_reason(one), score, passed)


def _score(given: object) -> float | None:
    """0 to 10 in halves or whole numbers; 0.8 could be eight of ten, so it is not taken."""
    if isinstance(given, str):
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)(?:\s*/\s*10)?\s*", given)
        given = float(found[1]) if found else None
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return None if not 0 <= given <= 10 or 0 < given < 1 else float(given)


def _yes(given: object) -> bool | None:
    if isinstance(given, bool):
        return given
    word = str(given).strip().lower()
    return True if word in _YES else False if word in _NO else None


def _winner(given: object) -> Better | None:
    word = _CALLED.sub("", str(given).strip().strip("[]\"'.").strip(), count=1).strip().lower()
    return "A" if word == "a" else "B" if word == "b" else "tie" if word in _TIE else None


def _reason(one: Mapping[str, Any]) -> str:
    return str(one.get("reason", one.get("reasoning", one.get("explanation", ""))))


def _nearly_grades(text: str, whether: bool) -> set[Grade]:
    """From text that is no JSON by a slip, or a list of lines: every score in it must be the same one."""
    scores = {_score(score) if under in ("", "10") else None for score, under in _SCORE.findall(text)}
    passes = {_yes(word) for word in _PASS.findall(text)}
    score = scores.pop() if len(scores) == 1 else None
    passed = passes.pop() if len(passes) == 1 else None
    if score is None or passes or (whether and passed is None):
        return set()
    return {Grade(_said_why(text), score, passed)}


def _said_why(text: str) -> str:
    if (found := _REASON.search(text)) is not None:
        end = _VERDICT.search(text, found.end())
        text = text[found.end() : end.start() if end else None].strip(" \n\"'*_`,{}")
    return " ".join(text.split())[:1000]
