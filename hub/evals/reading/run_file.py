"""Our own file: a prompt set, and what to do with it if the file says so. `docs/evaluate.md` describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, WithJsonSchema

from hub.errors import BadInput

Word = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""Text that may be written without quotes."""


class Part(BaseModel):
    """A part of the file; a name that is not known is an error, since it is a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameters(Part):
    """How a model shall answer; what is left out is the provider's default."""

    temperature: float | None = Field(default=None, ge=0, le=5)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    reasoning_effort: Literal["minimal", "low", "medium", "high"] | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    json_mode: bool = False


class Model(Part):
    """A model to be asked."""

    model: str = Field(description="Id, name or alias of a model, as `hub models` lists them.")
    label: str = Field(default="", description="What its column is called; needed when the same model stands twice.")
    params: Parameters = Parameters()


class Template(Part):
    """A way to ask: {{prompt}} is the row's prompt, {{name}} one of its variables."""

    name: str = Field(default="", description="What its column is called.")
    text: str | None = Field(default=None, description="What is said, for templates of one turn.")
    turns: tuple[str, ...] | None = Field(default=None, description="What is said, one turn after the other.")
    system: str = Field(default="", description="The system prompt; a row's own one goes before it.")
    verbatim: bool = Field(default=False, description="The system prompt as it stands; braces in it mean themselves.")


class Row(Part):
    """A case."""

    id: str = Field(default="", description="Stays with the case; made of its content when it is left out.")
    prompt: str | None = Field(default=None, description="What is said, for cases of one turn.")
    turns: tuple[str, ...] | None = Field(default=None, description="What is said, one turn after the other.")
    vars: dict[str, Word] = Field(default_factory=dict, description="Values for {{name}} in templates and checks.")
    system: str = Field(default="", description="The system prompt.")
    expected: Word | None = Field(default=None, description="What checks compare with, {{expected}} in their values.")
    file: str = Field(default="", description="Path of a file that goes with the first turn.")
    files: tuple[str, ...] = Field(default=(), description="Paths of several such files.")
    tags: tuple[str, ...] = ()
    checks: tuple[dict[str, Any], ...] = Field(default=(), description="Checks of this row, beside those of the set.")


class Limits(Part):
    """How many calls may be under way at once."""

    total: int = Field(default=50, ge=1, le=1000, description="For the whole run.")
    per_model: int | None = Field(default=None, ge=1, le=1000, description="For each model; found out without it.")
    start: int = Field(default=8, ge=1, le=1000, description="Where finding out begins.")


def _form(given: Any) -> str:
    return "word" if isinstance(given, str) else "parts"


NamedModel = Annotated[Annotated[str, Tag("word")] | Annotated[Model, Tag("parts")], Discriminator(_form)]
NamedTemplate = Annotated[Annotated[str, Tag("word")] | Annotated[Template, Tag("parts")], Discriminator(_form)]
_FORMS = ("word", "parts", "path", "list")
NamedRow = Annotated[Annotated[str, Tag("word")] | Annotated[Row, Tag("parts")], Discriminator(_form)]
Rows = Annotated[
    Annotated[str, Tag("path")] | Annotated[tuple[NamedRow, ...], Tag("list")],
    Discriminator(lambda given: "path" if isinstance(given, str) else "list"),
]


class RunFile(Part):
    """The whole file. Without `models` it is a prompt set; with them it is a run."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="LLM Hub run file")

    name: str = Field(default="", description="The name of the prompt set; the file's own without it.")
    description: str = ""
    models: tuple[NamedModel, ...] = Field(default=(), description="The models to ask.")
    templates: tuple[NamedTemplate, ...] = Field(default=(), description="Ways to ask, else each row as it is.")
    rows: Rows = Field(description="The cases, or the path of a file with them.")
    checks: tuple[dict[str, Any], ...] = Field(default=(), description="Checks of every row.")
    judge: NamedModel | None = Field(default=None, description="The model that judges rubrics and pairs.")
    repeats: int = Field(default=1, ge=1, le=100, description="How often each case is asked.")
    cap: float | None = Field(default=None, gt=0, description="US dollars at most, judges included.")
    unpriced: bool = Field(default=False, description="Ask models without a known price too, outside of the cap.")
    order: Literal["rows", "models"] = Field(default="rows", description="models: one model after the other.")
    limits: Limits = Limits()
    cache: bool = Field(default=True, description="Take answers that the same question got in an earlier run.")
    baseline: str | None = Field(default=None, description="The run to compare with.")


class Wrong(Exception):
    """A part of the file does not fit: where it stands, and a sentence."""

    def __init__(self, path: tuple[int | str, ...], sentence: str) -> None:
        super().__init__(sentence)
        self.path = path


def validated(data: object) -> RunFile:
    """The file in `data`; raises Wrong with the first thing that does not fit."""
    try:
        return RunFile.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = tuple(step for step in first["loc"] if step not in _FORMS)
        place = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
        said = "is not known" if first["type"] == "extra_forbidden" else _said(first["msg"])
        raise Wrong(path, f"{place or 'the file'}: {said}") from error


def _said(message: str) -> str:
    return message[:1].lower() + message[1:].replace("valid tuple", "list")


def schema() -> dict[str, Any]:
    """The JSON schema of the file, with every kind of check in it."""
    from hub.evals.checks.kinds import MODELS

    found: dict[str, Any] = RunFile.model_json_schema()
    parts: dict[str, Any] = found["$defs"]
    for model in MODELS:
        check = model.model_json_schema(ref_template="#/$defs/{model}")
        fields = {name: _written(field) for name, field in check.get("properties", {}).items()}
        check["properties"] = {**fields, "kind": {"const": model.kind}}
        check["required"] = list(dict.fromkeys(("kind", *check.get("required", ()))))
        parts |= check.pop("$defs", {})
        parts[f"Check {model.kind}"] = check
    parts["Check"] = {"oneOf": [{"$ref": f"#/$defs/Check {model.kind}"} for model in MODELS]}
    for holder in (found, parts["Row"]):
        holder["properties"]["checks"]["items"] = {"$ref": "#/$defs/Check"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def _written(field: dict[str, Any]) -> dict[str, Any]:
    """A field of a check as it may be written: texts without quotes, and one text where several may stand."""
    if field.get("type") == "string":
        return {**field, "type": ["string", "number"]}
    if field.get("type") == "array":
        return {**field, "type": ["array", "string", "number"]}
    return field


def one_text(text: str | None, turns: tuple[str, ...] | None, where: str, what: str) -> tuple[str, ...]:
    """The turns of a row or template, of which one form may be given."""
    if text is not None and turns is not None:
        raise BadInput(f"{where} has {what} and turns.", hint="Give the one or the other.")
    return (text,) if text is not None else turns or ()
