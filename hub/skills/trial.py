"""What a skill brings to be evaluated with: its own cases, and its text as a model gets it where no tool can be called.

The cases are in `evals/evals.json`, as the guide of the Agent Skills format has them:
{"evals": [{"prompt", "expected_output", "files": [paths], "assertions" or "expectations": [sentences]}]}.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from hub.db.who import Who
from hub.errors import BadInput
from hub.models import estimate
from hub.skills import shelf
from hub.skills.active import marked
from hub.skills.package import as_text
from hub.skills.records import Case, Given, Skill

FOLDER = "evals/"
PLACE = f"{FOLDER}evals.json"
MOST_CASES = 200
MOST_TOKENS = 8_000
"""Tokens of files that are given in full with the text."""
ALONE = "\n\nNo tool can be called here: files of this skill that are of use stand below in full."


class _Case(BaseModel):
    prompt: str = Field(min_length=1, max_length=200_000)
    expected_output: str = ""
    files: tuple[str, ...] = ()
    expects: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("assertions", "expectations"))


def cases(who: Who, skill: Skill) -> tuple[Case, ...]:
    """The skill's own cases, () where it has none. Raises BadInput with what cannot be read of them."""
    if not any(one.path == PLACE for one in skill.files):
        return ()
    found = _list(shelf.files(who, skill.id, only=[PLACE])[PLACE])
    if len(found) > MOST_CASES:
        raise BadInput(f"{PLACE} has {len(found):,} cases; at most {MOST_CASES} are taken.")
    made = tuple(_case(one, number) for number, one in enumerate(found, 1))
    known = {one.path for one in skill.files}
    if missing := [path for one in made for path in one.files if path not in known]:
        raise BadInput(f"{PLACE} names {missing[0][:200]}, which is not among the skill's files.")
    return made


def given(who: Who, skill: Skill) -> Given:
    """The text as a chat gives it once the skill is loaded, with its text files in full up to `MOST_TOKENS`, the short
    ones first: what a model would read with a tool. What is there to evaluate with is left out."""
    inside, left, taken = list[str](), list[str](), 0
    for one in sorted(skill.files, key=lambda file: file.tokens or 0):
        if one.path.startswith(FOLDER):
            continue
        if one.tokens is None or taken + one.tokens > MOST_TOKENS:
            left.append(one.path)
        else:
            inside.append(one.path)
            taken += one.tokens
    files = shelf.files(who, skill.id, only=inside)
    texts = [f"\n\nFile {path}:\n{as_text(files[path])}" for path in sorted(inside)]
    text = marked(skill, shelf.body(who, skill) + (ALONE if texts else "") + "".join(texts))
    return Given(text, estimate.tokens(text), tuple(sorted(inside)), tuple(sorted(left)))


def case_files(who: Who, skill: Skill, of: Iterable[Case]) -> dict[str, bytes]:
    """The files that cases go with, by path."""
    return shelf.files(who, skill.id, only=[path for one in of for path in one.files])


def _list(data: bytes) -> list[Any]:
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{PLACE} is no JSON: {error}.", hint="Mend the file, or choose other prompts.") from error
    cases: Any = found.get("evals") if isinstance(found, dict) else found  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(cases, list) or not cases:
        raise BadInput(f"{PLACE} has no list “evals”.", hint="Mend the file, or choose other prompts.")
    return cases  # pyright: ignore[reportUnknownVariableType]


def _case(data: Any, number: int) -> Case:
    try:
        one = _Case.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the case"
        raise BadInput(f"{PLACE}, case {number}: {place}: {first['msg']}.", hint="Mend the file.") from None
    return Case(one.prompt, one.expected_output, one.files, one.expects)
