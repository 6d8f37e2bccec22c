"""A tool is one plain typed function."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from hub.errors import BadInput
from hub.tools.schema import tool
from hub.turns import Permission, ToolResult, Turn
from tests.tools.conftest import turn


class Place(BaseModel):
    """Where."""

    city: str
    title: str = ""


@tool("Roll dice", "casino", group="Games", permission="always")
def roll(
    asked: Turn,
    sides: Annotated[int, Field(ge=2, le=100), "How many sides each has."] = 6,
    how: Literal["fair", "loaded"] = "fair",
    where: Place | None = None,
) -> str:
    """Roll a die
    and say what came up."""
    return f"{asked.who.name} rolls {sides} {how} {where.city if where else 'here'}"


def test_the_schema_comes_from_the_signature() -> None:
    made = roll.of(turn()).spec
    assert (made.name, made.description) == ("roll", "Roll a die and say what came up.")
    given = made.parameters["properties"]
    assert given["sides"] == {
        "default": 6,
        "description": "How many sides each has.",
        "maximum": 100,
        "minimum": 2,
        "type": "integer",
    }
    assert given["how"]["enum"] == ["fair", "loaded"]
    assert made.parameters["$defs"]["Place"]["properties"]["title"] == {"default": "", "type": "string"}
    assert "asked" not in given and made.parameters["additionalProperties"] is False and "title" not in made.parameters


def test_arguments_are_checked_and_turned_into_their_types() -> None:
    made = roll.of(turn())
    assert made.call({"sides": "20", "where": {"city": "Wien"}}).text == "Anna rolls 20 fair Wien"
    with pytest.raises(BadInput, match="sides: Input should be greater than or equal to 2; how:"):
        made.call({"sides": 1, "how": "odd"})
    with pytest.raises(BadInput, match="colour: Extra inputs"):
        made.call({"colour": "red"})
    assert roll(turn(), sides=3) == "Anna rolls 3 fair here"


def test_what_is_no_text_becomes_json_and_a_result_stays() -> None:
    @tool("Both", permission="ask", decide=lambda turn, given: "always" if given.get("as_result") else "never")
    def both(as_result: bool = False) -> Any:
        """Give one or the other."""
        return ToolResult("mine", said="a word") if as_result else {"a": [1, 2]}

    made = both.of(turn())
    assert made.call({}).text == '{"a":[1,2]}'
    assert made.call({"as_result": True}).said == "a word"
    assert made.decide is not None
    answers: list[Permission] = [made.decide({"as_result": True}), made.decide({})]
    assert answers == ["always", "never"]
    assert roll.of(turn()).decide is None


def test_what_a_model_could_not_use_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="docstring"):

        @tool("Nothing")
        def silent() -> str:  # pyright: ignore[reportUnusedFunction]
            return ""

    with pytest.raises(TypeError, match="annotation"):

        @tool("Anything")
        def loose(*many: str) -> str:  # pyright: ignore[reportUnusedFunction]
            """Take anything."""
            return ""

    with pytest.raises(TypeError, match="async"):

        @tool("Later")
        async def later() -> str:  # pyright: ignore[reportUnusedFunction]
            """Come later."""
            return ""
