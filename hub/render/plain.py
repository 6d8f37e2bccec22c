"""What a person typed: shown as typed, with code fences as code and addresses as links."""

from __future__ import annotations

import re
from html import escape

from hub.render.clean import clean
from hub.render.code import figure

_FENCE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)\n(?P<code>.*?)^(?P=fence)[ \t]*$\n?",
    re.MULTILINE | re.DOTALL,
)
ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}*_]")
"""A bare web address in running text, without the punctuation that ends a sentence."""


def plain(text: str) -> str:
    """`text` as inert HTML that keeps every line break and space."""
    text = text.replace("\x00", "\ufffd").replace("\r\n", "\n")
    pieces: list[str] = []
    position = 0
    for fence in _FENCE.finditer(text):
        pieces.append(_prose(text[position : fence.start()]))
        pieces.append(figure(fence["code"], fence["info"], colours=True))
        position = fence.end()
    pieces.append(_prose(text[position:]))
    return "".join(pieces)


def _prose(text: str) -> str:
    text = text.strip("\n")
    if not text:
        return ""
    linked = clean("".join(_linked(text)))
    return f'<div class="typed" dir="auto">{linked}</div>'


def _linked(text: str) -> list[str]:
    pieces: list[str] = []
    position = 0
    for found in ADDRESS.finditer(text):
        pieces.append(escape(text[position : found.start()]))
        pieces.append(f'<a href="{escape(found[0])}">{escape(found[0])}</a>')
        position = found.end()
    pieces.append(escape(text[position:]))
    return pieces
