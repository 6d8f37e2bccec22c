"""What a model may ask for: operations on memory, checked by pydantic before anything else looks at them."""

from __future__ import annotations

from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from hub.memory.records import KINDS, Kind

Action = Literal["ADD", "UPDATE", "SUPERSEDE", "NOOP", "FORGET"]
_ACTIONS = {"CREATE": "ADD", "NEW": "ADD", "INSERT": "ADD", "DELETE": "FORGET", "REMOVE": "FORGET",
            "NONE": "NOOP", "REPLACE": "SUPERSEDE", "KEEP": "NOOP", "CHANGE": "SUPERSEDE"}  # fmt: skip
_NEAREST: dict[str, Kind] = {
    "goal": "plan", "task": "plan", "person": "relationship", "people": "relationship", "family": "relationship",
    "rule": "instruction", "identity": "profile", "habit": "preference", "like": "preference", "dislike": "preference",
}  # fmt: skip


def _number(value: Any, otherwise: float) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return otherwise


class Operation(BaseModel):
    """One change that the model proposes. `fact` is the label of a known fact ("F2"), `quote` the person's words."""

    model_config = ConfigDict(extra="ignore")

    op: Action
    fact: str = ""
    text: str = ""
    kind: Kind = "knowledge"
    quote: str = ""
    subject: str = ""
    predicate: str = ""
    object: str = ""
    entities: list[str] = Field(default_factory=list)
    importance: float = 0.5
    confidence: float = 0.8
    event_start: str = ""
    event_end: str = ""
    valid_from: str = ""
    sensitive: str = ""

    @field_validator("op", mode="before")
    @classmethod
    def _op(cls, value: Any) -> Any:
        word = str(value).strip().upper()
        return _ACTIONS.get(word, word)

    @field_validator("kind", mode="before")
    @classmethod
    def _kind(cls, value: Any) -> Any:
        word = str(value).strip().casefold()
        return word if word in KINDS else _NEAREST.get(word, "knowledge")

    @field_validator("importance", mode="before")
    @classmethod
    def _importance(cls, value: Any) -> float:
        """From 1 to 5; some models count to 10 or 100 whatever they were told, or give a share."""
        number = _number(value, 3.0)
        if 0 < number < 1:
            return number
        return max(0.0, min(1.0, number / next((top for top in (5, 10) if number <= top), 100)))

    @field_validator("confidence", mode="before")
    @classmethod
    def _confidence(cls, value: Any) -> float:
        return max(0.0, min(1.0, _number(value, 0.8)))

    @field_validator("entities", mode="before")
    @classmethod
    def _entities(cls, value: Any) -> list[str]:
        given: list[Any] = cast(list[Any], value) if isinstance(value, list) else [value] if value else []
        return [str(one)[:80] for one in given if one][:12]

    @field_validator(
        "fact", "text", "quote", "subject", "predicate", "object", "event_start", "event_end", "valid_from",
        "sensitive", mode="before",
    )  # fmt: skip
    @classmethod
    def _text(cls, value: Any) -> str:
        return "" if value is None or isinstance(value, bool) else str(value).strip()

    @model_validator(mode="after")
    def _whole(self) -> Operation:
        if self.op != "NOOP" and not self.quote:
            raise ValueError(f"{self.op} needs a quote: the user's own words, copied")
        if self.op in {"ADD", "UPDATE", "SUPERSEDE"} and not self.text:
            raise ValueError(f"{self.op} needs a text")
        if self.op in {"UPDATE", "SUPERSEDE"} and not self.fact:
            raise ValueError(f"{self.op} needs fact, the label of a known fact such as F1")
        return self


def named(value: Any) -> Any:
    """Takes a bare list, one operation alone, and the names that models use for the list."""
    if isinstance(value, list):
        return {"operations": cast(list[Any], value)}
    if isinstance(value, dict):
        given = cast(dict[str, Any], value)
        if "op" in given:
            return {"operations": [given]}
        for name in ("operations", "memories", "facts", "changes"):
            listed: Any = given.get(name)
            if isinstance(listed, list):
                return {"operations": cast(list[Any], listed)}
        if given:
            raise ValueError('the answer must be {"operations": [...]}')
    return cast(Any, value)


class Operations(BaseModel):
    """Everything that one exchange asks for; usually nothing. `dropped` says what was wrong with what was left out."""

    model_config = ConfigDict(extra="ignore")

    operations: list[Operation] = Field(default_factory=list[Operation], max_length=20)
    dropped: list[str] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return named(value)


class Usable(Operations):
    """The same, with operations left out that cannot be read: for a model that did not get them right twice."""

    @field_validator("operations", mode="wrap")
    @classmethod
    def _each(cls, value: Any, handler: Any) -> list[Operation]:
        given: list[Any] = cast(list[Any], value) if isinstance(value, list) else []
        return [one for each in given if (one := _read(each)) is not None][:20]

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        """Runs before the operations are read, and notes those that will be left out."""
        whole = named(value)
        if not isinstance(whole, dict):
            return whole
        given = cast(dict[str, Any], whole)
        listed: list[Any] = given.get("operations") or []
        dropped = [problem for one in listed if (problem := _problem(one))]
        if dropped and len(dropped) == len(listed):
            raise ValueError(dropped[0])
        return {"operations": listed, "dropped": dropped}


def _read(given: Any) -> Operation | None:
    return None if _problem(given) else Operation.model_validate(given)


def _problem(given: Any) -> str:
    try:
        Operation.model_validate(given)
    except ValidationError as error:
        return error.errors()[0]["msg"]
    return ""
