"""YAML (and JSON, which is nearly YAML) as a tree that knows its lines.

Nothing in it is executed, tags of one's own are refused, and what would grow without end (aliases of aliases, deep
nesting) is refused before it is built. Words are words: only true, false, null and numbers are not text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import yaml

from hub.errors import BadInput

LARGEST = 10_000_000
MOST_NODES = 1_000_000
DEEPEST = 60
_STANDARD = "tag:yaml.org,2002:"
_TAGS = {"!", *(_STANDARD + kind for kind in ("str", "int", "float", "bool", "null", "seq", "map"))}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None}
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def tree(name: str, text: str) -> yaml.Node:
    """The root of the document; raises BadInput with the line of what is wrong."""
    if len(text) > LARGEST:
        raise BadInput(
            f"{name} has {len(text) / 1e6:,.0f} MB; {LARGEST // 1_000_000} MB of YAML are the most.",
            hint="Put the rows into a CSV or JSONL file and name it under rows.",
        )
    try:
        _check_events(name, text)
        root: Any = cast(Any, yaml).compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadInput(f"{name}, line {mark.line + 1 if mark else 1}: {error.problem or error.context}.") from error
    except yaml.YAMLError as error:
        raise BadInput(f"{name} cannot be read as YAML: {error}.") from error
    if root is None:
        raise BadInput(f"{name} is empty.")
    _weigh(name, root, {})
    return root


def line(node: yaml.Node) -> int:
    """The line on which a node begins."""
    return int(node.start_mark.line) + 1


def value(name: str, node: yaml.Node) -> Any:
    """What a node says, as dict, list, str, int, float, bool or None."""
    if isinstance(node, yaml.MappingNode):
        return {key: value(name, inner) for key, inner in pairs(name, node).items()}
    if isinstance(node, yaml.SequenceNode):
        return [value(name, inner) for inner in _nodes(node)]
    return _scalar(node)


def words(name: str, node: yaml.Node) -> Any:
    """As `value`, but numbers and truth values stay the text that they are written as: 007 and 1.10 keep their form."""
    if isinstance(node, yaml.MappingNode):
        return {key: words(name, inner) for key, inner in pairs(name, node).items()}
    if isinstance(node, yaml.SequenceNode):
        return [words(name, inner) for inner in _nodes(node)]
    return None if _scalar(node) is None else str(node.value)


def pairs(name: str, node: yaml.Node) -> dict[str, yaml.Node]:
    """The entries of a mapping; "<<" brings in those of another. Raises BadInput for a key that stands twice."""
    found: dict[str, yaml.Node] = {}
    merged: dict[str, yaml.Node] = {}
    for key, inner in cast(list[tuple[yaml.Node, yaml.Node]], node.value):
        if not isinstance(key, yaml.ScalarNode):
            raise BadInput(f"{name}, line {line(key)}: a key must be a word.")
        if key.value == "<<" and not key.style:
            for one in _nodes(inner) if isinstance(inner, yaml.SequenceNode) else [inner]:
                if isinstance(one, yaml.MappingNode):
                    merged = {**pairs(name, one), **merged}
            continue
        if key.value in found:
            raise BadInput(f"{name}, line {line(key)}: {key.value} stands twice.")
        found[str(key.value)] = inner
    return {**merged, **found}


def items(node: yaml.Node) -> list[yaml.Node]:
    """The items of a list, empty for anything else."""
    return _nodes(node) if isinstance(node, yaml.SequenceNode) else []


def at(name: str, node: yaml.Node, path: Sequence[int | str]) -> yaml.Node:
    """The node that lies nearest to `path`."""
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = pairs(name, node).get(str(step), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = _nodes(node)[step]
    return node


def _nodes(node: yaml.Node) -> list[yaml.Node]:
    return cast(list[yaml.Node], node.value)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None):  # in quotes, or a block
        return text
    if text in _WORDS:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _check_events(name: str, text: str) -> None:
    """Looks through the document without building it."""
    depth = 0
    for count, event in enumerate(cast(Any, yaml).parse(text, Loader=yaml.CSafeLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST or count > MOST_NODES:
            what = "is nested too deeply" if depth > DEEPEST else f"has more than {MOST_NODES:,} parts"
            raise BadInput(f"{name}, line {event.start_mark.line + 1}: the file {what}.")
        tag = getattr(event, "tag", None)
        if tag and tag not in _TAGS:
            raise BadInput(f"{name}, line {event.start_mark.line + 1}: the tag {tag} is not taken.")


def _weigh(name: str, node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes there are once every alias is written out."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) in known:
        if known[id(node)] < 0:
            raise BadInput(f"{name}, line {line(node)}: this part contains itself.")
        return known[id(node)]
    known[id(node)] = -1
    inner = _nodes(node) if isinstance(node, yaml.SequenceNode) else [part for pair in node.value for part in pair]
    known[id(node)] = weight = 1 + sum(_weigh(name, one, known) for one in inner)
    if weight > MOST_NODES:
        raise BadInput(f"{name}, line {line(node)}: with its aliases written out this has over {MOST_NODES:,} parts.")
    return weight
