"""Markdown of answers to safe HTML, top-level block by block."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.tasklists import tasklists_plugin

from hub.render import citations, math
from hub.render.clean import clean
from hub.render.code import figure
from hub.render.plain import ADDRESS, plain

PLAIN_LIMIT = 200_000
"""Characters above which an answer is shown as plain text: parsing it would take seconds."""

Env = MutableMapping[str, Any]
OWN_FILE = re.compile(r"/api/files/[A-Za-z0-9_-]+(\?[A-Za-z0-9_=&-]*)?\Z")
_WEB = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """One top-level block of a text. `tail` marks the one that may still change while text comes in."""

    index: int
    html: str
    tail: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """Tokens of one top-level block and its lines, first to one past the last."""

    tokens: Sequence[Token]
    start: int
    end: int


def markdown(text: str, sources: Mapping[int, str] | None = None) -> str:
    """`text` as safe HTML. Raw HTML in it is shown as text; only images of this hub are loaded.

    `sources` are the numbers that the text may cite, each with what stands there in words: "[1]" becomes a button.
    """
    return "".join(block.html for block in blocks(text, sources))


def blocks(text: str, sources: Mapping[int, str] | None = None) -> tuple[Block, ...]:
    """`text` as its top-level blocks. Cached by text and sources."""
    key = f"{text}\x00{sorted(sources.items())}" if sources else text
    cached = _CACHE.get(key)
    if cached is not None:
        return cached
    if len(text) > PLAIN_LIMIT:
        made = (Block(0, plain(text)),)
    else:
        env: Env = {"sources": sources or {}}
        made = tuple(Block(index, draw(piece, env)) for index, piece in enumerate(parse(text, env)))
    _CACHE.put(key, made)
    return made


def parse(text: str, env: Env) -> list[Parsed]:
    """The top-level blocks of `text`; link definitions are collected in `env`."""
    found: list[Parsed] = []
    start = 0
    tokens = _MD.parse(text, env)
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            group = tokens[start : index + 1]
            lines = group[0].map or [0, 0]
            found.append(Parsed(group, lines[0], lines[1]))
            start = index + 1
    return found


def draw(piece: Parsed, env: Env) -> str:
    """Safe HTML of one block. `env["live"]` leaves code without colours and open formulas as source."""
    return clean(_MD.renderer.render(piece.tokens, _MD.options, env)).strip()


def words(text: str) -> str:
    """`text` in one line without its marks, its parts apart by " · ", as a row of a list shows it; code and formulas as
    they are written."""
    parts = (
        "".join(" " if one.type.endswith("break") else one.content for one in token.children or [token])
        for token in _MD.parse(text, {})
    )
    return " · ".join(" ".join(part.split()) for part in parts if part.strip())


def _bare_addresses(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children and "://" in token.content:
            token.children = _with_addresses(token.children)


def _with_addresses(tokens: Sequence[Token]) -> list[Token]:
    made: list[Token] = []
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside and "://" in token.content:
            made.extend(_split(token.content, token.level))
        else:
            made.append(token)
    return made


def _split(text: str, level: int) -> list[Token]:
    made: list[Token] = []
    position = 0
    for found in ADDRESS.finditer(text):
        made.append(Token("text", "", 0, content=text[position : found.start()], level=level))
        made.append(Token("link_open", "a", 1, attrs={"href": found[0]}, level=level))
        made.append(Token("text", "", 0, content=found[0], level=level + 1))
        made.append(Token("link_close", "a", -1, level=level))
        position = found.end()
    made.append(Token("text", "", 0, content=text[position:], level=level))
    return made


def _direction(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in _DIRECTED:
            token.attrSet("dir", "auto")
        alignment = str(token.attrs.pop("style", "")) if token.type in {"th_open", "td_open"} else ""
        if alignment:
            token.attrSet("class", alignment.removeprefix("text-align:"))


_DIRECTED = {
    "paragraph_open",
    "heading_open",
    "bullet_list_open",
    "ordered_list_open",
    "list_item_open",
    "blockquote_open",
    "table_open",
}


class _Renderer(RendererHTML):
    """The parts of a message that differ from plain CommonMark output."""

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return figure(tokens[idx].content, tokens[idx].info, colours=not env.get("live"))

    def code_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return figure(tokens[idx].content, "", colours=False)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return math.render_inline(tokens[idx])

    def math_block(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return math.render_block(tokens[idx])

    def citation(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return citations.draw(tokens[idx])

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        token = tokens[idx]
        if not _WEB.match(str(token.attrs.get("href", ""))):
            token.attrs.pop("href", None)
        return self.renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        source = str(tokens[idx].attrs.get("src", ""))
        name = escape(self.renderInlineAsText(tokens[idx].children, options, env))
        if OWN_FILE.match(source):
            return f'<img src="{escape(source)}" alt="{name}" loading="lazy">'
        # A remote image would be fetched by showing it: text slipped into a prompt could leak the chat in its address.
        if _WEB.match(source):
            return f'<a class="remote-image" href="{escape(source)}">{name or escape(source)}</a>'
        return name

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return '<div class="table">' + self.renderToken(tokens, idx, options, env)

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Env) -> str:
        return self.renderToken(tokens, idx, options, env) + "</div>"


def _parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable(["table", "strikethrough"])
    md.use(tasklists_plugin)
    math.math(md)
    md.core.ruler.push("bare_addresses", _bare_addresses)
    md.core.ruler.push("citations", citations.rule)
    md.core.ruler.push("direction", _direction)
    return md


class _Cache:
    """The most recently drawn texts, up to a total size in characters."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[str, tuple[Block, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> tuple[Block, ...] | None:
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
            return found

    def put(self, text: str, made: tuple[Block, ...]) -> None:
        with self._lock:
            if text in self._kept:
                return
            self._kept[text] = made
            self._size += _weight(text, made)
            while self._size > self._limit and self._kept:
                self._size -= _weight(*self._kept.popitem(last=False))


def _weight(text: str, made: tuple[Block, ...]) -> int:
    return len(text) + sum(len(block.html) for block in made)


_MD = _parser()
_CACHE = _Cache(24_000_000)
