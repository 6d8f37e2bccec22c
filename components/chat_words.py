"""What the chat page says: the empty chat, what went into an answer."""

from __future__ import annotations

from collections.abc import Sequence

from components.transcript.views import Empty, Starter
from hub.chat.records import ContextUsed, Message
from hub.models.types import ModelInfo

_DEMO = (
    Starter("See what answers look like", "Show me everything: a table, code, a formula and a diagram"),
    Starter("Watch it think", "Please reason about this before you answer"),
    Starter("See a tool call", "Use a tool for this"),
    Starter("Make it fail", "Show me the error of a rate limit"),
)
_GENERAL = (
    Starter("Explain something", "Explain how a vaccine teaches the immune system, in five sentences."),
    Starter("Improve a text", "Make this clearer and shorter, and say what you changed:\n\n"),
    Starter("Write some code", "Write a Python function that finds duplicate files in a folder."),
    Starter("Think it through", "Help me decide between two options. Ask me what you need to know first."),
)


def empty(model: ModelInfo | None, *, temporary: bool = False) -> Empty:
    """What an empty chat with `model` says and suggests; None: no model is there."""
    if temporary:
        return Empty("Temporary chat", "It is not listed, searched or remembered, and is gone after a day.")
    if model is None:
        return Empty("No model yet", "Connect a provider or a local server under Models, then come back.")
    if model.demo:
        text = "This is the demo model: its answers are prepared, everything else is real."
        return Empty("Try the hub", text, _DEMO)
    return Empty("What are we working on?", "", _GENERAL)


def answers(messages: Sequence[Message], run: str) -> tuple[str, ...]:
    """The messages that `run` writes into by target number; "" for a target that is not on the open branch."""
    places = {message.target: message.id for message in messages if message.run == run}
    return tuple(places.get(target, "") for target in range(max(places, default=-1) + 1))


def askers(messages: Sequence[Message]) -> list[str]:
    """The answers under which agents were asked; those that are not over may have asked some without saying so."""
    called = [one for one in messages if one.tool_calls]
    return [one.id for one in called if one.status != "done" or any("asked" in used.about for used in one.tool_results)]


def context(used: ContextUsed | None) -> list[str]:
    """What went into a prompt, in sentences."""
    if used is None:
        return []
    room = f" of {used.window:,}" if used.window else ""
    messages = "1 message" if used.messages == 1 else f"{used.messages:,} messages"
    said = [f"About {used.tokens:,}{room} tokens in {messages}."]
    if used.system_prompt:
        said.append("A system prompt.")
    if used.summary_of:
        said.append("A summary in place of the older messages.")
    if used.left_out:
        plural = "message was" if used.left_out == 1 else "messages were"
        said.append(f"{used.left_out:,} older {plural} left out, because there was no room.")
    return said + [file.said for file in used.files]
