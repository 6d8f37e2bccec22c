"""Tool calls that a model prints as text: `<tool_call>...</tool_call>`, bare JSON, or JSON in a fence."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from typing import Any, cast

import orjson

from hub.models.types import ToolUse

_OPEN, _CLOSE = "<tool_call>", "</tool_call>"
_FENCE = re.compile(r"```[ \t]*(?:json|tool_call|tool_code|tool)?[ \t]*\n\s*")
_FENCE_BEGUN = re.compile(r"`{1,2}|```[ \t]*[a-z_]{0,9}[ \t]*(?:\n\s*)?")
_KEYS = {"name", "function", "tool", "tool_name", "type", "id", "arguments", "parameters", "args", "input"}
_FIRST_KEY = re.compile(r'[\[\s]*\{\s*"([^"\\]*)"')
_XML_CALL = re.compile(r"<function=([^>\s]+)>(.*?)</function>", re.DOTALL)
_XML_PARAMETER = re.compile(r"<parameter=([^>\s]+)>\n?(.*?)\n?</parameter>", re.DOTALL)

Piece = str | ToolUse


class TextTools:
    """Finds calls of known tools in streamed text; everything else passes as text, held back as shortly as possible.

    JSON counts only at the beginning of a line, and only when it names one of `names`.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._held = ""
        self._line_start = True
        self._after_call = False

    def feed(self, text: str) -> list[Piece]:
        """What is certain after `text`: pieces of text and whole calls."""
        if self._after_call:
            text = text.lstrip("\n")
            self._after_call = not text
        self._held += text
        return self._read(last=False)

    def end(self) -> list[Piece]:
        """What was held back when the answer ended."""
        return self._read(last=True)

    def _read(self, *, last: bool) -> list[Piece]:
        pieces: list[Piece] = []
        while self._held:
            start = self._candidate()
            if start > 0:
                self._text(self._held[:start], pieces)
                self._held = self._held[start:]
            if not self._held:
                break
            taken = self._call(last=last)
            if taken is None:
                break
            calls, length = taken
            if calls:
                pieces.extend(calls)
                self._held = self._held[length:].lstrip("\n")
                self._line_start, self._after_call = True, not self._held
            else:
                self._text(self._held[:length], pieces)
                self._held = self._held[length:]
        return pieces

    def _text(self, text: str, pieces: list[Piece]) -> None:
        if not text:
            return
        tail = text.rpartition("\n")[2]
        self._line_start = not tail.strip() and ("\n" in text or self._line_start)
        if pieces and isinstance(pieces[-1], str):
            pieces[-1] += text
        else:
            pieces.append(text)

    def _candidate(self) -> int:
        """Where the next thing that may be a call begins; the length of the held text when there is none."""
        held, line_start = self._held, self._line_start
        for at, character in enumerate(held):
            if character == "<" and (held.startswith(_OPEN, at) or _OPEN.startswith(held[at:])):
                return at
            if line_start and character in "{[`":
                return at
            line_start = character == "\n" or (line_start and character.isspace())
        return len(held)

    def _call(self, *, last: bool) -> tuple[list[ToolUse], int] | None:
        """The calls at the start of the held text and its length; no calls means so much is text;
        None means that more must come first."""
        held = self._held
        if held[0] == "<":
            return self._tagged(last=last)
        if held[0] == "`":
            fence = _FENCE.match(held)
            if fence is None or fence.end() == len(held):
                return None if _FENCE_BEGUN.fullmatch(held) and not last else ([], len(held) - len(held.lstrip("`")))
            if held[fence.end()] not in "{[":
                return [], fence.end()
            return self._json(fence.end(), fenced=True, last=last)
        return self._json(0, fenced=False, last=last)

    def _tagged(self, *, last: bool) -> tuple[list[ToolUse], int] | None:
        held = self._held
        if not held.startswith(_OPEN):
            return ([], len(held)) if last else None
        end = held.find(_CLOSE)
        if end < 0 and not last:
            return None
        inner = held[len(_OPEN) : end if end >= 0 else len(held)]
        return self._calls(inner.strip()), end + len(_CLOSE) if end >= 0 else len(held)

    def _json(self, start: int, *, fenced: bool, last: bool) -> tuple[list[ToolUse], int] | None:
        held = self._held
        first = _FIRST_KEY.match(held, start)
        if (first and first[1] not in _KEYS) or (first is None and not _may_begin(held[start:])):
            return [], start + 1
        end = _balanced(held, start)
        if end is None:
            return ([], len(held)) if last else None
        calls = self._calls(held[start:end])
        if not calls or not fenced:
            return calls, end
        rest = held[end:].lstrip()
        if len(rest) < 3 and not last:
            return None
        return calls, len(held) - len(rest) + (3 if rest.startswith("```") else 0)

    def _calls(self, text: str) -> list[ToolUse]:
        """The calls in `text`, none when any part of it is no call of a known tool."""
        if xml := _XML_CALL.findall(text):
            values: list[object] = [{"name": name, "arguments": _xml_arguments(body)} for name, body in xml]
        else:
            try:
                value = orjson.loads(text)
            except orjson.JSONDecodeError:
                return []
            values = cast(list[object], value) if isinstance(value, list) else [value]
        found = [_named(value) for value in values]
        if not all(call is not None and call[0] in self._names for call in found):
            return []
        return [ToolUse(f"call_{secrets.token_hex(8)}", *call) for call in found if call is not None]


def _named(value: object) -> tuple[str, str] | None:
    """Name and arguments as JSON text, from the several shapes that models print."""
    if not isinstance(value, dict):
        return None
    call = cast(dict[str, Any], value)
    if isinstance(call.get("function"), dict):
        call = cast(dict[str, Any], call["function"])
    name = call.get("name") or call.get("tool_name") or call.get("tool") or call.get("function")
    key = next((key for key in ("arguments", "parameters", "args", "input") if key in call), None)
    arguments: object = call[key] if key else {}
    if not isinstance(name, str):
        return None
    return name, arguments if isinstance(arguments, str) else orjson.dumps(arguments).decode()


def _xml_arguments(body: str) -> dict[str, Any]:
    """The parameters of `<function=name><parameter=key>value</parameter></function>`, as Qwen's coder models write."""
    arguments: dict[str, Any] = {}
    for key, text in _XML_PARAMETER.findall(body):
        try:
            arguments[key] = orjson.loads(text)
        except orjson.JSONDecodeError:
            arguments[key] = text
    return arguments


def _may_begin(text: str) -> bool:
    """Whether `text` may still become the beginning of an object with a first key."""
    return re.fullmatch(r'[\[\s]*(?:\{\s*(?:"[^"\\]{0,24})?)?', text) is not None


def _balanced(text: str, start: int) -> int | None:
    """The end of the JSON value that begins at `start`, or None when it is not finished."""
    depth, in_string, escaped = 0, False, False
    for at in range(start, len(text)):
        character = text[at]
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth == 0:
                return at + 1
    return None
