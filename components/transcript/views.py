"""What the transcript needs to know of a message, in the words that it shows."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from components.transcript import given
from components.transcript.money import money
from hub.chat.records import Attachment, FileUse, Message, Summary
from hub.models.types import Usage
from hub.render import markdown, plain
from hub.traces import Work
from hub.turns import Note

LONG = 400_000
"""Characters of raw text above which a message is shown but not carried along for copying and editing."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A suggestion of an empty chat: pressing it sends `text`, or only fills it in when it ends with a line break."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where messages will be; `face` is the picture of the agent that answers, its sign and colour."""

    title: str
    text: str = ""
    starters: tuple[Starter, ...] = ()
    face: Mapping[str, str] | None = None

    def data(self) -> dict[str, Any]:
        """For the browser."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Live:
    """A run that still writes, and the messages that its targets write into, by target number."""

    run: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the quiet line below an answer; `title` says it in full."""

    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as the browser draws it. `revision` changes whenever anything shown does."""

    id: str
    revision: str
    fields: dict[str, Any]

    def data(self) -> dict[str, Any]:
        """For the browser."""
        return {"id": self.id, "revision": self.revision, **self.fields}


def views(
    messages: Sequence[Message],
    *,
    costs: bool = True,
    notes: Mapping[str, Sequence[Note]] | None = None,
    asked: Mapping[str, Sequence[Work]] | None = None,
    agents: Mapping[str, str] | None = None,
) -> list[MessageView]:
    """The messages of a branch, each file with how it went into the last prompt that it was a candidate for; `notes`
    stand under answers, by their ids, `asked` has the sub-agents that were asked under each; `agents` are the names of
    those that answer."""
    used = {use.file: use for one in messages if one.context_used for use in one.context_used.files}
    return [
        view(
            one,
            costs=costs,
            used=used,
            notes=(notes or {}).get(one.id, ()),
            asked=(asked or {}).get(one.id, ()),
            agent=(agents or {}).get(one.agent, ""),
        )
        for one in messages
    ]


def view(
    message: Message,
    *,
    costs: bool = True,
    used: Mapping[str, FileUse] | None = None,
    notes: Sequence[Note] = (),
    asked: Sequence[Work] = (),
    agent: str = "",
) -> MessageView:
    """`message` as it is drawn; without `costs` no amounts of money are shown. `used` has how files went in, by id,
    `asked` are the sub-agents that were asked under it."""
    html = _html(message)
    fields: dict[str, Any] = {
        "role": message.role,
        "status": message.status,
        "text": message.text if len(message.text) <= LONG else "",
        "html": html,
        "siblings": list(message.siblings),
        "index": message.index,
        "files": [_file(file, (used or {}).get(file.id)) for file in message.files],
        "images": [{"id": image.id, "name": image.name} for image in message.images],
        "reasoning": message.reasoning,
        "reasoning_ms": message.reasoning_ms,
        "tools": given.tools(message, asked_below=asked, costs=costs),
        "sources": given.sources(message, html),
        "error": asdict(message.error) if message.error else None,
        "notices": list(message.notices),
        "finish": message.finish,
        "facts": [
            asdict(fact)
            for fact in ([Fact(agent, "The agent that answered")] if agent else []) + facts(message, costs=costs)
        ],
        "notes": [{"text": note.text, "page": note.page, "query": dict(note.query)} for note in notes],
        "feedback": asdict(message.feedback) if message.feedback else None,
        "summary": _summary(message.summary) if message.summary else None,
    }
    return MessageView(message.id, _revision(fields), fields)


def facts(message: Message, *, costs: bool = True) -> list[Fact]:
    """Model, tokens, cost and speed of an answer; what is not known is left out or called unknown, never 0."""
    if message.role != "assistant":
        return []
    found = [Fact(message.model_label or message.model.partition("/")[2], message.model)] if message.model else []
    usage = message.usage
    if usage:
        about = "about " if usage.estimated else ""
        found.append(Fact(f"{about}{_in(usage)}", "Tokens of the prompt, as the provider counted them"))
        found.append(Fact(f"{about}{_out(usage)}", "Tokens of the answer, reasoning among them"))
        if costs:
            found.append(_cost(message.cost))
    if message.timing and message.timing.first_token_ms is not None:
        found.append(Fact(f"{_duration(message.timing.first_token_ms)} to first token"))
    speed = message.timing.tokens_per_second(usage) if message.timing else None
    if speed is not None:
        found.append(Fact(f"{speed:,.0f} tokens/s" if speed >= 10 else f"{speed:.1f} tokens/s"))
    if message.edited_at:
        found.append(Fact("edited"))
    return found


def _duration(ms: int) -> str:
    return f"{ms} ms" if ms < 950 else f"{ms / 1000:.1f} s"


def _cost(amount: float | None) -> Fact:
    if amount is None:
        return Fact("price unknown", "The provider gives no price for this model")
    return Fact(money(amount), "Cost of this answer in US dollars")


def _in(usage: Usage) -> str:
    return f"{usage.input:,} in" + (f" ({usage.cached:,} cached)" if usage.cached else "")


def _out(usage: Usage) -> str:
    return f"{usage.output:,} out" + (f" ({usage.reasoning:,} reasoning)" if usage.reasoning else "")


def _html(message: Message) -> str:
    if not message.text:
        return ""
    if message.role == "assistant":
        return markdown(message.text, given.titles(message))
    # Without code or addresses the browser draws the text by itself.
    return plain(message.text) if "```" in message.text or "~~~" in message.text or "://" in message.text else ""


def _file(file: Attachment, used: FileUse | None) -> dict[str, Any]:
    return {
        "id": file.id,
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "how": used.said if used else file.how,
        "said": _went_in(used) if used else "",
        "cut": bool(used and used.how in {"shortened", "left_out"}),
        "warning": file.warning,
    }


def _went_in(used: FileUse) -> str:
    if used.how == "left_out":
        return "did not go in"
    if used.how == "shortened":
        return f"first {used.tokens:,} of {used.of:,} tokens went in"
    return f"{used.tokens:,} tokens"


def _summary(summary: Summary) -> dict[str, Any]:
    edited = ", edited" if summary.edited else ""
    count = "1 earlier message" if summary.covers == 1 else f"{summary.covers} earlier messages"
    return {"title": f"Summary of {count}{edited}", "text": summary.text, "html": markdown(summary.text)}


def _revision(fields: dict[str, Any]) -> str:
    return f"{zlib.crc32(json.dumps(fields, sort_keys=True).encode()):08x}"
