"""What the fake provider says, by model name: each name is one habit or one fault."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from tests.fakes import caller

Json = dict[str, Any]
WORDS = (
    *("the", "quick", "brown", "fox", "jumps", "over", "a", "lazy", "dog", "while", "seven", "wizards"),
    *("quietly", "brew", "strong", "coffee", "for", "everyone"),
)
UNICODE = "Grüße, 世界 — नमस्ते 👩‍👩‍👧‍👦 שלום e\u0301 ✅ end"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the server does: sends a delta, raw bytes or an error, finishes, waits for ever, or breaks off."""

    do: Literal["delta", "raw", "error", "finish", "hang", "cut", "end"]
    value: Any = None


@dataclass(frozen=True, slots=True)
class Fault:
    """An HTTP error in place of an answer."""

    status: int
    body: Json | str
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Turn:
    """One request as the script sees it. `gap` is in seconds; `asked` counts earlier requests for this model; `says` is
    what the test has written down for "fake-says"."""

    model: str
    prompt: str
    body: Json
    key: str
    tokens: int
    gap: float
    asked: int
    stamp: bool = False
    says: str = ""


def words(count: int) -> Iterator[str]:
    """`count` pieces of text, always the same."""
    return (f" {WORDS[number % len(WORDS)]}" if number else WORDS[0] for number in range(count))


def text_of(tokens: int) -> str:
    """The whole text of the plain model "fake"."""
    return "".join(words(tokens))


def setting(source: str, name: str) -> str | None:
    """A setting such as `tokens=50` inside a model name, a header or the prompt."""
    found = re.search(rf"\b{name}=([\w.]+)", source)
    return found[1] if found else None


