"""Numbers in an answer that point to its sources, and a passage marked in its text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.render import markdown, marked
from hub.render.citations import drawn

SOURCES = {1: 'Handbook · page "3" <b>', 3: "Notes"}


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("Boil it [1].", {1}),
        ("Boil it [1, 3].", {1, 3}),
        ("Boil it [1][3].", {1, 3}),
        ("| a |\n|---|\n| x [3] |\n\n# Head [1]\n\n- **[1]**", {1, 3}),
        ("No such source [2], [12].", set()),
        ("`[1]` and\n\n```\n[1]\n```\n\n    [1]", set()),
        ("$a[1]$ and [1](https://example.org) and \\[1\\]", set()),
        ('```\n<button type="button" class="cite" data-act="source" data-number="1"\n```', set()),
    ],
)
def test_a_number_with_a_source_is_a_citation(text: str, cited: set[int]):
    assert drawn(markdown(text, SOURCES)) == cited
    assert not drawn(markdown(text))


def test_a_number_without_a_source_stays_text():
    assert ">3</button>[2]." in markdown("So it is [2, 3].", SOURCES)


def test_a_citation_names_its_source_and_no_markup_gets_out_of_it():
    html = markdown("[1]", SOURCES)
    assert 'aria-label="Source 1: Handbook · page &quot;3&quot; &lt;b&gt;"' in html
    assert "<b>" not in html


def test_the_same_text_with_other_sources_is_drawn_anew():
    assert drawn(markdown("again [1] [3]", {1: "One"})) == {1}
    assert drawn(markdown("again [1] [3]", {3: "Three"})) == {3}


TEXT = """# Water

Boil it *well* for `one` minute.

| what | how |
|------|-----|
| boil | 1 min |

> quoted text

1. first $x^2$
- [ ] task

```py
x = 1
```
The end."""


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)))
def test_marking_changes_nothing_but_the_marks(one: int, other: int):
    html = marked(TEXT, min(one, other), max(one, other))
    # Colours of code may fall apart around a mark; its text does not.
    assert _words(re.sub(r"</?mark>", "", html)) == _words(markdown(TEXT))
    assert html.count("<mark>") == html.count("</mark>")
    for tag in ("h1", "table", "tr", "td", "blockquote", "ol", "figure"):
        assert html.count(f"<{tag}") == markdown(TEXT).count(f"<{tag}")


def test_the_passage_is_marked_across_blocks():
    html = marked(TEXT, TEXT.index("*well*"), TEXT.index("| boil") + len("| boil | 1 min |"))
    assert "Boil it <em><mark>well" in html or "Boil it <mark>" in html
    assert "<td><mark>1 min</mark></td>" in html
    assert "<mark>quoted" not in html


def test_signs_of_our_own_in_the_text_mark_nothing():
    assert "<mark>" not in marked("a \ue010b\ue011 c", 0, 0)
