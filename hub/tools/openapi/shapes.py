"""JSON schemas out of a specification: references filled in, what only OpenAPI knows left out or translated."""

from __future__ import annotations

from typing import Any, cast

from hub.tools.openapi.text import wrong

DEEPEST = 12
_LEFT_OUT = frozenset(
    {"example", "examples", "xml", "externalDocs", "discriminator", "deprecated", "nullable", "readOnly", "writeOnly"}
)
_LONGEST = 600
"""Characters of a description."""
Path = tuple[str, ...]


class Shapes:
    """The schemas of one specification. `text` is only for the lines of what is wrong."""

    def __init__(self, root: dict[str, Any], text: str) -> None:
        self._root, self._text = root, text

    def follow(self, node: Any, path: Path) -> dict[str, Any]:
        """An object, or what it refers to; raises Wrong."""
        for _ in range(DEEPEST):
            if not isinstance(node, dict):
                raise wrong(self._text, path, "an object is expected here")
            given = cast("dict[str, Any]", node)
            if "$ref" not in given:
                return given
            node = self._named(str(given["$ref"]), (*path, "$ref"))
        raise wrong(self._text, path, "its references lead in a circle")

    def schema(self, node: Any, path: Path, inside: tuple[str, ...] = ()) -> dict[str, Any]:
        """A schema without references; raises Wrong. What contains itself, or lies too deep, becomes any object."""
        if isinstance(node, bool):
            return {} if node else {"not": {}}
        if not isinstance(node, dict):
            raise wrong(self._text, path, "a schema is expected here")
        given = cast("dict[str, Any]", node)
        if "$ref" in given:
            name = str(given["$ref"])
            if name in inside or len(inside) >= DEEPEST:
                return {"type": "object", "description": f"As {name.rpartition('/')[2]} above."}
            more = {key: given[key] for key in ("description", "default") if key in given}
            return self.schema(self._named(name, (*path, "$ref")), path, (*inside, name)) | more
        if len(path) > 4 * DEEPEST:
            return {"type": "object"}
        return self._translated(given, path, inside)

    def _translated(self, given: dict[str, Any], path: Path, inside: tuple[str, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in given.items():
            if key in _LEFT_OUT or key.startswith("x-"):
                continue
            made[key] = self._part(key, value, (*path, key), inside)
        for key, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            flag = made.get(key)  # a truth value in OpenAPI 3.0, a number after it
            if flag is True and bound in made:
                made[key] = made.pop(bound)
            elif isinstance(flag, bool):
                del made[key]
        if given.get("nullable") and isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
        hidden = {name for name, one in _fields(given).items() if _read_only(one)}
        if hidden:
            made["properties"] = {name: one for name, one in made["properties"].items() if name not in hidden}
            made["required"] = [name for name in made.get("required", []) if name not in hidden]
        return made

    def _part(self, key: str, value: Any, path: Path, inside: tuple[str, ...]) -> Any:
        if key == "description":
            return " ".join(str(value).split())[:_LONGEST]
        if key in {"properties", "patternProperties"} and isinstance(value, dict):
            fields = cast("dict[str, Any]", value)
            return {name: self.schema(one, (*path, name), inside) for name, one in fields.items()}
        if key in {"items", "not", "additionalProperties"} and isinstance(value, dict):
            return self.schema(value, path, inside)
        if key in {"allOf", "anyOf", "oneOf"} and isinstance(value, list):
            some = cast("list[Any]", value)
            return [self.schema(one, (*path, str(place)), inside) for place, one in enumerate(some)]
        return value

    def _named(self, reference: str, path: Path) -> Any:
        if not reference.startswith("#/"):
            raise wrong(self._text, path, f"{reference[:80]} leads out of the specification, which is not followed")
        node: Any = self._root
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(node, dict) or name not in node:
                raise wrong(self._text, path, f"there is no {reference[:80]}")
            node = cast("dict[str, Any]", node)[name]
        return node


def joined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose `allOf` parts are objects, as one object."""
    parts = schema.get("allOf")
    if not isinstance(parts, list):
        return schema
    made = {key: value for key, value in schema.items() if key != "allOf"}
    fields, needed = dict(_fields(schema)), list(schema.get("required", []))
    for part in map(joined, cast("list[dict[str, Any]]", parts)):
        if not _fields(part):
            return schema
        fields |= _fields(part)
        needed += part.get("required", [])
    return {**made, "type": "object", "properties": fields, "required": list(dict.fromkeys(needed))}


def _read_only(field: Any) -> bool:
    return isinstance(field, dict) and cast("dict[str, Any]", field).get("readOnly") is True


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    found = schema.get("properties")
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}
