"""A leaderboard from a file of votes, and lines that cannot be read."""

from __future__ import annotations

import math
from pathlib import Path

import orjson
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hub.cli import eval_votes
from hub.errors import BadInput, HubError
from hub.votes.files import as_json, rank, read

app = typer.Typer()
app.command()(eval_votes.votes)
FILE = "a,b,winner\n" + "large,small,a\n" * 30 + "large,small,b\n" * 10 + "small,large,tie\n" * 4


def run(file: Path, *options: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, [str(file), *options])
    return found.exit_code, found.stdout, found.stderr


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text(FILE)
    code, said, _ = run(file, "--json")
    models = orjson.loads(said)["models"]
    assert code == 0
    assert [model["model"] for model in models] == ["large", "small"]
    assert set(models[0]) == {"model", "score", "low", "high", "rank_low", "rank_high", "votes"}
    assert models[0]["score"] - models[1]["score"] == pytest.approx(400 * math.log10(32 / 12))
    assert models[0]["low"] < models[0]["score"] < models[0]["high"]
    assert (models[0]["rank_low"], models[0]["rank_high"], models[0]["votes"]) == (1, 1, 44)


def test_table(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("a,b,winner\nx,y,a\nx,x,a\nx,y,b\nx,y,a\n")
    code, said, warned = run(file)
    assert code == 0
    assert "1-2" in said
    assert "more votes to separate x from y." in said
    assert "Left out 1 of a model with itself." in warned


def test_votes_of_a_row_belong_together() -> None:
    lines = "".join(f"{row % 5},x,y,{'a' if row % 5 < 3 else 'b'}\n" for row in range(50))
    apart = rank(("number,a,b,winner\n" + lines).encode()).ranking
    together = rank(("row,a,b,winner\n" + lines).encode()).ranking
    assert (apart.prompts, together.prompts) == (50, 5)
    assert together.entries[0].high - together.entries[0].low > 2 * (apart.entries[0].high - apart.entries[0].low)


def test_columns_in_any_order_and_what_spreadsheets_write() -> None:
    file = "\ufeffWinner;B;row;A;note\r\nTIE;y;7;x;hm\r\n;;;;\r\na;y;8;x;\r\n"
    assert [tuple(duel)[:4] for duel in read(file.encode())] == [("row 7", "x", "y", 0.5), ("row 8", "x", "y", 1.0)]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "The file is empty"),
        (b"a,b\nx,y\n", "Line 1: there is no column winner"),
        (b"a,b,winner\nx,y,a\nx,y,left\n", "Line 3: the winner is “left”"),
        (b"a,b,winner\nx,y\n", "Line 2: the winner is empty"),
        (b"a,b,winner\n\nx,,a\n", "Line 3: column b is empty"),
        (b"a,b,winner\nx,y,a\n\xff,y,a\n", "Line 3 is not in UTF-8"),
        (b'a,b,winner\nx,y,a\n"x"z,y,a\n', "Line 3 cannot be read"),
        (b"a,b,winner\nx,x,a\n", "no vote between two models"),
        (b"a,b,winner\nx,y,a\np,q,b\n", "No vote connects these groups"),
    ],
)
def test_what_cannot_be_read_is_named(file: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rank(file)


def test_errors_end_with_2(tmp_path: Path) -> None:
    code, _, said = run(tmp_path / "none.csv")
    assert code == 2
    assert "cannot be read" in said
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b,winner\nx,y,neither\n")
    code, out, _ = run(bad, "--json")
    assert code == 2
    assert orjson.loads(out)["error"]["message"].startswith("Line 2")


@settings(deadline=None)
@given(st.text(alphabet='ab,"\n\rx;\t é\0', max_size=80) | st.just("a,b,winner\n"))
def test_no_file_does_anything_but_rank_or_say_what_is_wrong(text: str) -> None:
    try:
        assert as_json(rank(("a,b,winner\n" + text).encode()))["models"]
    except HubError as error:
        assert error.message
