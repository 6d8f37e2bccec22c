"""The format: every limit of every field, with the reference validator beside ours."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import skills_ref
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.errors import BadInput
from hub.skills import validate
from hub.skills.package import Package, understand
from hub.skills.parse import parse


def codes(fields: dict[str, Any], folder: str | None = None) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in validate.problems(fields, folder)}


def fields(**more: Any) -> dict[str, Any]:
    return {
        "name": "brew-tea",
        "description": "Brews tea.",
        **{key.replace("_", "-"): one for key, one in more.items()},
    }


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a", None),
        ("a" * 64, None),
        ("a" * 65, "too_long"),
        ("", "empty"),
        ("  ", "empty"),
        (["brew"], "empty"),
        ("Brew", "upper_case"),
        ("-brew", "edge_hyphen"),
        ("brew-", "edge_hyphen"),
        ("brew--tea", "double_hyphen"),
        ("brew_tea", "characters"),
        ("brew tea", "characters"),
        ("tee-brühen", None),
        ("泡茶", None),
        ("123", None),
        ("\uff42rew", None),
    ],
)
def test_a_name(name: Any, code: str | None) -> None:
    assert codes(fields(name=name)) == ({("name", code)} if code else set())


def test_a_name_is_that_of_its_folder() -> None:
    assert codes(fields(), "brew-tea") == set()
    assert codes(fields(), "tea") == {("name", "folder")}
    assert codes(fields(name="caf\u00e9"), "cafe\u0301") == set()


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("description", "a", None),
        ("description", "a" * 1024, None),
        ("description", "a" * 1025, "too_long"),
        ("description", "", "empty"),
        ("description", " ", "empty"),
        ("description", ["a"], "no_text"),
        ("compatibility", "a", None),
        ("compatibility", "a" * 500, None),
        ("compatibility", "a" * 501, "too_long"),
        ("compatibility", "", "empty"),
        ("compatibility", {"a": "b"}, "no_text"),
        ("license", "MIT", None),
        ("license", ["MIT"], "no_text"),
        ("allowed-tools", "Read Bash(git:*)", None),
        ("allowed-tools", ["Read", "Bash"], "no_text"),
        ("metadata", {"author": "me"}, None),
        ("metadata", {"author": ["me"]}, "no_text"),
        ("metadata", {"author": {"a": "b"}}, "no_text"),
        ("metadata", "me", "no_mapping"),
        ("type", "tool", "unknown_field"),
        ("version", "1", "unknown_field"),
    ],
)
def test_a_field(key: str, value: Any, code: str | None) -> None:
    assert codes({**fields(), key: value}) == ({(key, code)} if code else set())


def test_what_is_missing_is_said() -> None:
    assert codes({}) == {("name", "missing"), ("description", "missing")}


def test_numbers_and_truths_are_texts() -> None:
    found = parse("---\nname: 123\ndescription: yes\nmetadata:\n  version: 1.0\n---\nBody").fields
    assert found == {"name": "123", "description": "yes", "metadata": {"version": "1.0"}}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Tea", "does not begin"),
        ("", "does not begin"),
        ("---\nname: a\n", "do not end"),
        ("---\n- a\n---\n", "no list of names and values"),
        ("---\nname: [a\n---\n", "no YAML"),
        ("---\nname: a\nname: b\ndescription: c\n---\n", "stands there twice"),
        ("---\nmetadata:\n  - &a x\n  - *a\n---\n", "alias"),
        ("---\n" + "{" * 5000 + "\n---\n", "nested too deeply"),
        ("---\nname: " + "a" * 70_000 + "\n---\n", "more than 64,000"),
        ("---\nname: a\n---\n" + "b" * 1_000_001, "more than 1,000,000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        parse(text)


def test_values_with_colons_are_read_by_quoting_them() -> None:
    found = parse('---\nname: a\ndescription: Use when: the user says "go": now\n---\nBody')
    assert found.fields["description"] == 'Use when: the user says "go": now'
    assert [one.code for one in found.problems] == ["yaml"]


def test_a_byte_order_mark_and_windows_lines_are_read() -> None:
    found = parse("\ufeff---\r\nname: a\r\ndescription: b\r\n---\r\nOne\r\nTwo\r\n")
    assert (found.body, [one.code for one in found.problems]) == ("One\nTwo", ["begin"])


def test_import_is_lenient_and_lists_what_it_mended() -> None:
    text = "---\nname: Brew Tea!\ndescription: Brews.\ntype: drink\nallowed-tools: [Read, Bash]\n---\nBody"
    found = understand(Package(text, folder="tea"))
    assert (found.name, found.text("allowed-tools")) == ("brew-tea", "Read Bash")
    assert {one.field for one in found.problems} == {"", "name", "type", "allowed-tools"}


def test_a_skill_without_a_name_has_that_of_its_folder() -> None:
    assert understand(Package("---\ndescription: Brews.\n---\n", folder="Tea time")).name == "tea-time"
    with pytest.raises(BadInput, match="no description"):
        understand(Package("---\nname: tea\n---\n", folder="tea"))
    with pytest.raises(BadInput, match="no name"):
        understand(Package("---\ndescription: Brews.\n---\n"))


_words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=80)
_names = st.one_of(st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,4}", fullmatch=True), _words)
_heads = st.fixed_dictionaries(
    {},
    optional={
        "name": _names,
        "description": st.one_of(_words, st.integers(1000, 1050).map("d".__mul__)),
        "compatibility": st.one_of(st.text("abc ", min_size=1), st.integers(490, 510).map("c".__mul__)),
        "license": st.just("MIT"),
        "allowed-tools": st.just("Read Bash"),
        "metadata": st.dictionaries(st.text("abc", min_size=1, max_size=5), st.text("xyz", min_size=1), max_size=3),
        "effort": st.just("high"),
    },
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_heads, st.booleans())
def test_our_verdict_is_that_of_the_reference(head: dict[str, Any], renamed: bool) -> None:
    text = f"---\n{_block(head)}---\n\nBody\n"
    if "---" in _block(head):
        return  # the reference ends the head at the first three hyphens, wherever they stand
    name = head.get("name", "skill")
    folder = "skill" if renamed or not name.strip(". ") or "/" in name or len(name.encode()) > 200 else name.strip()
    with tempfile.TemporaryDirectory() as root:
        place = Path(root) / folder
        place.mkdir()
        (place / "SKILL.md").write_text(text, encoding="utf-8")
        theirs = skills_ref.validate(place)
    try:
        found = parse(text)
        ours = [*found.problems, *validate.problems(found.fields, folder)]
    except BadInput as error:
        ours = [error]
    stricter = {("compatibility", "empty"), ("metadata", "no_mapping")}
    if not ({(getattr(one, "field", ""), getattr(one, "code", "")) for one in ours} & stricter):
        assert bool(ours) == bool(theirs), (text, ours, theirs)


def _block(head: dict[str, Any]) -> str:
    """YAML that the strict reader of the reference takes as well."""
    return yaml.safe_dump(head, allow_unicode=True, default_flow_style=False, width=100_000) if head else ""


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_no_text_makes_the_reader_fail_otherwise(text: str) -> None:
    for one in (text, f"---\n{text}\n---\nBody"):
        try:
            understand(Package(one, folder="skill"))
        except BadInput:
            pass
