"""promptfoo's config as a prompt set and a run: prompts, vars, the common assertions, providers.

What has no counterpart is named with its line. JavaScript and Python of the file are never run.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import yaml

from hub.errors import BadInput
from hub.evals.reading import assertions, records, table, tree
from hub.evals.reading.imported import Beside, Heard, Imported
from hub.evals.reading.promptfoo_parts import models, templates
from hub.evals.reading.text import decoded
from hub.evals.records import AS_WRITTEN, Asked, CheckData, Limits, Row, RunRequest, SetDraft
from hub.evals.set_content import LONGEST_NAME

KEYS = {"prompts", "providers", "targets", "tests", "defaultTest", "scenarios"}
_QUIET = {"description", "prompts", "providers", "targets", "tests", "defaultTest", "evaluateOptions", "$schema"}
_PARTS = "Templates"
"""Keys that end so hold parts that `$ref` names."""
_TEST = {"vars", "assert", "description", "metadata", "options"}
_OURS = {"id", "prompt", "turns", "system", "expected", "file", "files", "tags", "checks"}
"""Keys of our rows that promptfoo's tests do not have."""
_MOST_PRODUCTS = 20_000
Node = yaml.Node


def is_config(name: str, root: Node) -> bool:
    """Whether the document is a config of promptfoo, or a list of its tests."""
    if isinstance(root, yaml.MappingNode):
        return bool(KEYS & tree.pairs(name, root).keys())
    first = next(iter(tree.items(root)), None)
    keys = tree.pairs(name, first).keys() if isinstance(first, yaml.MappingNode) else set[str]()
    return "assert" in keys or ("vars" in keys and not keys & _OURS)


def read(name: str, root: Node, title: str, beside: Beside | None, heard: Heard) -> Imported:
    """What the config holds; raises BadInput with its line."""
    return _Config(name, root, beside, heard).read(title)


class _Config:
    """`inside` is set for a file that another one names: it may name no further tests, which could go round."""

    def __init__(self, name: str, root: Node, beside: Beside | None, heard: Heard, *, inside: bool = False) -> None:
        self.name, self.root, self.beside, self.heard, self.inside = name, root, beside, heard, inside

    def read(self, title: str) -> Imported:
        root = self.root
        top = tree.pairs(self.name, root) if isinstance(root, yaml.MappingNode) else {"tests": root}
        for key, node in top.items():
            if key not in _QUIET and not key.endswith(_PARTS):
                self.skip(node, f"{key} was not taken")
        common = self.mapping(top.get("defaultTest"))
        checks, shared = self.checks(common.get("assert")), self.variables(common.get("vars"))
        judge = self.judge(common)
        rows = tuple(self.rows(top.get("tests"), shared))
        limits, repeats, cache = self.options(top.get("evaluateOptions"))
        asked = models(self.name, top.get("providers") or top.get("targets"), self.heard)
        asking = templates(self.name, top.get("prompts"), self.beside, self.heard)
        if not rows and shared and top.get("prompts"):
            rows = tuple(Row("", (), chosen) for chosen in self.products(root, shared))
        elif not rows:  # nothing varies, so what is asked is the case
            rows, asking = tuple(Row("", one.turns, system=one.system) for one in asking), (AS_WRITTEN,)
        description = " ".join(str(self.words(top.get("description")) or "").split())
        named = description[:LONGEST_NAME] if title.startswith("promptfooconfig") else ""
        draft = SetDraft(named or title, rows, asking, checks, description)
        run = RunRequest("", asked, judge=judge, limits=limits, repeats=repeats, cache=cache) if asked else None
        return Imported(draft, run=run)

    def judge(self, common: Mapping[str, Node]) -> Asked | None:
        """The model that grades, if the options of all tests name one; what else is common to them is named."""
        for key, node in common.items():
            if key not in ("vars", "assert", "options"):
                self.skip(node, f"defaultTest.{key} was not taken")
        options = self.mapping(common.get("options"))
        for key, node in options.items():
            if key != "provider":
                self.skip(node, f"defaultTest.options.{key} was not taken")
        return next(iter(models(self.name, options.get("provider"), self.heard)), None)

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
        if (
            self.beside is None
            or self.inside
            or "*" in path
            or ending not in ("csv", "tsv", "jsonl", "json", "yaml", "yml")
        ):
            self.skip(node, f"the tests in {path} were not taken; import that file by itself")
            return
        text = decoded(path, self.beside(path), self.heard)
        if ending in ("csv", "tsv"):
            for one in table.rows(path, text, self.heard, of_promptfoo=True):
                for chosen in self.products(node, {**shared, **one.row.vars}):
                    yield replace(one.row, vars=chosen)
            return
        cases = {path: text}
        if ending == "jsonl":
            cases = {f"{path} {number}": case for number, case in enumerate(text.split("\n"), 1) if case.strip()}
        for name, case in cases.items():
            found = tree.tree(name, case)
            inner = _Config(name, found, self.beside, self.heard, inside=True)
            yield from inner.test(found, shared) if ending == "jsonl" else inner.rows(found, shared)

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
            if isinstance(assertion, dict) and "$ref" in assertion:
                assertion = self.referred(str(cast(dict[str, Any], assertion)["$ref"]))
            if not isinstance(assertion, dict):
                self.skip(one, "an assertion was not taken: it is no mapping, or what it refers to is not there")
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

    def referred(self, path: str) -> Any:
        """The part of the file that "#/a/b" names; None when there is none."""
        found: Any = tree.value(self.name, self.root)
        for step in path.removeprefix("#/").split("/"):
            found = cast(dict[str, Any], found).get(step) if isinstance(found, dict) else None
        return found

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
