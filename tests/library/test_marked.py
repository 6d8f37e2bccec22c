"""The part of a text that is shown, with the words marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.library.marked import LONGEST, marked, words_of


def bold(text: str, words: str) -> str:
    return "".join(f"<{part}>" if on else part for part, on in marked(text, words_of(words)))


def test_words_and_forms_of_them_are_marked() -> None:
    assert bold("Tide tables for Brest, tides", "TIDE table") == "<Tide> <tables> for Brest, <tides>"
    assert bold("running runs", "run") == "running <runs>" or bold("running runs", "run") == "<running> <runs>"
    assert bold("carpet", "car") == "<carpet>"
    assert bold("<b>tide</b> & co", "tide") == "<b><tide></b> & co"
    assert bold("明日の潮見表を見て", "潮見") == "明日の<潮見>表を見て"


def test_markdown_is_read_not_shown() -> None:
    assert bold("## Plan\n\n- **boat**\n```python\nx = 1\n```", "boat") == "Plan <boat> x = 1"
    assert bold("snake_case __init__", "x") == "snake_case init"


def test_a_long_text_is_cut_around_what_was_found() -> None:
    text = f"{'sail ' * 200}the anchor and the chain {'mast ' * 200}"
    said = bold(text, "anchor chain")
    assert "<anchor> and the <chain>" in said
    assert said.startswith("…") and said.endswith("…")
    assert bold(text, "nothing").startswith("sail sail")


@given(st.text(max_size=900), st.text(max_size=40))
def test_pieces_are_a_part_of_the_text(text: str, words: str) -> None:
    pieces = marked(text, words_of(words))
    assert all(piece for piece, _ in pieces)
    plain = "".join(piece for piece, _ in pieces)
    assert len(plain) <= LONGEST + 2
    bare = plain.removeprefix("…").removesuffix("…") if len(plain) > 2 else plain
    assert all(part in " ".join(text.split()) or part in text for part in bare.split(" ") if part.isalnum())
