"""Numbers in brackets that point to a source of an answer: "[1]", "[1, 3]", "[1][3]"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

Titles = Mapping[int, str]
"""What each number points to, in words for the reader who rests on it."""

_GROUP = re.compile(r"\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\]")
_CLOSING = frozenset(".,;:!?)")
"""Signs that stay on the line of the citation before them."""
_HEAD = '<button type="button" class="cite" data-act="source" data-number="'
_DRAWN = re.compile(re.escape(_HEAD) + r"(\d+)")


def rule(state: StateCore) -> None:
    """Turns the numbers that have a source into citations; in text only, never in code, links or formulas."""
    titles: Titles = state.env.get("sources") or {}
    if not titles:
        return
    for token in state.tokens:
        if token.type == "inline" and token.children and "[" in token.content:
            token.children = _cited(token.children, titles)


def draw(token: Token) -> str:
    """A citation as HTML."""
    number, title = token.meta["number"], escape(token.meta["title"])
    label = f'title="{title}" aria-label="Source {number}: {title}"'
    button = f'{_HEAD}{number}" {label}>{number}</button>'
    return f'<span class="cited">{button}{token.meta["tail"]}</span>' if "tail" in token.meta else button


def drawn(html: str) -> frozenset[int]:
    """The numbers of the citations in rendered HTML."""
    return frozenset(int(number) for number in _DRAWN.findall(html))


def _cited(tokens: Sequence[Token], titles: Titles) -> list[Token]:
    made: list[Token] = []
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            made.extend(_split(token, titles))
        else:
            made.append(token)
    return made


def _split(token: Token, titles: Titles) -> list[Token]:
    made: list[Token] = []
    position = 0
    for found in _GROUP.finditer(token.content):
        numbers = [int(number) for number in re.findall(r"\d+", found[1])]
        known = [number for number in numbers if number in titles]
        if not known:
            continue
        made.append(_text(token.content[position : found.start()], token.level))
        made.extend(
            Token("citation", "button", 0, meta={"number": number, "title": titles[number]}, level=token.level)
            for number in dict.fromkeys(known)
        )
        unknown = ", ".join(str(number) for number in numbers if number not in titles)
        if unknown:
            made.append(_text(f"[{unknown}]", token.level))
        position = found.end()
        if not unknown and token.content[position : position + 1] in _CLOSING:
            made[-1].meta["tail"] = token.content[position]
            position += 1
    made.append(_text(token.content[position:], token.level))
    return made


def _text(text: str, level: int) -> Token:
    return Token("text", "", 0, content=text, level=level)
