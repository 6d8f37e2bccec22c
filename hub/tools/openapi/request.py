"""From the arguments of a call to the request that an interface takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import quote, urlencode

import orjson

from hub.errors import BadInput
from hub.tools.openapi.records import Operation, Place

_BETWEEN = {"spaceDelimited": " ", "pipeDelimited": "|"}


@dataclass
class Request:
    """What is sent, before signing in."""

    method: str
    url: str
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content: bytes | None = None


def build(base_url: str, operation: Operation, arguments: Mapping[str, Any]) -> Request:
    """The request for a call; raises BadInput for arguments that cannot be written."""
    path, made = operation.path, Request(operation.method, "")
    body: dict[str, Any] = {}
    whole: list[Any] = []
    for name, value in arguments.items():
        place = operation.places.get(name)
        if place is None or value is None:
            continue
        if place.where == "path":
            path = path.replace(f"{{{place.name}}}", _segment(name, value))
        elif place.where == "query":
            made.query += _pairs(place, value)
        elif place.where == "header":
            made.headers[place.name] = _line(name, value)
        elif place.name:
            body[place.name] = value
        else:
            whole = [value]
    made.url = base_url.rstrip("/") + path
    if operation.body and (whole or body):
        made.headers["Content-Type"] = operation.body
        made.content = _written(operation.body, whole[0] if whole else body)
    return made


def _segment(name: str, value: Any) -> str:
    """A value in a path, which it cannot leave."""
    text = ",".join(map(_text, cast("list[Any]", value))) if isinstance(value, list) else _text(value)
    if text in {"", ".", ".."}:
        raise BadInput(f"{name} cannot be {text!r}.", hint="Nothing was sent.")
    return quote(text, safe="")


def _pairs(place: Place, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        members = [_text(one) for one in cast("list[Any]", value)]
        if place.explode and place.style == "form":
            return [(place.name, one) for one in members]
        return [(place.name, _BETWEEN.get(place.style, ",").join(members))]
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if place.style == "deepObject":
            return [(f"{place.name}[{key}]", _text(one)) for key, one in fields.items()]
        if place.explode:
            return [(key, _text(one)) for key, one in fields.items()]
        return [(place.name, ",".join(part for key, one in fields.items() for part in (key, _text(one))))]
    return [(place.name, _text(value))]


def _line(name: str, value: Any) -> str:
    text = _text(value)
    if any(ord(letter) < 32 or ord(letter) > 126 for letter in text):
        raise BadInput(f"{name} goes into a header, which takes plain letters in one line.", hint="Nothing was sent.")
    return text


def _written(kind: str, value: Any) -> bytes:
    if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
        return urlencode([(key, _text(one)) for key, one in cast("dict[str, Any]", value).items()]).encode()
    return value.encode() if isinstance(value, str) and kind == "text/plain" else orjson.dumps(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else orjson.dumps(value).decode()
