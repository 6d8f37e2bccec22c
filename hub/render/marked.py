"""A passage marked in the text that it stands in."""

from __future__ import annotations

import re
from html import escape

from hub.render.markdown import markdown

_START, _END = "\ue010", "\ue011"
_LEAD = re.compile(r"(?:[ \t]*(?:[>|]|[#]{1,6}(?=\s)|[-*+](?=\s)|\d{1,9}[.)](?=\s)|\[[ xX]\](?=\s)))*[ \t]*")
"""What stands at the head of a line and makes it a heading, a list, a quotation or a row."""
_SILENT = re.compile(r"[ \t]*(?:`{3,}|~{3,}|\$\$|[-=|: ]+$)|\s*$")
"""A line that is not shown as text: a fence, a rule, the second line of a table."""
_OPENS, _CLOSES = ("<math", "<figcaption"), ("</math", "</figcaption")
_PIECE = re.compile(r"(<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>)")


def marked(text: str, start: int, end: int, *, typed: bool = False) -> str:
    """Markdown `text` as safe HTML in which the characters from `start` to `end` stand in `<mark>`; with `typed` it is
    no Markdown and is shown as it is.

    Headings, lists and tables stay what they are; nothing is marked inside formulas or the heads of code.
    """
    if typed:
        parts = [escape(part, quote=False) for part in (text[:start], text[start:end], text[end:])]
        mark = f"<mark>{parts[1]}</mark>" if parts[1] else ""
        return f'<div class="typed" dir="auto">{parts[0]}{mark}{parts[2]}</div>'
    text = text.replace(_START, " ").replace(_END, " ")
    start, end = _inner_start(text, start, end), _inner_end(text, start, end)
    if start >= end:
        return markdown(text)
    return _wrapped(markdown(text[:start] + _START + text[start:end] + _END + text[end:]))


def _inner_start(text: str, start: int, end: int) -> int:
    """The first place from `start` at which a character can be put without changing what its line is."""
    while start < end:
        line = text.rfind("\n", 0, start) + 1
        close = text.find("\n", line)
        close = len(text) if close < 0 else close
        if text[start:close].strip("| \t") and not _SILENT.match(text[line:close]):
            lead = _LEAD.match(text[line:close])
            return max(start, line + (lead.end() if lead else 0))
        start = close + 1
    return end


def _inner_end(text: str, start: int, end: int) -> int:
    """The last place up to `end` of which the same is true."""
    while end > start:
        end = start + len(text[start:end].rstrip("| \t\r\n"))
        line = text.rfind("\n", 0, end) + 1
        whole = text[line:].partition("\n")[0]
        lead = _LEAD.match(whole)
        if not _SILENT.match(whole) and end > line + (lead.end() if lead else 0):
            return end
        end = max(line - 1, start)
    return start


def _wrapped(html: str) -> str:
    made: list[str] = []
    inside, closed = False, 0
    for piece in _PIECE.split(html):
        if piece.startswith("<"):
            closed += piece.startswith(_OPENS) - piece.startswith(_CLOSES)
            made.append(piece)
            continue
        for part in re.split(f"({_START}|{_END})", piece):
            if part in (_START, _END):
                inside = part == _START
            elif inside and not closed and part.strip():
                made.append(f"<mark>{part}</mark>")
            else:
                made.append(part)
    return "".join(made)
