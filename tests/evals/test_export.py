"""A run on its way out: every form reads back, text and verdict never touch, nothing of a text becomes markup."""

from __future__ import annotations

import contextlib
import csv
import io
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from hub import evals
from hub.errors import BadInput, NotFound
from hub.evals.export import FORMS, written
from hub.evals.records import AS_WRITTEN, Order, Template
from tests.evals.conftest import ANNA, BERT
from tests.evals.ran import NASTY, ROWS, RUN, report
from tests.evals.runs import Bench


def whole(form: str) -> bytes:
    return b"".join(written(report(), form))


def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(whole("csv").decode("utf-8-sig"), newline="")))


def test_csv_has_a_line_for_each_cell_and_a_column_for_each_check() -> None:
    found = lines()
    assert len(found) == RUN.cells
    first, error, cached = found[:3]
    assert (first["row"], first["id"], first["model"], first["template"], first["repeat"]) == (
        "1", "a", "Alpha", "As written", "1",
    )  # fmt: skip
    assert (first["answer"], first["check: equals"], first["check: friendly"], first["score: friendly"]) == (
        "-4", "true", "true", "0.8",
    )  # fmt: skip
    assert (first["outcome"], first["passed"], first["mark"], first["note"]) == (
        "failed", "false", "false", "no, really",
    )  # fmt: skip
    assert (first["judge_cost"], first["reason: friendly"]) == ("0.001", "Kind.")
    assert (error["outcome"], error["passed"], error["error_kind"], error["error"]) == (
        "error", "", "rate_limited", "Beta is busy <now>.",
    )  # fmt: skip
    assert (cached["cached"], cached["ms"]) == ("true", "")
    assert (found[23]["outcome"], found[23]["answer"]) == ("not asked", "")


def test_csv_keeps_texts_but_for_formulas() -> None:
    nasty = lines()[8]
    assert nasty["answer"] == f"'{NASTY}"
    assert orjson.loads(nasty["answers"].encode()) == ["first", NASTY]
    assert nasty["expected"] == f"'{NASTY}"
    assert lines()[0]["answer"] == "-4", "a number is no formula"


def test_jsonl_holds_everything() -> None:
    found = [orjson.loads(line) for line in whole("jsonl").splitlines()]
    assert len(found) == RUN.cells
    assert found[0]["row"]["vars"] == {"n": "2"}
    assert found[0]["model"] == {"id": "env-openai/Alpha", "label": "Alpha", "params": {"temperature": 0.5}}
    assert found[0]["verdicts"][1]["prompt"] == "Grade"
    assert found[8]["answers"] == ["first", NASTY]
    assert found[1]["error"]["hint"] == "Wait."


def test_junit_tells_errors_from_failures() -> None:
    root = ElementTree.fromstring(whole("junit"))
    suite = root[0]
    assert {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "24",
        "failures": str(len(suite.findall("testcase/failure"))),
        "errors": "1",
        "skipped": str(len(suite.findall("testcase/skipped"))),
    }
    assert len(suite.findall("testcase")) == 24
    assert suite.findall("testcase/error")[0].get("message") == "Beta is busy <now>."
    marked = suite.findall("testcase/failure")[0]
    assert marked.get("message") == "marked by hand: no, really"
    assert suite[0].get("classname") == "Alpha, As written"
    assert suite[0].get("time") == "0.100"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_stands_alone_and_runs_nothing() -> None:
    page = whole("html").decode()
    tags = Tags()
    tags.feed(page)
    assert not {"script", "link", "img", "iframe"} & set(tags.found)
    assert "<script>alert(1)</script>" in tags.text
    assert "default-src 'none'" in page
    assert "prefers-color-scheme" in page
    assert page.count("<tr>") == 2 + 4 + 3
    assert "Sums & <more>" in tags.text
    assert "Beta is busy <now>." in tags.text


def test_markdown_keeps_texts_as_texts() -> None:
    from markdown_it import MarkdownIt

    page = whole("md").decode()
    drawn = MarkdownIt("commonmark", {"html": True}).enable("table").render(page)
    assert "<script>" not in drawn
    assert drawn.count("<h3>") == 3
    assert drawn.count("<table>") == 1
    assert "|" in drawn


def test_parquet_has_types(tmp_path: Path) -> None:
    import pandas as pd

    file = tmp_path / "run.parquet"
    file.write_bytes(whole("parquet"))
    found = pd.read_parquet(file)
    assert len(found) == RUN.cells
    assert found["answer"][8] == NASTY
    assert found["passed"].tolist()[:3] == [False, None, True]
    assert found["ms"].dtype == "float64"
    assert found["check: equals"].tolist()[8] is False


def test_the_notebook_runs_from_top_to_bottom() -> None:
    notebook = orjson.loads(whole("ipynb"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    space: dict[str, Any] = {}
    for cell in notebook["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            with contextlib.redirect_stdout(io.StringIO()):
                exec("".join(cell["source"]), space)  # the test is that it runs
    frame = space["cells"]
    assert len(frame) == RUN.cells
    assert frame["answer"][8] == NASTY
    assert space["summary"].loc[("Beta", "As written"), "errors"] == 1
    assert list(space["by_row"].columns.names) == ["model", "template"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_comes_in_pieces(form: str) -> None:
    pieces = list(written(report(), form))
    assert len(pieces) > 1
    assert ROWS[0].turns[0].encode() in b"".join(pieces) or form in ("parquet", "ipynb")


@pytest.mark.parametrize("order", ["rows", "models"])
def test_a_stored_run_goes_out_row_by_row(bench: Bench, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("hub.evals.export.read"), "CELLS", 16)  # a name of the room's face hides it
    checks = ({"kind": "contains", "value": "fox"}, {"kind": "contains", "value": "wolf"})
    made = bench.make_set(5, (AS_WRITTEN, Template("Again")), checks=checks)
    run = bench.plan(made, "fake", "fake?tokens=2", repeats=2, order=order)
    bench.work(run)
    found = [orjson.loads(line) for line in b"".join(evals.export(ANNA, run, "jsonl")).splitlines()]
    assert [one["row"]["number"] for one in found] == [number for number in range(1, 6) for _ in range(8)]
    assert {(one["row"]["id"], one["row"]["turns"][0]) for one in found} == {
        (f"r{n}", f"Question {n}") for n in range(5)
    }
    seen = {(one["row"]["id"], one["model"]["label"], one["template"]["name"], one["repeat"]) for one in found}
    assert len(seen) == 40
    assert {(one["model"]["label"], one["answers"][0]) for one in found} == {
        ("fake", "the quick brown fox"),
        ("fake?tokens=2", "the quick"),
    }
    lines = list(csv.DictReader(io.StringIO(b"".join(evals.export(ANNA, run, "csv")).decode("utf-8-sig"))))
    assert lines[0]["check: contains"] == "true"
    assert lines[0]["check: contains 2"] == "false"
    assert all(one["other checks"] == "" for one in lines)
    with pytest.raises(NotFound):
        evals.export(BERT, run, "csv")


def test_a_form_that_is_none() -> None:
    with pytest.raises(BadInput, match="no form xlsx"):
        written(report(), "xlsx")