def error(message: str, code: str | int | None = None, param: str | None = None, kind: str = "error") -> Json:
    """An error body in OpenAI's shape."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


TOO_MANY = Fault(429, error("Too many requests at once", "rate_limit_exceeded"))
"""What a model says that takes no more requests at once."""


def fault(turn: Turn) -> Fault | None:
    """The HTTP error that this model name stands for, if any."""
    name = turn.model.split("?")[0]
    if name in _FAULTS:
        return _FAULTS[name](turn)
    return None


def _refuses(parameter: str, message: str) -> Any:
    def check(turn: Turn) -> Fault | None:
        return Fault(400, error(message, "unsupported_parameter", parameter)) if parameter in turn.body else None

    return check


def _refuses_prefill(turn: Turn) -> Fault | None:
    if turn.body["messages"][-1]["role"] != "assistant":
        return None
    message = "This model does not support assistant message prefill. The conversation must end with a user message."
    return Fault(400, error(message))


_FAULTS: dict[str, Any] = {
    "fake-400": lambda turn: Fault(400, error("messages: roles must alternate", "invalid_request")),
    "fake-401": lambda turn: Fault(
        401, error(f"Incorrect API key provided: {turn.key}. You can find your key on your page.", "invalid_api_key")
    ),
    "fake-402": lambda turn: Fault(402, error("This request requires more credits, or fewer max_tokens.", 402)),
    "fake-quota": lambda turn: Fault(429, error("You exceeded your current quota.", "insufficient_quota")),
    "fake-404": lambda turn: Fault(404, error(f"The model `{turn.model}` does not exist", "model_not_found")),
    "fake-429": lambda turn: (
        Fault(429, error("Rate limit reached", "rate_limit_exceeded"), {"retry-after-ms": "20"})
        if turn.asked % 3 < 2
        else None
    ),
    "fake-429-long": lambda turn: Fault(429, error("Rate limit reached", 429), {"retry-after": "3600"}),
    "fake-500": lambda turn: Fault(500, error("The server had an error", None), {"retry-after-ms": "5"}),
    "fake-503": lambda turn: Fault(503, error("Overloaded"), {"retry-after-ms": "10"}) if turn.asked % 2 < 1 else None,
    "fake-html": lambda turn: Fault(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", {"retry-after-ms": "5"}),
    "fake-context": lambda turn: Fault(
        400,
        error(
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens. "
            "Please reduce the length of the messages.",
            "context_length_exceeded",
            "messages",
        ),
    ),
    "fake-content": lambda turn: Fault(400, error("The response was filtered", "content_filter")),
    "fake-refuse-temperature": _refuses(
        "temperature", "Unsupported value: 'temperature' does not support 0.2 with this model."
    ),
    "fake-refuse-tools": _refuses("tools", "this model does not support tools"),
    "fake-refuse-max-tokens": _refuses(
        "max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
    ),
    "fake-refuse-usage": _refuses("stream_options", "stream_options: extra fields not permitted"),
    "fake-refuse-prefill": _refuses_prefill,
}


def steps(turn: Turn) -> Iterator[Step]:
    """What this model name sends once the status is 200."""
    name = turn.model.split("?")[0]
    make = _STEPS.get(name)
    if make is None:
        yield from _text(turn, words(turn.tokens))
        yield Step("finish", "stop")
    else:
        yield from make(turn)


def _text(turn: Turn, pieces: Iterator[str]) -> Iterator[Step]:
    return (Step("delta", {"content": piece}) for piece in pieces)


def _said(*texts: str, finish: str = "stop") -> Any:
    def say(turn: Turn) -> Iterator[Step]:
        yield from (Step("delta", {"content": text}) for text in texts)
        yield Step("finish", finish)

    return say


def _reasoning(field: str) -> Any:
    def say(turn: Turn) -> Iterator[Step]:
        for piece in ("First ", "I ", "think."):
            value = [{"type": "reasoning.text", "text": piece}] if field == "reasoning_details" else piece
            yield Step("delta", {field: value})
        yield from _text(turn, words(turn.tokens))
        yield Step("finish", "stop")

    return say


def _tool_delta(index: int | None, call_id: str | None, name: str | None, arguments: str) -> Step:
    piece: Json = {"function": {"arguments": arguments}}
    if index is not None:
        piece["index"] = index
    if call_id:
        piece |= {"id": call_id, "type": "function"}
    if name:
        piece["function"]["name"] = name
    return Step("delta", {"tool_calls": [piece]})


def _tools(turn: Turn) -> Iterator[Step]:
    if any(message["role"] == "tool" for message in turn.body["messages"]):
        yield from _text(turn, words(turn.tokens))
        yield Step("finish", "stop")
        return
    yield Step("delta", {"content": "Let me look."})
    for index, city in enumerate(("Oslo", "Rome")):
        yield _tool_delta(index, f"call_{index}", "weather", "")
        yield _tool_delta(index, None, None, '{"city":')
        yield _tool_delta(index, None, None, f'"{city}"}}')
    yield Step("finish", "tool_calls")


def _tools_no_index(turn: Turn) -> Iterator[Step]:
    for number, city in enumerate(("Oslo", "Rome")):
        yield _tool_delta(None, f"call_{number}", "weather", f'{{"city":"{city}"}}')
    yield Step("finish", "stop")


def _caller(turn: Turn) -> Iterator[Step]:
    """Calls what its question names (`tests.fakes.caller`)."""
    rounds, done, gave = caller.asked(turn.body["messages"])
    if done >= len(rounds) or not ("tools" in turn.body or "<tools>" in caller.text(turn.body["messages"][0])):
        yield from _said(f"All done: {gave}" if gave else "Nothing to call.")(turn)
        return
    for index, call in enumerate(rounds[done]):
        if "tools" in turn.body:
            yield _tool_delta(index, call.id, call.name, call.arguments)
        else:
            yield from _printed(call)
    yield Step("finish", "tool_calls" if "tools" in turn.body else "stop")


def _gullible(turn: Turn) -> Iterator[Step]:
    """Does whatever the newest message tells it to, a tool's result too."""
    last = turn.body["messages"][-1]
    calls = caller.told(last, f"{len(turn.body['messages'])}")
    if not calls:
        yield from _said("As you wish.")(turn)
        return
    for index, call in enumerate(calls):
        yield _tool_delta(index, call.id, call.name, call.arguments)
    yield Step("finish", "tool_calls")


