"""Code blocks: a header with the language and a copy button over highlighted code, or a diagram's source."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
from pygments.util import ClassNotFound

HIGHLIGHT_LIMIT = 60_000
"""Characters of code above which colours cost more than they tell."""

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_COPY = '<button type="button" class="copy" data-act="copy-code" aria-label="Copy code">Copy</button>'


def figure(code: str, info: str, *, colours: bool) -> str:
    """A fenced block as HTML. `info` is the text after the fence; without `colours` the code is left plain."""
    language = re.split(r"[\s{:,]", info.strip(), maxsplit=1)[0].lower()
    if language == "mermaid":
        return _diagram(code)
    body = highlighted(code, language) if colours else escape(code, quote=False)
    head = f'<figcaption><span class="lang">{escape(language) or "text"}</span>{_COPY}</figcaption>'
    return f'<figure class="code" data-lang="{escape(language)}">{head}<pre><code>{body}</code></pre></figure>'


def _diagram(source: str) -> str:
    head = f'<figcaption><span class="lang">mermaid</span>{_COPY}</figcaption>'
    return f'<figure class="diagram">{head}<pre class="mermaid">{escape(source, quote=False)}</pre></figure>'


@lru_cache(maxsize=512)
def highlighted(code: str, language: str) -> str:
    """Escaped code with Pygments classes; plain when the language is unknown or the code is very long."""
    lexer = _lexer(language)
    if lexer is None or len(code) > HIGHLIGHT_LIMIT:
        return escape(code, quote=False)
    return highlight(code, lexer, _FORMATTER)


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    if not language:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
