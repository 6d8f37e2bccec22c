"""promptfoo's config as a prompt set and a run: prompts, vars, the common assertions, providers.

What has no counterpart is named with its line. JavaScript and Python of the file are never run.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, cast

import yaml

from hub.errors import BadInput
from hub.evals.reading import assertions, lines, records, table, tree
from hub.evals.reading.imported import Beside, Heard, Imported
from hub.evals.reading.promptfoo_parts import models, templates
from hub.evals.records import AS_WRITTEN, CheckData, Limits, Row, RunRequest, SetDraft

KEYS = {"prompts", "providers", "targets", "tests", "defaultTest", "scenarios"}
_QUIET = {"description", "prompts", "providers", "targets", "tests", "defaultTest", "evaluateOptions", "$schema"}
_TEST = {"vars", "assert", "description", "metadata", "options"}
_MOST_PRODUCTS = 20_000
Node = yaml.Node


def is_config(name: str, root: Node) -> bool:
    """Whether the document is a config of promptfoo, or a list of its tests."""
    if isinstance(root, yaml.MappingNode):
        return bool(KEYS & tree.pairs(name, root).keys())
    first = next(iter(tree.items(root)), None)
    return (
        isinstance(first, yaml.MappingNode)
        and bool({"vars", "assert"} & tree.pairs(name, first).keys())
        and not ({"prompt", "turns"} & tree.pairs(name, first).keys())
    )


def read(name: str, root: Node, title: str, beside: Beside | None, heard: Heard) -> Imported:
    """What the config holds; raises BadInput with its line."""
    return _Config(name, beside, heard).read(root, title)


class _Config:
    def __init__(self, name: str, beside: Beside | None, heard: Heard) -> None:
        self.name, self.beside, self.heard = name, beside, heard
        self.attachments: list[tuple[int, str]] = []

    def read(self, root: Node, title: str) -> Imported:
        top = tree.pairs(self.name, root) if isinstance(root, yaml.MappingNode) else {"tests": root}
        for key, node in top.items():
            if key not in _QUIET:
                self.skip(node, f"{key} was not taken")
        common = self.mapping(top.get("defaultTest"))
        checks = self.checks(common.get("assert"))
        for key, node in common.items():
            if key not in ("vars", "assert"):
                self.skip(node, f"defaultTest.{key} was not taken")
        shared = self.variables(common.get("vars"))
        rows = tuple(self.rows(top.get("tests"), shared))
        options = self.options(top.get("evaluateOptions"))
        asked = models(self.name, top.get("providers") or top.get("targets"), self.heard)
        asking = templates(self.name, top.get("prompts"), self.beside, self.heard)
        if not rows and shared:
            rows = (Row("", (), shared),)
        elif not rows:  # nothing varies, so what is asked is the case
            rows, asking = tuple(Row("", one.turns, system=one.system) for one in asking), (AS_WRITTEN,)
        draft = SetDraft(title, rows, asking, checks, str(self.words(top.get("description")) or ""))
        run = RunRequest("", asked, limits=options[0], repeats=options[1], cache=options[2]) if asked else None
        return Imported(draft, self.heard.all(), run=run, attachments=tuple(self.attachments))

    def skip(self, node: Node, said: str) -> None:
        self.heard.say(f"{self.name}, line {tree.line(node)}: {said}.")

    def mapping(self, node: Node | None) -> dict[str, Node]:
        if isinstance(node, yaml.MappingNode):
            return tree.pairs(self.name, node)
        if node is not None and self.words(node) is not None:
            self.skip(node, f"{self.words(node)} was not taken: a mapping stands here")
        return {}

    def words(self, node: Node | None) -> Any:
        return None if node is None else tree.words(self.name, node)

    def rows(self, node: Node | None, shared: Mapping[str, Any]) -> Iterator[Row]:
        if isinstance(node, yaml.ScalarNode):
            yield from self.from_file(node, shared)
            return
        for one in tree.items(node) if node is not None else []:
            if isinstance(one, yaml.ScalarNode):
                yield from self.from_file(one, shared)
            else:
                yield from self.test(one, shared)

    def from_file(self, node: Node, shared: Mapping[str, Any]) -> Iterator[Row]:
        path = str(node.value).removeprefix("file://")
        ending = path.lower().rpartition(".")[2]
        if self.beside is None or "*" in path or ending not in ("csv", "tsv", "jsonl", "json", "yaml", "yml"):
            self.skip(node, f"the tests in {path} were not taken; import that file by itself")
            return
        text = self.beside(path).decode("utf-8", "replace")
        if ending in ("yaml", "yml", "json"):
            inner = _Config(path, self.beside, self.heard)
            yield from inner.rows(tree.tree(path, text), shared)
            return
        found = (table.rows if ending in ("csv", "tsv") else lines.rows)(path, text, self.heard)
        for one in found:
            values = {**shared, **one.row.vars}
            yield Row(
                one.row.id, one.row.turns, values, one.row.system, one.row.expected, (), one.row.tags, one.row.checks
            )

    def test(self, node: Node, shared: Mapping[str, Any]) -> Iterator[Row]:
        parts = self.mapping(node)
        for key, inner in parts.items():
            if key not in _TEST or (key == "options" and self.words(inner)):
                self.skip(inner, f"{key} of a test was not taken")
        values = {**shared, **self.variables(parts.get("vars"))}
        if description := self.words(parts.get("description")):
            values.setdefault("description", str(description))
        metadata = self.mapping(parts.get("metadata"))
        tags = tuple(f"{key}: {records.text(self.words(one))}" for key, one in metadata.items())
        checks = self.checks(parts.get("assert"))
        for chosen in self.products(node, values):
            yield Row("", (), chosen, tags=tags, checks=checks)

    def products(self, node: Node, values: Mapping[str, Any]) -> Iterator[dict[str, str]]:
        """promptfoo makes a case of every combination of variables that are lists."""
        lists = {key: cast(list[Any], one) for key, one in values.items() if isinstance(one, list)}
        count = math.prod(max(1, len(one)) for one in lists.values())
        if count > _MOST_PRODUCTS:
            raise BadInput(f"{self.name}, line {tree.line(node)}: the lists of variables make {count:,} cases.")
        for chosen in itertools.product(*lists.values()):
            yield {key: _plain(one) for key, one in {**values, **dict(zip(lists, chosen, strict=True))}.items()}

    def variables(self, node: Node | None) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, inner in self.mapping(node).items():
            value = self.words(inner)
            if isinstance(value, str) and value.startswith("file://"):
                found[key] = self.file_text(inner, value)
            elif value is not None:
                found[key] = value
        return found

    def file_text(self, node: Node, value: str) -> str:
        path = value.removeprefix("file://")
        if self.beside is None or path.endswith((".py", ".js", ".ts", ".mjs")):
            self.skip(node, f"{value} was not read; its name stands in its place")
            return value
        return self.beside(path).decode("utf-8", "replace")

    def checks(self, node: Node | None) -> tuple[CheckData, ...]:
        made: list[CheckData] = []
        for one in tree.items(node) if node is not None else []:
            assertion: Any = tree.value(self.name, one)
            if not isinstance(assertion, dict):
                self.skip(one, "an assertion was not taken: it is no mapping")
                continue
            given = cast(dict[str, Any], assertion)
            if given.get("type") == "assert-set" and "threshold" not in given:
                made += self.checks(tree.pairs(self.name, one).get("assert"))
                continue
            check = assertions.check(given)
            if isinstance(check, str):
                self.skip(one, f"an assertion was not taken: {check}")
                continue
            made.append(check)
            if left := assertions.left_out(given):
                self.skip(one, f"{', '.join(left)} of the assertion {given['type']} was not taken")
        return tuple(made)

    def options(self, node: Node | None) -> tuple[Limits, int, bool]:
        values: dict[str, Any] = {}
        for key, inner in self.mapping(node).items():
            if key in ("maxConcurrency", "repeat", "cache"):
                values[key] = tree.value(self.name, inner)
            elif key != "showProgressBar":
                self.skip(inner, f"evaluateOptions.{key} was not taken")
        total = values.get("maxConcurrency")
        limits = Limits(total=total) if isinstance(total, int) and total > 0 else Limits()
        repeat = values.get("repeat")
        return limits, repeat if isinstance(repeat, int) and repeat > 0 else 1, values.get("cache") is not False


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else records.text(value)
