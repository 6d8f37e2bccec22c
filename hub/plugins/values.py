"""Settings of a plugin: a pydantic model named `Settings` in its module. Secrets are encrypted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from hub.db.secrets import decrypt, encrypt
from hub.errors import BadInput, NotFound
from hub.plugins import finding, store
from hub.plugins.records import Field, FieldKind

Schema = dict[str, Any]
_KINDS: dict[str, FieldKind] = {"boolean": "switch", "integer": "whole", "number": "number", "string": "text"}


def settings(name: str) -> Any:
    """The settings of the plugin `name`, as an instance of its `Settings`; not while its module is being imported.

    Raises NotFound without such a model, and BadInput when what is stored does not fit it (any more).
    """
    model = model_of(name)
    if model is None:
        raise NotFound(f"The plugin {name} has no settings.")
    return _valid(name, model, _stored(name, model))


def fields(name: str) -> tuple[Field, ...]:
    """The settings as a form shows them; empty for a plugin without."""
    model = model_of(name)
    if model is None:
        return ()
    schema = model.model_json_schema()
    row = store.rows().get(name, {})
    return tuple(_field(key, part, schema, row) for key, part in _parts(schema).items())


def save(name: str, changes: Mapping[str, Any]) -> None:
    """Stores settings. Fields that are left out stay as they are; None takes what is stored of a field away. Raises
    BadInput, which names the fields, and nothing is stored then."""
    model = model_of(name)
    if model is None:
        raise NotFound(f"The plugin {name} has no settings.")
    unknown = changes.keys() - model.model_fields.keys()
    if unknown:
        raise BadInput(f"The plugin {name} has no setting named {' or '.join(sorted(unknown))}.")
    values = {key: value for key, value in (_stored(name, model) | dict(changes)).items() if value is not None}
    valid = _valid(name, model, values)
    hidden = _secret_names(model)
    plain = {key: value for key, value in valid.model_dump(mode="json").items() if key not in hidden and key in values}
    secrets = {key: encrypt(json.dumps(value)) for key, value in values.items() if key in hidden}
    store.change(name, {"settings": plain, "secrets": secrets})


def model_of(name: str) -> type[BaseModel] | None:
    """The model of a plugin's settings, if it has one."""
    found = finding.named(name)
    model = getattr(found.plugin, "Settings", None) if found else None
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _stored(name: str, model: type[BaseModel]) -> dict[str, Any]:
    row = store.rows().get(name, {})
    secrets = {key: json.loads(decrypt(value)) for key, value in row.get("secrets", {}).items()}
    return {key: value for key, value in (row.get("settings", {}) | secrets).items() if key in model.model_fields}


def _valid(name: str, model: type[BaseModel], values: Mapping[str, Any]) -> BaseModel:
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        # Without the input, which may be a secret.
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'together'}: {one['msg']}" for one in error.errors())
        hint = "Nothing was changed. An administrator mends them under Settings, About."
        raise BadInput(f"The settings of {name} cannot be used. {wrong}.", hint=hint) from error


def _parts(schema: Schema) -> dict[str, Schema]:
    return cast("dict[str, Schema]", schema.get("properties", {}))


def _secret_names(model: type[BaseModel]) -> set[str]:
    schema = model.model_json_schema()
    return {key for key, part in _parts(schema).items() if _hidden(_resolved(part, schema), schema)}


def _hidden(part: Schema, schema: Schema) -> bool:
    """Whether a secret is in it, at whatever depth."""
    text = json.dumps(part)
    return '"password"' in text or ("#/$defs/" in text and '"password"' in json.dumps(schema.get("$defs", {})))


def _resolved(part: Schema, schema: Schema) -> Schema:
    """The part itself, behind references and beside null."""
    options = [one for one in part.get("anyOf", ()) if one.get("type") != "null"]
    if len(options) == 1:
        return _resolved(options[0], schema)
    if "$ref" in part:
        return schema.get("$defs", {}).get(str(part["$ref"]).rpartition("/")[2], {})
    return part


def _field(key: str, part: Schema, schema: Schema, row: Mapping[str, Any]) -> Field:
    whole = _resolved(part, schema)
    kind, hidden = _kind(whole), _hidden(whole, schema)
    value = row.get("settings", {}).get(key, part.get("default"))
    return Field(
        key,
        str(part.get("title") or key),
        str(part.get("description") or ""),
        "secret" if hidden else kind,
        None if hidden else value,
        tuple(whole.get("enum", ())),
        key in schema.get("required", ()),
        key in row.get("secrets", {}),
    )


def _kind(whole: Schema) -> FieldKind:
    if "enum" in whole:
        return "choice"
    if whole.get("type") == "array" and whole.get("items", {}).get("type") == "string":
        return "lines"
    return _KINDS.get(str(whole.get("type")), "json")
