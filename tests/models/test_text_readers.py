"""Reasoning tags and printed tool calls in streamed text."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.models.text_tools import TextTools
from hub.models.think import ThinkTags
from hub.models.types import Reasoning, ToolUse

CALL = '{"name": "weather", "arguments": {"city": "Oslo {\\"x\\"}"}}'
_PIECES = st.lists(
    st.sampled_from(
        [
            *("<", "<think>", "</think>", "<tool_call>", "</tool_call>", CALL, "```json\n", "```", "\n", "{", "}", "["),
            *("]", '{"name": "nobody"}', '{"a": 1}', "word ", "`x`", " ", '"', "\\", "é", "<tool"),
            "```py\nx = {}\n```\n",
        ]
    ),
    max_size=12,
)


def think(pieces: list[str]) -> tuple[str, str]:
    reader = ThinkTags()
    events = [event for piece in pieces for event in reader.feed(piece)] + reader.end()
    thought = "".join(event.text for event in events if isinstance(event, Reasoning))
    return thought, "".join(event.text for event in events if not isinstance(event, Reasoning))


def tools(pieces: list[str]) -> tuple[str, list[tuple[str, object]]]:
    reader = TextTools(["weather"])
    found = [piece for text in pieces for piece in reader.feed(text)] + reader.end()
    calls = [(piece.name, orjson.loads(piece.arguments)) for piece in found if isinstance(piece, ToolUse)]
    return "".join(piece for piece in found if isinstance(piece, str)), calls


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_think_tags_do_not_depend_on_the_pieces(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert think(pieces) == think([text]) == think(list(text))


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_tool_calls_do_not_depend_on_the_pieces(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert tools(pieces) == tools([text]) == tools(list(text))


@settings(max_examples=300, deadline=None)
@given(_PIECES)
def test_nothing_is_lost_when_there_is_no_call(pieces: list[str]) -> None:
    text = "".join(pieces).replace("weather", "nothing")
    assert tools(list(text)) == (text, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<think>a</think>b", ("a", "b")),
        ("\n <think>\na\n</think>\n\nb", ("a\n", "b")),
        ("<thinking>a</thinking>b", ("a", "b")),
        ("Use <think> like so.", ("", "Use <think> like so.")),
        ("<think>never closed", ("never closed", "")),
        ("<b>bold</b>", ("", "<b>bold</b>")),
        ("", ("", "")),
    ],
)
def test_think_tags(text: str, expected: tuple[str, str]) -> None:
    assert think(list(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "weather", "arguments": {"city": "Oslo"}}',
        '```json\n{"name": "weather", "parameters": {"city": "Oslo"}}\n```',
        '```\n{"tool": "weather", "input": {"city": "Oslo"}}\n```\n',
        '<tool_call>\n{"name": "weather", "arguments": "{\\"city\\": \\"Oslo\\"}"}\n</tool_call>',
        '<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}',
        '{"type": "function", "function": {"name": "weather", "arguments": {"city": "Oslo"}}}',
        '[{"name": "weather", "arguments": {"city": "Oslo"}}]',
        "<tool_call>\n<function=weather>\n<parameter=city>\nOslo\n</parameter>\n</function>\n</tool_call>",
    ],
)
def test_the_shapes_in_which_models_print_calls(text: str) -> None:
    said, calls = tools(list(text))
    assert (said.strip(), calls) == ("", [("weather", {"city": "Oslo"})])


def test_two_calls_with_text_around() -> None:
    said, calls = tools([f"First.\n<tool_call>{CALL}</tool_call>\n<tool_call>{CALL}</tool_call>\nLast."])
    assert (said, len(calls)) == ("First.\nLast.", 2)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "unknown", "arguments": {}}',
        '{"name": "weather"',
        'Call {"name": "weather"} like this.',
        "<tool_call>nonsense</tool_call>",
        '```python\nprint({"name": "weather"})\n```',
        "{{ template }}",
        "[link](http://example.com)",
    ],
)
def test_what_is_no_call_stays(text: str) -> None:
    assert tools(list(text)) == (text, [])


def test_plain_text_is_not_held_back() -> None:
    reader = TextTools(["weather"])
    assert reader.feed("Hello ") == ["Hello "]
    assert reader.feed('{"answer"') == ['{"answer"'], "not at the beginning of a line"
    assert reader.feed('\n{"answer": ') == ['\n{"answer": '], "no call begins with this key"
