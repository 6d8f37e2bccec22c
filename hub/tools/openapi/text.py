"""The text of a specification as plain data, with the line of every field for the sentence about what is wrong."""

from __future__ import annotations

import json
from typing import Any, cast

import yaml

from hub.errors import BadInput

LONGEST = 4_000_000
"""Characters."""
_untyped: Any = yaml
_HINT = "Nothing was added. Mend the specification and add it again."


class _Plain(yaml.CSafeLoader):
    """YAML in which dates stay text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class Wrong(BadInput):
    """A specification that cannot be used; the message names the field, and its line where it is known."""

    kind = "bad_specification"


def load(text: str) -> dict[str, Any]:
    """The specification in `text`, JSON or YAML; raises Wrong."""
    if len(text) > LONGEST:
        raise Wrong(f"The specification has more than {LONGEST // 1_000_000} MB.", hint=_HINT)
    try:
        found = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    except json.JSONDecodeError as error:
        raise Wrong(f"Line {error.lineno} is not JSON: {error.msg}.", hint=_HINT) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"Line {mark.line + 1}" if mark else "It"
        raise Wrong(f"{where} is not YAML: {getattr(error, 'problem', None) or 'it is broken'}.", hint=_HINT) from error
    except RecursionError as error:
        raise Wrong("The specification is nested too deep.", hint=_HINT) from error
    if not isinstance(found, dict):
        raise Wrong("The specification is no object with fields.", hint=_HINT)
    return cast("dict[str, Any]", _texts(found))


def wrong(text: str, path: tuple[str, ...], why: str) -> Wrong:
    """The error for a field: `path` is how one gets to it."""
    line = _line(text, path)
    where = f" (line {line})" if line else ""
    return Wrong(f"{'.'.join(path) or 'The specification'}{where}: {why}.", hint=_HINT)


def _json(text: str) -> Any:
    return json.loads(text)


def _yaml(text: str) -> Any:
    # An alias may stand for a thing with a thousand aliases of its own.
    events: Any = _untyped.parse(text, Loader=_Plain)
    for event in events:
        if isinstance(event, _untyped.AliasEvent):
            raise Wrong(f"Line {event.start_mark.line + 1} has a YAML alias, which is not taken.", hint=_HINT)
    return _untyped.load(text, Loader=_Plain)


def _texts(value: Any) -> Any:
    """With texts for keys: YAML reads `200:` as a number."""
    if isinstance(value, dict):
        return {str(key): _texts(one) for key, one in cast("dict[Any, Any]", value).items()}
    return [_texts(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value


def _line(text: str, path: tuple[str, ...]) -> int:
    """The line of the last field of a path that is there; 0 when it cannot be told."""
    try:
        node: Any = _untyped.compose(text.replace("\t", " "), Loader=_Plain)
    except yaml.YAMLError:
        return 0
    line = 0
    for name in path:
        if isinstance(node, yaml.MappingNode):
            pairs = cast("list[tuple[Any, Any]]", node.value)
            found = next(((key, value) for key, value in pairs if key.value == name), None)
        elif isinstance(node, yaml.SequenceNode) and name.isdigit() and int(name) < len(node.value):
            one: Any = node.value[int(name)]
            found = (one, one)
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line
