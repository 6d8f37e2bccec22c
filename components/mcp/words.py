"""How servers are spoken of."""

from __future__ import annotations

from typing import Literal

from hub.mcp.records import Card, Status, Transport

Colour = Literal["green", "gray", "orange", "red", "blue"]

REACHED: dict[Transport, str] = {"http": "HTTP", "sse": "HTTP, older events", "stdio": "Program"}


def state_of(status: Status) -> tuple[str, Colour, str]:
    """Word, colour and symbol of a status."""
    match status.state:
        case "ready":
            return "Connected", "green", "check_circle"
        case "connecting":
            return "Connecting", "blue", "progress_activity"
        case "waiting":
            return "Restarting", "orange", "restart_alt"
        case "sign_in":
            return "Sign in", "orange", "key"
        case "failed":
            return "Not running", "red", "error"
        case "off":
            return "Off", "gray", "toggle_off"
        case "resting":
            return "Idle", "gray", "bedtime"


def facts(card: Card) -> list[str]:
    """The line under the name of a server."""
    server, status = card.server, card.status
    found = [REACHED[server.transport], f"`{server.place}`"]
    count = len(card.listing.tools)
    if card.listing.listed_at:
        off = len(server.off & {one.name for one in card.listing.tools})
        found.append(("1 tool" if count == 1 else f"{count} tools") + (f", {off} off" if off else ""))
    else:
        found.append("not asked for its tools yet")
    if status.latency_ms is not None and status.state == "ready":
        found.append(f"{status.latency_ms:.0f} ms")
    if status.product:
        found.append(plain(status.product))
    return found


def trouble(card: Card) -> str:
    """What is wrong with a server, as a sentence; "" for nothing."""
    status = card.status
    if status.state == "waiting":
        again = f" It is started again in {max(1, round(status.retry_in))} s." if status.retry_in else ""
        return f"{_sentence(status.said)}{again}"
    if status.state == "failed":
        return f"{_sentence(status.said)} Test it to try again."
    if status.state == "sign_in":
        return "It knows nobody without a sign-in. Each person signs in on their own."
    return ""


def plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]:$<>~#" else letter for letter in text)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else "It ended."
