"""Whether a place in the answer's JSON holds what it should."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Self, cast

import orjson
from pydantic import Field, field_validator, model_validator

from hub.evals.checks.base import Found, Plain, Subject, filled
from hub.evals.checks.texts import shown
from hub.evals.json_text import NOTHING, found


class JsonPath(Plain):
    """A path as RFC 9535 has them; it passes when any of the values there fits."""

    TITLE: ClassVar[str] = "JSON path"
    SAYS: ClassVar[str] = "A place in the answer's JSON holds a value."

    kind: ClassVar[str] = "json_path"
    path: str = Field(title="Path", description="Such as $.items[0].name", json_schema_extra={"form": "pattern"})
    equals: Any = Field(None, title="Equals", description="A JSON value, or text with {{expected}} and {{variables}}.")
    contains: str = Field("", title="Contains", description="A text that is part of the value, or in a list.")
    exists: bool = Field(True, title="Something is there", description="Off: nothing may be there.")

    @field_validator("path")
    @classmethod
    def _compiles(cls, given: str) -> str:
        _path(given)
        return given

    @model_validator(mode="after")
    def _one(self) -> Self:
        tests = [self._equals, bool(self.contains), not self.exists]
        if sum(tests) > 1:
            raise ValueError("Only one of equals, contains and exists: false can be given.")
        return self

    @property
    def _equals(self) -> bool:
        """Null is a value like any other, when it is given."""
        return "equals" in self.model_fields_set

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell for a variable that the row has not."""
        value = found(subject.text)
        if value is NOTHING:
            return Found(False, "There is no JSON in it.")
        there: list[Any] = _path(self.path).findall(value)
        if self.contains:
            wanted = filled(self.contains, subject)
            passed = any(_holds(one, wanted) for one in there)
        elif self._equals:
            wanted = filled(self.equals, subject) if isinstance(self.equals, str) else self.equals
            passed = any(same(one, wanted) for one in there)
        else:
            passed = bool(there) is self.exists
        return Found(passed, f"{self.path} is {_shown(there)}.")


def same(one: Any, wanted: Any) -> bool:
    """Whether two JSON values are equal: 1 and 1.0 are, 1 and true are not. Text that reads as JSON, such as "42" out
    of a row, is also equal to that value."""
    if isinstance(wanted, str) and not isinstance(one, str):
        try:
            wanted = orjson.loads(wanted)
        except orjson.JSONDecodeError:
            return False
    if isinstance(one, bool) or isinstance(wanted, bool):
        return one is wanted
    if isinstance(one, dict) and isinstance(wanted, dict):
        left, right = cast(dict[str, Any], one), cast(dict[str, Any], wanted)
        return left.keys() == right.keys() and all(_alike(left[name], right[name]) for name in left)
    if isinstance(one, list) and isinstance(wanted, list):
        first, second = cast(list[Any], one), cast(list[Any], wanted)
        return len(first) == len(second) and all(map(_alike, first, second))
    return one == wanted


def _alike(one: Any, wanted: Any) -> bool:
    return isinstance(one, str) == isinstance(wanted, str) and same(one, wanted)


def _holds(one: Any, wanted: str) -> bool:
    if isinstance(one, str):
        return wanted in one
    return isinstance(one, list) and any(same(item, wanted) for item in cast(list[Any], one))


def _shown(there: list[Any]) -> str:
    return ", ".join(shown(orjson.dumps(one).decode()) for one in there[:3]) if there else "not there"


@lru_cache(maxsize=256)
def _path(text: str) -> Any:
    """Raises ValueError with a sentence. Functions with patterns are left out, as those have no limit of time."""
    import jsonpath

    environment = jsonpath.JSONPathEnvironment(strict=True)
    for name in ("match", "search"):
        environment.function_extensions.pop(name, None)
    try:
        return environment.compile(text)
    except jsonpath.JSONPathError as error:
        raise ValueError(f"This is no JSON path: {str(error).splitlines()[0]}.") from None
