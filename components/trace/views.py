"""What the timeline shows, in words: every bar has its numbers beside it and in what a screen reader says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from components.transcript.arguments import arguments
from components.transcript.money import money
from hub.models.types import Usage
from hub.traces import Part, Piece, Sent, Span, Trace

LONGEST = 12_000
"""Characters of one text that are carried to the browser; the download has all of it."""
STATES = {
    "running": "Running",
    "waiting": "Waits for you",
    "error": "Failed",
    "cancelled": "Stopped",
    "interrupted": "Cut off",
    "lost": "Not known whether it ran",
    "kept": "From the answer before",
}
ROLES = {"system": "System", "user": "You", "assistant": "Model", "tool": "Tool result", "tools": "Tools"}
ICONS = {"step": "chat_bubble", "tool": "build", "pause": "front_hand", "agent": "smart_toy"}


def view(trace: Trace, *, costs: bool = True) -> dict[str, Any]:
    """For the browser."""
    return {
        "message": trace.message,
        "total": _total(trace),
        "running": trace.status == "running",
        "facts": [{"label": label, "text": text, "title": title} for label, text, title in facts(trace, costs=costs)],
        "ticks": ticks(_total(trace)),
        "rows": _rows(trace.spans, costs),
        "prompt": [_message(one) for one in trace.prompt],
    }


def facts(trace: Trace, *, costs: bool = True) -> list[tuple[str, str, str]]:
    """What stands above the timeline: label, value, and what it means."""
    usage = trace.usage
    found = [("State", STATES.get(trace.status, ""), ""), ("Agent", trace.agent, ""), ("Model", trace.model, "")]
    found.append(("Time", took(trace.total_ms), "Without the time in which it waited for you"))
    if trace.first_token_ms is not None:
        found.append(("First token", f"after {took(trace.first_token_ms)}", ""))
    if usage:
        about = "about " if usage.estimated else ""
        cached = f" ({usage.cached:,} cached)" if usage.cached else ""
        found.append(("Tokens in", f"{about}{usage.input:,}{cached}", "Of all requests together"))
        found.append(("Tokens out", f"{about}{usage.output:,}", "Reasoning among them"))
    if costs and usage and trace.status != "running":
        amount = "price unknown" if trace.cost is None else money(trace.cost)
        found.append(("Cost", amount, "US dollars, with what tools and sub-agents took"))
    found.append(("Steps", str(trace.count("step")), "Requests to models"))
    found.append(("Calls", str(trace.count("tool", "agent")), "Calls of tools and sub-agents"))
    if trace.errors:
        found.append(("Failed", str(trace.errors), "Steps and calls"))
    return [one for one in found if one[1]]


def took(ms: int | None) -> str:
    """A time in a few letters; empty when it is not known."""
    if ms is None:
        return ""
    if ms < 950:
        return f"{ms} ms"
    seconds = ms / 1000
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, hours = round(seconds / 60), seconds / 3600
    if seconds < 600:
        whole = round(seconds)
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{minutes} min" if minutes < 90 else f"{hours:.0f} h" if hours < 48 else f"{hours / 24:.0f} days"


def ticks(total: int) -> list[dict[str, Any]]:
    """Three to six round times on the scale, each with its place as a share of it."""
    if total <= 0:
        return []
    step = next(size for size in _sizes() if total / size <= 5)
    return [
        {"at": at / total, "text": took(at).replace(".0 s", " s") if at else "0"} for at in range(0, total + 1, step)
    ]


def _sizes() -> Iterable[int]:
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def _total(trace: Trace) -> int:
    """Where the scale ends."""
    ends = [one.began_ms + (one.ms or 0) for one in trace.all() if one.kind != "pause" and one.began_ms is not None]
    return max([trace.total_ms or 0, *ends])


def _rows(spans: Sequence[Span], costs: bool) -> list[dict[str, Any]]:
    """The rows of the answer itself. A step is shown what its prompt has beyond that of the step before it."""
    rows = [_row(span, costs) for span in spans]
    before = 0
    for row, span in zip(rows, spans, strict=True):
        if span.kind == "step":
            row["prompt"] = None if span.prompt is None else [min(before, span.prompt), span.prompt]
            before = before if span.prompt is None else span.prompt
    return rows


def _row(span: Span, costs: bool) -> dict[str, Any]:
    cost = _cost(span) if costs else ""
    return {
        "id": span.id,
        "kind": span.kind,
        "status": span.status,
        "state": STATES.get(span.status, ""),
        "label": span.label,
        "icon": span.icon or ICONS[span.kind],
        "avatar": span.avatar,
        "hue": span.hue,
        "key": _key(span),
        "said": span.said,
        "began": span.began_ms,
        "ms": span.ms,
        "first": span.first_token_ms,
        "took": _took(span),
        "tokens": _tokens(span.usage),
        "cost": cost,
        "facts": [[label, text] for label, text in _facts(span, cost)],
        "parts": [_part(part) for part in span.parts],
        "rows": [_row(one, costs) for one in span.spans],
    }


def _key(span: Span) -> str:
    if span.kind != "tool":
        return span.key if span.kind == "pause" else ""
    given = next((part.text for part in span.parts if part.title == "Arguments"), "")
    return arguments(given, span.key)["key"]


def _took(span: Span) -> str:
    if span.kind == "pause":
        return f"{took(span.ms)} pause" if span.ms is not None else ""
    return took(span.ms)


def _tokens(usage: Usage | None) -> str:
    return f"{usage.input:,} in · {usage.output:,} out" if usage else ""


def _cost(span: Span) -> str:
    """Nothing for what costs nothing by its nature; an unknown price is said where tokens were used."""
    if span.cost is None:
        return "price unknown" if span.usage else ""
    return money(span.cost) if span.cost or span.usage else ""


def _facts(span: Span, cost: str) -> list[tuple[str, str]]:
    """What the opened row says of itself."""
    usage = span.usage
    found = [
        ("Model", span.model),
        ("Began", "" if span.began_ms is None else f"after {took(span.began_ms)}"),
        ("Took", _took(span)),
        ("First token", _first(span)),
        (
            "Tokens in",
            "" if usage is None else f"{usage.input:,}" + (f" ({usage.cached:,} cached)" if usage.cached else ""),
        ),
        ("Tokens out", "" if usage is None else _out(usage)),
        ("Cost", cost),
    ]
    return [one for one in found if one[1]]


def _first(span: Span) -> str:
    if span.first_token_ms is None or span.began_ms is None:
        return ""
    return f"after {took(max(0, span.first_token_ms - span.began_ms))}"


def _out(usage: Usage) -> str:
    return f"{usage.output:,}" + (f" ({usage.reasoning:,} reasoning)" if usage.reasoning else "")


def _part(part: Part) -> dict[str, Any]:
    text = arguments(part.text)["arguments"] if part.title == "Arguments" else part.text
    return {"title": part.title, **_cut(text)}


def _message(sent: Sent) -> dict[str, Any]:
    pieces = [_piece(one) for one in sent.pieces]
    first = " ".join(sent.pieces[0].text[:300].split()) if sent.pieces else ""
    named = [one.title for one in sent.pieces if one.title]
    return {
        "role": ROLES.get(sent.role, sent.role),
        "tokens": sent.tokens,
        "named": named,
        "first": first,
        "pieces": pieces,
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {"title": piece.title, "tokens": piece.tokens, **_cut(piece.text)}


def _cut(text: str) -> dict[str, Any]:
    return {"text": text[:LONGEST], "rest": max(0, len(text) - LONGEST)}
