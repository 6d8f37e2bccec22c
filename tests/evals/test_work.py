"""A run from its plan to its last cell."""

from __future__ import annotations

import numpy as np

from hub import evals
from hub.evals import runs_store
from hub.evals.records import Row, RunRequest, Template
from tests.evals.conftest import ANNA
from tests.evals.runs import Bench


def test_every_cell_is_asked_once_and_stored(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(5), "fake", "fake-echo", repeats=2)
    run = bench.work(run_id)
    cells = bench.cells(run_id)
    assert (run.status, len(cells), len(bench.server.requests)) == ("done", 20, 20)
    assert {cell.status for cell in cells} == {"done"}
    assert [cell.index for cell in cells] == list(range(20))
    assert {cell.text for cell in cells if cell.model == 1} == {f"You said: Question {number}" for number in range(5)}
    found = evals.boards(ANNA, run_id)
    assert (found["status"] == 1).all() and not np.isnan(found["ms"]).any()
    assert evals.progress(ANNA, run_id).done == 20


def test_turns_go_on_with_the_answers_before(bench: Bench) -> None:
    rows = (Row("a", ("One", "Two"), system="Be short."),)
    run_id = bench.plan(bench.make_set(rows=rows), "fake-echo")
    bench.work(run_id)
    (cell,) = bench.cells(run_id)
    assert cell.answers == ("You said: One", "You said: Two")
    sent = [message["content"] for message in bench.server.requests[-1].body["messages"]]
    assert sent == ["Be short.", "One", "You said: One", "Two"]


def test_variables_are_filled_once(bench: Bench) -> None:
    rows = (Row("a", vars={"name": "{{other}}", "other": "x"}),)
    run_id = bench.plan(bench.make_set(rows=rows, templates=(Template("T", ("Hello {{ name }}!",)),)), "fake-echo")
    bench.work(run_id)
    assert bench.cells(run_id)[0].text == "You said: Hello {{other}}!"


def test_a_variable_that_is_not_given_names_the_row(bench: Bench) -> None:
    rows = (Row("a", vars={"name": "x"}), Row("b", vars={"other": "x"}))
    set_id = bench.make_set(rows=rows, templates=(Template("T", ("Hello {{name}}!",)),))
    estimate = evals.plan(ANNA, RunRequest(set_id, (bench.model("fake"),), unpriced=True))
    assert estimate.problems == ("Row 2 (b): nothing is given for {{name}} of the template “T”.",)


def test_cells_are_one_document_each(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(30), "fake", "fake-echo", "fake-503")
    bench.work(run_id)
    assert len(runs_store.cells(ANNA, run_id, 0, 1000)) == 90
