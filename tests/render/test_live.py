"""Text that streams in ends as the same HTML, however it was cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from hub.render import LiveMarkdown, blocks

SAMPLE = """# Title

A paragraph with **bold**, `code`, $x^2$ and a [link][ref].
Second line.

- one
- two

  still two

    code in two
- three
1. first

```python
def f():

    return "# no heading"
```

| a | b |
|---|---|
| 1 | 2 |

> quote
lazy

$$
a
- b
$$

\\[ \\frac{1}{2} \\]

text
===

para
#tag
# heading
***
~~~mermaid
graph TD; A-->B
~~~
last [ref]

[ref]: https://example.org
"""

PIECES = st.sampled_from(
    ["a", "b c", " ", "    ", "\n", "\n\n", "- ", "1. ", "# ", "#", "> ", "```", "```py\n", "~~~", "|",
     "|-|\n", "$$", "$",
     "\\[", "\\]", "*", "**", "---", "===", "[r]", "[r]: /x\n", "<b>", "\\", "`", "\t"]
)  # fmt: skip


def _stream(chunks: list[str]) -> tuple[dict[int, str], LiveMarkdown]:
    live = LiveMarkdown()
    shown: dict[int, str] = {}
    for chunk in chunks:
        for block in live.feed(chunk):
            shown[block.index] = block.html
    for block in live.finish():
        assert not block.tail
        shown[block.index] = block.html
    return shown, live


def _cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


def _whole(shown: dict[int, str]) -> str:
    return "".join(shown[index] for index in sorted(shown))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=40))
def test_any_cut_of_a_real_answer_ends_the_same(places):
    shown, live = _stream(_cut(SAMPLE, places))
    assert live.text == SAMPLE
    assert _whole(shown) == "".join(block.html for block in blocks(SAMPLE))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_any_text_ends_as_a_whole_render(chunks):
    shown, _ = _stream(chunks)
    assert _whole(shown) == "".join(block.html for block in blocks("".join(chunks)))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES.filter(lambda piece: "[r]" not in piece), max_size=30))
@example(["a\n|b\n---", "a"])  # a table while its second line is not whole
@example(["> $$\n", "```py\n"])  # a formula that never ends, in a quotation
@example(["a\n$$b\n$$", "a"])  # a formula while its last line is not whole
def test_finished_blocks_are_never_taken_back(chunks):
    live = LiveMarkdown()
    final: dict[int, str] = {}
    for chunk in chunks:
        for block in live.feed(chunk):
            assert block.index not in final
            if not block.tail:
                final[block.index] = block.html
    assert not [block for block in live.finish() if block.index in final]


def test_finished_blocks_are_drawn_once_and_only_the_tail_again():
    live = LiveMarkdown()
    seen: list[tuple[int, bool]] = []
    for character in "one\n\ntwo\n\nthree\n":
        seen.extend((block.index, block.tail) for block in live.feed(character))
    assert seen.count((0, False)) == 1
    assert seen.count((1, False)) == 1
    assert (2, False) not in seen


def test_code_is_coloured_once_it_is_closed():
    live = LiveMarkdown()
    [open_block] = live.feed("```python\ndef f(): pass\n")
    assert open_block.tail
    assert '<span class="k">' not in open_block.html
    [closed] = live.feed("```\n")
    assert not closed.tail
    assert '<span class="k">' in closed.html


def test_an_open_formula_shows_its_source():
    live = LiveMarkdown()
    [block] = live.feed("$$\n\\frac{1}{")
    assert "math source" in block.html


def test_a_late_link_definition_mends_earlier_blocks():
    live = LiveMarkdown()
    live.feed("see [ref]\n\nmore\n\n")
    live.feed("[ref]: https://example.org\n")
    changed = live.finish()
    assert 'href="https://example.org"' in changed[0].html


def test_nothing_is_sent_twice():
    live = LiveMarkdown()
    live.feed("same")
    assert live.feed("") == []