def _printed(call: caller.Made) -> Iterator[Step]:
    whole = f'<tool_call>\n{{"name": "{call.name}", "arguments": {call.arguments}}}\n</tool_call>\n'
    return (Step("delta", {"content": whole[at : at + 7]}) for at in range(0, len(whole), 7))


def _tools_for_ever(turn: Turn) -> Iterator[Step]:
    """Calls the same tool again whatever it answers, until none is offered any more."""
    if "tools" not in turn.body:
        yield from _said("Enough.")(turn)
        return
    yield _tool_delta(0, f"call_{turn.asked}", "weather", '{"city":"Oslo"}')
    yield Step("finish", "tool_calls")


def _few(turn: Turn, last: Step) -> Iterator[Step]:
    yield from islice(_text(turn, words(turn.tokens)), 5)
    yield last


def _split_utf8(turn: Turn) -> Iterator[Step]:
    yield Step("raw", "split")
    yield from _said(*re.findall(r".{1,3}", UNICODE))(turn)


def _keepalive(turn: Turn) -> Iterator[Step]:
    for piece in words(turn.tokens):
        yield Step("raw", b": PROCESSING\n\n")
        yield Step("delta", {"content": piece})
    yield Step("finish", "stop")


def _image(turn: Turn) -> Iterator[Step]:
    url = "data:image/png;base64," + base64.b64encode(PIXEL).decode()
    yield Step("delta", {"content": "Here it is.", "images": [{"type": "image_url", "image_url": {"url": url}}]})
    yield Step("finish", "stop")


def _ends_turn(turn: Turn) -> Iterator[Step]:
    """A server that closes a last assistant message, after which its model has nothing to add."""
    if turn.body["messages"][-1]["role"] != "assistant":
        yield from _text(turn, words(turn.tokens))
    yield Step("finish", "stop")


def _ends(last: str) -> Any:
    return lambda turn: _few(turn, Step(last))  # type: ignore[arg-type]


_STEPS: dict[str, Any] = {
    "fake-says": lambda turn: _said(turn.says)(turn),
    "fake-echo": lambda turn: _said("You said: ", turn.prompt)(turn),
    "fake-reasoning": _reasoning("reasoning_content"),
    "fake-reasoning-openrouter": _reasoning("reasoning"),
    "fake-reasoning-details": _reasoning("reasoning_details"),
    "fake-think-tags": _said("<thi", "nk>\nFirst I think.", "\n</th", "ink>\n\n", "The answer ", "is <think>."),
    "fake-caller": _caller,
    "fake-gullible": _gullible,
    "fake-tools": _tools,
    "fake-tools-no-index": _tools_no_index,
    "fake-tools-for-ever": _tools_for_ever,
    "fake-json-tool": _said("```js", 'on\n{"na', 'me": "weather", "arguments": {"city": ', '"Oslo"}}\n`', "``\n"),
    "fake-tag-tool": _said(
        "I look.\n<tool", '_call>\n{"name": "weather", ', '"arguments": {"city": "Oslo"}}\n</tool_', "call>"
    ),
    "fake-json-text": _said('{"ans', 'wer": 42}', "\n```json\n", '{"name": "nobody"}\n```', "\nend"),
    "fake-split-utf8": _split_utf8,
    "fake-keepalive": _keepalive,
    "fake-image": _image,
    "fake-midstream-error": lambda turn: _few(
        turn, Step("error", {"code": 502, "message": f"Provider disconnected, key {turn.key}"})
    ),
    "fake-cut": _ends("cut"),
    "fake-cut-clean": _ends("end"),
    "fake-hang": lambda turn: iter([Step("hang")]),
    "fake-idle": _ends("hang"),
    "fake-no-done": lambda turn: iter([Step("delta", {"content": "whole"}), Step("finish", "stop"), Step("end")]),
    "fake-filtered": lambda turn: iter([Step("finish", "content_filter")]),
    "fake-length": _said("cut by the lim", finish="length"),
    "fake-empty": _said(),
    "fake-ends-turn": _ends_turn,
}
