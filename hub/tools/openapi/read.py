"""From a specification (OpenAPI 3.0 or 3.1, JSON or YAML) to operations that can be called."""

from __future__ import annotations

import re
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from hub.errors import HubError
from hub.tools.openapi.records import How, Operation, Place, Scheme, Spec, Where
from hub.tools.openapi.shapes import Path, Shapes, joined
from hub.tools.openapi.text import load, wrong

MOST = 300
"""Operations of one specification."""
METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_OWN_HEADERS = frozenset({"accept", "content-type", "authorization", "host", "cookie", "content-length", "connection"})
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json\b")
_FORM = "application/x-www-form-urlencoded"
_FLOWS: dict[str, How] = {"authorizationCode": "authorization_code", "clientCredentials": "client_credentials"}
_LONGEST = 1_000


def read(text: str, source: str = "") -> Spec:
    """Reads a specification; `source` is the address that it comes from. Raises Wrong (BadInput) that names the field
    and the line of what is wrong."""
    return _Reader(text, source).spec()


class _Left(HubError):
    """An operation that becomes no tool."""


class _Reader:
    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source
        self._root = load(text)
        self._shapes = Shapes(self._root, text)
        self._names: set[str] = set()

    def spec(self) -> Spec:
        version = str(self._root.get("openapi") or "")
        if not re.match(r"3\.[01](\.|$)", version):
            said = f"version {version} is not read" if version else "it does not say openapi: 3.0 or 3.1"
            raise wrong(self._text, ("openapi",), said)
        about = self._shapes.follow(self._root.get("info", {}), ("info",))
        operations, left = self._operations()
        if not operations:
            raise wrong(self._text, ("paths",), "there is no operation that can become a tool")
        return Spec(
            str(about.get("title") or "Interface")[:80], _short(about.get("description")),
            str(about.get("version") or ""), self._servers(), tuple(operations), self._schemes(), tuple(left),
        )  # fmt: skip

    def _operations(self) -> tuple[list[Operation], list[str]]:
        made: list[Operation] = []
        left: list[str] = []
        paths = self._shapes.follow(self._root.get("paths", {}), ("paths",))
        for path, item in paths.items():
            if not path.startswith("/"):
                continue
            found = self._shapes.follow(item, ("paths", path))
            for method in METHODS:
                if method not in found:
                    continue
                if len(made) >= MOST:
                    raise wrong(self._text, ("paths",), f"there are more than {MOST} operations")
                try:
                    made.append(self._operation(path, method, found))
                except _Left as error:
                    left.append(f"{method.upper()} {path} became no tool: {error.message}")
        return made, left

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> Operation:
        where = ("paths", path, method)
        given = self._shapes.follow(item[method], where)
        fields: dict[str, Any] = {}
        needed: list[str] = []
        places: dict[str, Place] = {}
        for one in self._parameters(item, given, path, where):
            self._parameter(one, where, fields, needed, places)
        known = {place.name for place in places.values() if place.where == "path"}
        missing = [name for name in re.findall(r"{([^}]*)}", path) if name not in known]
        if missing:
            raise wrong(self._text, (*where, "parameters"), f"{missing[0]} of the path is not described")
        body = self._body(given, where, fields, needed, places)
        shape = {"type": "object", "properties": fields, "required": needed, "additionalProperties": False}
        about = _short(given.get("summary")), _short(given.get("description"))
        words = ". ".join(dict.fromkeys(part.rstrip(".") for part in about if part)) or f"{method.upper()} {path}"
        name = self._name(str(given.get("operationId") or f"{method}_{path}"))
        return Operation(name, method.upper(), path, words[:_LONGEST], shape, places, body)

    def _parameters(self, item: dict[str, Any], given: dict[str, Any], path: str, where: Path) -> list[dict[str, Any]]:
        """The parameters of an operation with those of its path; its own win."""
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for owner, at in ((item, where[:-1]), (given, where)):
            listed = owner.get("parameters", [])
            if not isinstance(listed, list):
                raise wrong(self._text, (*at, "parameters"), "a list is expected here")
            for place, one in enumerate(cast("list[Any]", listed)):
                here = (*at, "parameters", str(place))
                parameter = self._shapes.follow(one, here)
                if not parameter.get("name") or parameter.get("in") not in {"path", "query", "header", "cookie"}:
                    raise wrong(self._text, here, "a parameter needs a name and where it goes (in)")
                found[(str(parameter["in"]), str(parameter["name"]))] = parameter
        return list(found.values())

    def _parameter(
        self, one: dict[str, Any], where: Path, fields: dict[str, Any], needed: list[str], places: dict[str, Place]
    ) -> None:
        kind, name = str(one["in"]), str(one["name"])
        if kind == "cookie":
            if one.get("required"):
                raise _Left(f"it needs the cookie {name}.")
            return
        if kind == "header" and name.lower() in _OWN_HEADERS:
            return
        at = (*where, "parameters", name, "content")
        content = self._shapes.follow(one.get("content") or {}, at)
        media = self._shapes.follow(next(iter(content.values())), at) if content else content
        schema: Any = one.get("schema", media.get("schema", {}))
        made = self._shapes.schema(schema, (*where, "parameters", name, "schema"))
        if one.get("description"):
            made["description"] = _short(one["description"])
        argument = _free(name, fields, kind)
        fields[argument] = made
        style = str(one.get("style") or ("form" if kind == "query" else "simple"))
        places[argument] = Place(cast("Where", kind), name, style, bool(one.get("explode", style == "form")))
        if one.get("required") or kind == "path":
            needed.append(argument)

    def _body(
        self, given: dict[str, Any], where: Path, fields: dict[str, Any], needed: list[str], places: dict[str, Place]
    ) -> str:
        """Adds the fields of the body to the arguments; its MIME type, empty without one."""
        if "requestBody" not in given:
            return ""
        at = (*where, "requestBody")
        body = self._shapes.follow(given["requestBody"], at)
        content = self._shapes.follow(body.get("content", {}), (*at, "content"))
        kind = next((kind for kind in content if _JSON.match(kind)), _FORM if _FORM in content else "")
        kind = kind or ("text/plain" if "text/plain" in content else "")
        if not kind:
            if body.get("required"):
                raise _Left(f"its body is {', '.join(content) or 'not described'}, which is not written.")
            return ""
        media = self._shapes.follow(content[kind], (*at, "content", kind))
        schema = joined(self._shapes.schema(media.get("schema", {}), (*at, "content", kind, "schema")))
        parts = schema.get("properties")
        if isinstance(parts, dict) and parts and not {"oneOf", "anyOf"} & schema.keys():
            for name, one in cast("dict[str, Any]", parts).items():
                argument = _free(name, fields, "body")
                fields[argument], places[argument] = one, Place("body", name)
                if name in schema.get("required", []):
                    needed.append(argument)
            return kind
        argument = _free("body", fields, "whole")
        fields[argument], places[argument] = schema or {"description": "The body."}, Place("body", "")
        if body.get("required"):
            needed.append(argument)
        return kind

    def _servers(self) -> tuple[str, ...]:
        """The absolute addresses of the servers, variables at their defaults."""
        found: list[str] = []
        listed = self._root.get("servers") or [{"url": "/"}]
        for place, one in enumerate(cast("list[Any]", listed) if isinstance(listed, list) else []):
            given = self._shapes.follow(one, ("servers", str(place)))
            url = str(given.get("url") or "")
            for name, variable in self._shapes.follow(given.get("variables") or {}, ("servers", str(place))).items():
                value = self._shapes.follow(variable, ("servers", str(place), "variables", name)).get("default", "")
                url = url.replace(f"{{{name}}}", str(value))
            url = urljoin(self._source, url) if self._source else url
            if urlsplit(url).scheme in {"http", "https"}:
                found.append(url.rstrip("/"))
        return tuple(dict.fromkeys(found))

    def _schemes(self) -> tuple[Scheme, ...]:
        """The ways to sign in that can be used here."""
        parts = self._shapes.follow(self._root.get("components", {}), ("components",))
        listed = self._shapes.follow(parts.get("securitySchemes", {}), ("components", "securitySchemes"))
        found: list[Scheme] = []
        for name, one in listed.items():
            given = self._shapes.follow(one, ("components", "securitySchemes", name))
            kind, scheme = given.get("type"), str(given.get("scheme") or "").lower()
            if kind == "apiKey" and given.get("in") in {"header", "query"}:
                found.append(Scheme(given["in"], str(given.get("name") or "")))
            elif kind == "http" and scheme in {"bearer", "basic"}:
                found.append(Scheme("bearer" if scheme == "bearer" else "basic"))
            elif kind == "oauth2":
                flows = self._shapes.follow(given.get("flows", {}), ("components", "securitySchemes", name, "flows"))
                for named, how in _FLOWS.items():
                    if named in flows:
                        flow = self._shapes.follow(flows[named], ("components", "securitySchemes", name, "flows"))
                        scopes = tuple(map(str, flow.get("scopes") or ()))
                        urls = (self._absolute(flow.get(one)) for one in ("tokenUrl", "authorizationUrl"))
                        found.append(Scheme(how, "", next(urls), scopes, next(urls)))
        return tuple(found)

    def _absolute(self, url: Any) -> str:
        url = str(url or "")
        return urljoin(self._source, url) if self._source and url else url

    def _name(self, wanted: str) -> str:
        short = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_-]", "_", wanted)).strip("_")[:56] or "operation"
        name, number = short, 2
        while name in self._names:
            name, number = f"{short}_{number}", number + 1
        self._names.add(name)
        return name


def _free(name: str, fields: dict[str, Any], kind: str) -> str:
    """A name for an argument that no other has."""
    clean = re.sub(r"[^A-Za-z0-9_.-]", "_", name) or kind
    while clean in fields:
        clean = f"{kind}_{clean}"
    return clean


def _short(value: Any) -> str:
    return " ".join(str(value or "").split())[:_LONGEST]
