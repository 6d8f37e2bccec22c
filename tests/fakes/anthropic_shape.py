"""The same script in the words of Anthropic's Messages API."""

from __future__ import annotations

from typing import Any

import orjson

from tests.fakes.script import Fault, Json, Step, Turn, steps

_KINDS = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error", 429: "rate_limit_error"}
_STOPS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}


def error(failed: Fault) -> Json | str:
    """An error body."""
    if isinstance(failed.body, str):
        return failed.body
    kind = _KINDS.get(failed.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": failed.body["error"]["message"]}}


def whole(turn: Turn) -> Json:
    """A whole answer."""
    content: list[Json] = []
    stop = "end_turn"
    for step in steps(turn):
        if step.do == "error":
            return {"type": "error", "error": {"type": "overloaded_error", "message": step.value["message"]}}
        if step.do == "finish":
            stop = _STOPS.get(step.value, step.value)
        if step.do == "delta":
            _gather(content, step.value)
    for block in content:
        if block["type"] == "tool_use":
            block["input"] = orjson.loads(block["input"] or "{}")
    return {**_message(turn), "content": content, "stop_reason": stop, "usage": _usage(turn, turn.tokens)}


class Writer:
    """The bytes of each step of a stream."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._open = ""
        self._index = -1
        self._count = 0
        self._stop = "end_turn"

    def begin(self) -> bytes:
        message = {**_message(self._turn), "content": [], "stop_reason": None, "usage": _usage(self._turn, 1)}
        return _event({"type": "message_start", "message": message}) + _event({"type": "ping"})

    def write(self, step: Step) -> bytes:
        if step.do == "error":
            return _event({"type": "error", "error": {"type": "overloaded_error", "message": step.value["message"]}})
        if step.do == "finish":
            self._stop = _STOPS.get(step.value, step.value)
            return b""
        return b"".join(self._delta(name, value) for name, value in step.value.items())

    def end(self) -> bytes:
        last = {"stop_reason": self._stop, "stop_sequence": None}
        usage = {"type": "message_delta", "delta": last, "usage": {"output_tokens": self._count}}
        return self._close() + _event(usage) + _event({"type": "message_stop"})

    def _delta(self, name: str, value: Any) -> bytes:
        if name not in ("content", "reasoning_content", "tool_calls"):
            return b""
        self._count += 1
        if name == "tool_calls":
            return b"".join(self._tool(piece) for piece in value)
        if name == "reasoning_content":
            begun = self._begin("thinking", {"type": "thinking", "thinking": "", "signature": ""})
            return begun + self._piece({"type": "thinking_delta", "thinking": value})
        return self._begin("text", {"type": "text", "text": ""}) + self._piece({"type": "text_delta", "text": value})

    def _tool(self, piece: Json) -> bytes:
        begun, function = b"", piece["function"]
        if piece.get("id"):
            block = {"type": "tool_use", "id": piece["id"], "name": function["name"], "input": {}}
            begun = self._begin(piece["id"], block)
        return begun + self._piece({"type": "input_json_delta", "partial_json": function["arguments"]})

    def _begin(self, kind: str, block: Json) -> bytes:
        if self._open == kind:
            return b""
        closed = self._close()
        self._open, self._index = kind, self._index + 1
        return closed + _event({"type": "content_block_start", "index": self._index, "content_block": block})

    def _piece(self, delta: Json) -> bytes:
        return _event({"type": "content_block_delta", "index": self._index, "delta": delta})

    def _close(self) -> bytes:
        if not self._open:
            return b""
        self._open = ""
        return _event({"type": "content_block_stop", "index": self._index})


def _event(value: Json) -> bytes:
    return b"event: " + value["type"].encode() + b"\ndata: " + orjson.dumps(value) + b"\n\n"


def _message(turn: Turn) -> Json:
    return {"id": "msg_fake", "type": "message", "role": "assistant", "model": turn.model, "stop_sequence": None}


def _usage(turn: Turn, output: int) -> Json:
    return {"input_tokens": 6 + len(turn.prompt) // 4, "cache_read_input_tokens": 4, "output_tokens": output}


def _gather(content: list[Json], delta: Json) -> None:
    for name, value in delta.items():
        if name == "tool_calls":
            for piece in value:
                function = piece["function"]
                if piece.get("id"):
                    content.append({"type": "tool_use", "id": piece["id"], "name": function["name"], "input": ""})
                content[-1]["input"] += function["arguments"]
            continue
        if not isinstance(value, str):
            continue
        kind, key = ("thinking", "thinking") if name == "reasoning_content" else ("text", "text")
        if not content or content[-1]["type"] != kind:
            content.append({"type": kind, key: "", **({"signature": ""} if kind == "thinking" else {})})
        content[-1][key] += value
