"""A tool as one plain typed function, for the hub's own tools and for those of plugins.

    @tool("Roll dice", "casino")
    def roll_dice(sides: Annotated[int, "How many sides each has."] = 6) -> str:
        \"\"\"Roll a die and say what came up.\"\"\"
        return str(random.randint(1, sides))

The JSON schema comes from the annotations, the description from the docstring. What a model gives is checked and turned
into the annotated types before the function runs. A parameter annotated `Turn` gets the turn and is not in the schema.
`roll_dice.of(turn)` is the tool for a turn; `roll_dice(sides=20)` still calls the function.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, ParamSpec, TypeVar, get_args, get_origin, get_type_hints

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from hub.errors import BadInput
from hub.models.types import ToolSpec
from hub.turns import Permission, Tool, ToolResult, Turn

P = ParamSpec("P")
R = TypeVar("R")
Decide = Callable[[Turn, dict[str, Any]], Permission]


@dataclass(frozen=True)
class Typed(Generic[P, R]):
    """A function that is a tool. `decide` may say for each call what is allowed, in place of `permission`."""

    function: Callable[P, R]
    spec: ToolSpec
    title: str
    icon: str
    group: str
    id: str
    permission: Permission
    decide: Decide | None
    resident: bool
    key: str
    seconds: float
    version: str
    _model: type[BaseModel]
    _turn: str

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(*args, **kwargs)

    def of(self, turn: Turn) -> Tool:
        """The tool for one turn."""

        def call(arguments: dict[str, Any]) -> ToolResult:
            run: Callable[..., Any] = self.function
            return _result(run(**self._checked(arguments), **({self._turn: turn} if self._turn else {})))

        def decide(arguments: dict[str, Any]) -> Permission:
            return self.decide(turn, arguments) if self.decide else self.permission

        return Tool(
            self.spec, self.title, self.icon, call, self.id, self.group, self.permission, self.resident, self.key,
            self.seconds, self.version, decide if self.decide else None,
        )  # fmt: skip

    def _checked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments in their types; raises BadInput that names each one that does not fit."""
        try:
            made = self._model.model_validate(arguments)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'all'}: {one['msg']}" for one in error.errors())
            raise BadInput(f"The arguments do not fit {self.spec.name}: {wrong}.", hint="Nothing was done.") from error
        return {name: getattr(made, name) for name in self._model.model_fields}


def tool(
    title: str,
    icon: str = "build",
    *,
    group: str = "Plugins",
    id: str = "",
    permission: Permission = "ask",
    decide: Decide | None = None,
    resident: bool = False,
    key: str = "",
    seconds: float = 60.0,
    version: str = "",
) -> Callable[[Callable[P, R]], Typed[P, R]]:
    """Makes a tool of the function below it. `title` and `icon` (a Material symbol) are what a person sees.

    Raises TypeError when the function has no docstring or leaves a parameter without annotation.
    """

    def made(function: Callable[P, R]) -> Typed[P, R]:
        model, turn = _model(function)
        spec = ToolSpec(function.__name__, _description(function), _tidy(model.model_json_schema()))
        return Typed(
            function, spec, title, icon, group, id, permission, decide, resident, key, seconds, version, model, turn
        )

    return made


def _description(function: Callable[..., Any]) -> str:
    said = inspect.getdoc(function)
    if not said:
        raise TypeError(f"{function.__name__} needs a docstring: it is what a model reads to know what the tool does.")
    return " ".join(said.split())


def _model(function: Callable[..., Any]) -> tuple[type[BaseModel], str]:
    """The arguments as a pydantic model, and the name of the parameter that takes the turn."""
    if inspect.iscoroutinefunction(function):
        raise TypeError(f"{function.__name__} is async; a tool is a plain function that runs on a thread of its own.")
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    turn = ""
    for name, parameter in inspect.signature(function).parameters.items():
        if name not in hints or parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f"{function.__name__}({name}) needs an annotation and a name of its own.")
        if hints[name] is Turn:
            turn = name
        else:
            default = ... if parameter.default is parameter.empty else parameter.default
            fields[name] = (_annotated(hints[name]), default)
    return create_model(function.__name__, __config__=ConfigDict(extra="forbid"), **fields), turn


def _annotated(hint: Any) -> Any:
    """A hint whose plain text, as in `Annotated[int, "How many."]`, is its description."""
    if get_origin(hint) is not Annotated:
        return hint
    inner, *more = get_args(hint)
    return Annotated[(inner, *(Field(description=one) if isinstance(one, str) else one for one in more))]


def _tidy(schema: Any) -> Any:
    """Without the titles that pydantic makes of names: they cost tokens and say nothing."""
    if isinstance(schema, dict):
        shape: dict[str, Any] = schema  # pyright: ignore[reportUnknownVariableType]
        return {
            key: {name: _tidy(one) for name, one in value.items()} if key in {"properties", "$defs"} else _tidy(value)
            for key, value in shape.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_tidy(one) for one in schema] if isinstance(schema, list) else schema  # pyright: ignore[reportUnknownVariableType]


def _result(given: Any) -> ToolResult:
    """What a function gave as a result: text as it is, other things as JSON."""
    if isinstance(given, ToolResult):
        return given
    if isinstance(given, str):
        return ToolResult(given)
    if isinstance(given, BaseModel):
        return ToolResult(given.model_dump_json())
    return ToolResult(orjson.dumps(given, default=str).decode())


def of_turn(turn: Turn, tools: Sequence[Typed[..., Any]]) -> list[Tool]:
    """The tools for one turn."""
    return [one.of(turn) for one in tools]
