"""The picture of an agent: a sign or two letters on a colour of its own."""

from __future__ import annotations

import base64
from html import escape

from hub.agents.records import AgentSpec

HUES = (210, 260, 300, 340, 15, 45, 90, 145, 180)
"""Degrees that are told apart; a colour is of the same lightness at each, so that white letters stand out."""
COLOURS = ("Cyan", "Blue", "Violet", "Pink", "Red", "Orange", "Olive", "Green", "Teal")


def sign(spec: AgentSpec) -> str:
    """What stands on the picture: the avatar, else the first letters of the name."""
    words = spec.name.split()
    return spec.avatar or "".join(word[0] for word in words[:2]).upper() or "?"


def colour(spec: AgentSpec) -> str:
    """The colour, for CSS."""
    return _of(spec.hue)


def _of(hue: int) -> str:
    return f"oklch(0.5 0.11 {hue})"


def colour_name(hue: int) -> str:
    """What a colour is called."""
    return COLOURS[HUES.index(hue)] if hue in HUES else f"{hue} degrees"


def swatch(hue: int) -> str:
    """A round piece of a colour as an SVG address."""
    return _address(f'<circle cx="50" cy="50" r="42" style="fill:{_of(hue)}"/>')


def _address(drawn: str, side: int = 16) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="{side}" height="{side}">{drawn}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def picture(spec: AgentSpec, side: int = 32) -> str:
    """The picture as an SVG address for Markdown, so many pixels wide."""
    text = escape(sign(spec))
    size = 46 if len(sign(spec)) < 2 else 38 if len(sign(spec)) < 3 else 24
    return _address(
        f'<rect width="100" height="100" rx="28" style="fill:{colour(spec)}"/>'
        f'<text x="50" y="52" font-family="sans-serif" font-weight="600" font-size="{size}" fill="#fff" '
        f'text-anchor="middle" dominant-baseline="central">{text}</text>',
        side,
    )


def face(spec: AgentSpec) -> dict[str, str]:
    """The picture as our own components draw it."""
    return {"sign": sign(spec), "colour": colour(spec)}
