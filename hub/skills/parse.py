"""SKILL.md: YAML between two lines of three hyphens, then Markdown.

Every value is read as text, as the reference validator does, so `name: 123` and `name: yes` are names. Anchors and
aliases are refused: they are how a small file becomes a large one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import yaml

from hub.errors import BadInput
from hub.skills.records import Problem

FILE = "SKILL.md"
LONGEST = 1_000_000
"""Characters of a SKILL.md."""
LONGEST_HEAD = 64_000
_FENCE = re.compile(r"^---[ \t]*$", re.MULTILINE)
_PLAIN = re.compile(r"^(?P<key>[A-Za-z][\w-]*):[ \t]+(?P<value>[^\s\"'|>\[{&*!%@`#].*:.*|[@`%&*!].*)$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The fields as they stand (texts, lists and mappings of texts), the body, and what had to be mended to read it."""

    fields: Mapping[str, Any]
    body: str
    problems: tuple[Problem, ...] = field(default=())


class _Loader(yaml.BaseLoader):
    """Texts only; no aliases, and no key twice. `odd` is what the format's reference reader does not take."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.odd: list[str] = []

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = cast(Any, self.peek_event())  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("it holds an alias, which a skill may not")
        if getattr(event, "flow_style", False):
            self.odd.append("a list or mapping in brackets")
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            self.odd.append("an anchor or a type")
        return super().compose_node(parent, index)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        keys = [one.value for one, _ in node.value if isinstance(one, yaml.ScalarNode)]
        if len(keys) != len(node.value):
            raise yaml.YAMLError("a key is no text")
        if twice := next((one for one in keys if keys.count(one) > 1), None):
            raise yaml.YAMLError(f"the key {twice!r} stands there twice")
        return super().construct_mapping(node, deep)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def parse(text: str) -> Parsed:
    """Reads a SKILL.md leniently: what can be understood is, and what had to be mended is among the problems. Raises
    BadInput with the reason for what cannot be read."""
    problems: list[Problem] = []
    if len(text) > LONGEST:
        raise BadInput(f"{FILE} has more than {LONGEST:,} characters.")
    if not text.startswith("---"):
        cleaned = text.lstrip("\ufeff \t\r\n")
        if not cleaned.startswith("---"):
            raise BadInput(f"{FILE} does not begin with a line of three hyphens and its fields.")
        problems.append(Problem("begin", "", f"{FILE} has blank characters before its first line."))
        text = cleaned
    head, body = _parts(text.replace("\r\n", "\n"))
    fields, mended = _fields(head)
    return Parsed(fields, body, (*problems, *mended))


def _parts(text: str) -> tuple[str, str]:
    fences = list(_FENCE.finditer(text))
    if len(fences) < 2 or fences[0].start() != 0:
        raise BadInput(f"The fields at the head of {FILE} do not end with a line of three hyphens.")
    if fences[1].start() > LONGEST_HEAD:
        raise BadInput(f"The fields at the head of {FILE} have more than {LONGEST_HEAD:,} characters.")
    return text[fences[0].end() : fences[1].start()], text[fences[1].end() :].strip()


def _fields(head: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    try:
        return _load(head)
    except yaml.YAMLError as error:
        reason = _reason(error)
    except RecursionError as error:
        raise BadInput(f"The fields of {FILE} are nested too deeply.") from error
    quoted = "\n".join(map(_quoted, head.split("\n")))
    try:
        found, odd = _load(quoted)
    except yaml.YAMLError:
        raise BadInput(f"The fields of {FILE} are no YAML: {reason}.") from None
    said = f"The fields are no YAML ({reason}); they were read by quoting values that hold a colon."
    return found, (Problem("yaml", "", said), *odd)


def _load(head: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    loader = _Loader(head)
    found: Any = loader.get_single_data()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if not isinstance(found, dict):
        raise yaml.YAMLError("they are no list of names and values")
    odd = tuple(Problem("yaml_form", "", f"The fields hold {one}.") for one in dict.fromkeys(loader.odd))
    return cast("dict[str, Any]", found), odd


def _quoted(line: str) -> str:
    """A line `key: some text: more` with its value in quotes; others as they are."""
    found = _PLAIN.match(line.rstrip())
    if found is None:
        return line
    value = found["value"].replace("\\", "\\\\").replace('"', '\\"')
    return f'{found["key"]}: "{value}"'


def _reason(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or error).strip().rstrip(".")
    return f"{said}, line {mark.line + 1}" if mark is not None else said
