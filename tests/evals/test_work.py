"""A run from its plan to its last cell."""

from __future__ import annotations

import numpy as np
import pytest

from hub import evals, files
from hub.evals import runs_store
from hub.evals.records import Asked, Endpoint, Row, RunRequest, Template
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


def test_the_files_of_a_row_go_with_its_first_turn(bench: Bench) -> None:
    file = files.add(ANNA, "notes.txt", b"The answer is 42.")
    rows = (Row("a", ("What is it?", "Sure?"), files=(file.id,)),)
    run_id = bench.plan(bench.make_set(rows=rows), "fake")
    bench.work(run_id)
    first, _, second = [message["content"] for message in bench.server.requests[-1].body["messages"]]
    assert "The answer is 42." in first and "What is it?" in first
    assert second == "Sure?"


def test_an_endpoint_needs_no_connection_and_keeps_no_key(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret-0123456789")
    bench.server.key = "sk-very-secret-0123456789"
    asked = Asked("", endpoint=Endpoint(bench.server.url, "fake-echo", "MY_KEY", stream=True))
    run_id = bench.plan(bench.make_set(2), asked)
    assert bench.work(run_id).status == "done"
    assert {cell.text for cell in bench.cells(run_id)} == {"You said: Question 0", "You said: Question 1"}
    assert all(cell.first_ms for cell in bench.cells(run_id))
    assert b"secret" not in runs_store.run(ANNA, run_id)["plan"]


def test_time_is_guessed_from_earlier_answers(bench: Bench) -> None:
    set_id = bench.make_set(3)
    request = RunRequest(set_id, (bench.model("fake"),), unpriced=True)
    assert evals.plan(ANNA, request).seconds is None
    bench.work(bench.plan(set_id, "fake"))
    guessed = evals.plan(ANNA, request).seconds
    assert guessed is not None and 0 < guessed < 1


def test_one_model_is_asked_after_the_other(bench: Bench) -> None:
    run_id = bench.plan(bench.make_set(8), "fake", "fake-echo", order="models")
    bench.work(run_id)
    assert [request.body["model"] for request in bench.server.requests] == ["fake"] * 8 + ["fake-echo"] * 8
