"""From data as it is written to checks, with sentences for what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from hub.errors import BadInput
from hub.evals.checks.base import Check
from hub.evals.checks.kinds import KINDS, MODELS
from hub.evals.records import CheckData

_MODELS = {model.kind: model for model in MODELS}


def parse(data: CheckData, number: int = 1) -> Check:
    """The check. Raises BadInput with a sentence such as "Check 3 (regex): value is missing."."""
    kind = data.get("kind") if isinstance(data, Mapping) else None  # pyright: ignore[reportUnnecessaryIsInstance]
    model = _MODELS.get(str(kind))
    if model is None:
        named = f"“{kind}” is no kind of check" if kind else "kind is missing"
        raise BadInput(f"Check {number}: {named}.", hint=f"Kinds are {', '.join(KINDS)}.")
    try:
        return model.model_validate({name: given for name, given in data.items() if name != "kind"})
    except ValidationError as error:
        sentence = _sentence(error.errors()[0], str(kind))
        raise BadInput(f"Check {number} ({kind}): {sentence}", hint="Nothing was saved. Mend the check.") from None


def parse_all(given: Iterable[CheckData]) -> tuple[Check, ...]:
    """Several checks, counted from 1 in sentences, with names that differ: "regex", "regex 2". Raises BadInput."""
    checks = [parse(data, number) for number, data in enumerate(given, 1)]
    names: set[str] = {check.name for check in checks if check.name}
    done: list[Check] = []
    taken: set[str] = set()
    for check in checks:
        name = check.label
        if name in taken or (not check.name and name in names):
            name = next(one for at in range(2, len(checks) + 2) if (one := f"{check.label} {at}") not in taken | names)
        taken.add(name)
        done.append(check if name == check.name else check.model_copy(update={"name": name}))
    return tuple(done)


def _sentence(error: Any, kind: str) -> str:
    place = ".".join(str(step) for step in error["loc"])
    shown = "not" if place == "negated" else place
    if error["type"] == "missing":
        return f"{shown} is missing."
    if error["type"] == "extra_forbidden":
        names = ", ".join(field.name for field in KINDS[kind].fields)
        return f"there is no field “{shown}”; it has {names}."
    message = str(error["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    if error["type"] == "value_error":
        return message if message.endswith(".") else f"{message}."
    return f"{shown} {message}, not {_short(error.get('input'))}."


def _short(given: object) -> str:
    text = repr(given)
    return text if len(text) < 60 else f"{text[:57]}..."
