"""TeX in Markdown: `$x$`, `$$x$$`, `\\(x\\)` and `\\[x\\]`, drawn as MathML; shown as source when it cannot be read."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_PAIRS = (
    ("\\[", "\\]", True),
    ("\\(", "\\)", False),
    ("$$", "$$", True),
    ("$", "$", False),
)
_TEXT_GROUP = re.compile(r"\\(?:text|mbox|textbf|textit|textrm|texttt|operatorname)\s*\{[^{}]*\}")
_LESS, _MORE = "\ue000", "\ue001"


def math(md: MarkdownIt) -> None:
    """Add the rules to `md`."""
    md.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph", "blockquote", "list"]})
    md.inline.ruler.before("escape", "math_inline", _inline)


def typeset(tex: str, *, display: bool, open_end: bool = False) -> str:
    """`tex` as HTML. While its end is still to come (`open_end`) and when it is not understood, the source is shown."""
    tag, kind = ("div", "display") if display else ("span", "inline")
    markup = None if open_end else _mathml(tex.strip(), display)
    if markup is None:
        return f'<{tag} class="math source {kind}">{escape(tex.strip(), quote=False)}</{tag}>'
    return f'<{tag} class="math {kind}">{markup}</{tag}>'


@lru_cache(maxsize=2048)
def _mathml(tex: str, display: bool) -> str | None:
    if not tex or len(tex) > 10_000:
        return None
    # The converter copies text groups without escaping them.
    guarded = _TEXT_GROUP.sub(lambda found: found[0].replace("<", _LESS).replace(">", _MORE), tex)
    try:
        markup = convert(guarded, display="block" if display else "inline")
    except Exception:  # the converter raises whatever its parser trips over; the source is then shown
        return None
    return markup.replace(_LESS, "&lt;").replace(_MORE, "&gt;")


def _inline(state: StateInline, silent: bool) -> bool:
    for left, right, display in _PAIRS:
        if state.src.startswith(left, state.pos):
            end = _closing(state.src, state.pos, left, right)
            if end is None:
                continue
            if not silent:
                token = state.push("math_inline", "", 0)
                token.content = state.src[state.pos + len(left) : end]
                token.meta = {"display": display}
            state.pos = end + len(right)
            return True
    return False


def _closing(source: str, start: int, left: str, right: str) -> int | None:
    """Where the formula that opens at `start` closes; None when it is not one, as in "$5 and $6"."""
    inner = start + len(left)
    if left == "$" and (source[inner : inner + 1].isspace() or source[start - 1 : start].isalnum()):
        return None
    end = source.find(right, inner)
    while end != -1:
        content = source[inner:end]
        if "\n\n" in content or not content.strip():
            return None
        escaped = (len(content) - len(content.rstrip("\\"))) % 2 == 1
        plain_dollar = right == "$" and (content[-1:].isspace() or source[end + 1 : end + 2].isdigit())
        if not escaped and not plain_dollar:
            return end
        if plain_dollar and not escaped:
            return None
        end = source.find(right, end + 1)
    return None


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    first = state.src[state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]]
    pair = next(((a, b) for a, b, display in _PAIRS if display and first.startswith(a)), None)
    if pair is None:
        return False
    found = _block_end(state, start_line, end_line, first[len(pair[0]) :], pair[1])
    if found is None:
        return False
    last, content, is_open = found
    if not silent:
        token = state.push("math_block", "", 0)
        token.content, token.map, token.block = content, [start_line, last + 1], True
        token.meta = {"open": is_open}
        state.line = last + 1
    return True


def _block_end(state: StateBlock, line: int, end_line: int, text: str, right: str) -> tuple[int, str, bool] | None:
    """Last line, content, and whether the end is still to come (only while streaming). Blank lines end a formula."""
    lines: list[str] = []
    while True:
        stripped = text.rstrip()
        if stripped.endswith(right) and (lines or stripped != right or right in text[1:]):
            content = "\n".join([*lines, stripped[: -len(right)]])
            return (line, content, False) if content.strip() else None
        if right in stripped and not lines:
            return None
        lines.append(text)
        line += 1
        if line >= end_line:
            return (line - 1, "\n".join(lines), True) if state.env.get("live") else None
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def render_inline(token: Token) -> str:
    """HTML of a `math_inline` token."""
    return typeset(token.content, display=bool(token.meta["display"]))


def render_block(token: Token) -> str:
    """HTML of a `math_block` token."""
    return typeset(token.content, display=True, open_end=bool(token.meta["open"]))
