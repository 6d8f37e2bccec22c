"""What the grid of a run shows: pages of rows, filters, words, one cell, and what is compared with what."""

from __future__ import annotations

import pytest

from hub import evals
from hub.errors import BadInput, NotFound
from hub.evals import order, pages, results, runs_store, texts
from hub.evals.records import Row, Template
from tests.evals.conftest import BERT
from tests.evals.runs import ANNA, Bench


def judged(run: str) -> str:
    """Marks what the second model said as good, all else as bad."""
    for row in evals.rows(ANNA, run).rows:
        for column, cells in enumerate(row.cells):
            for cell in cells:
                evals.mark(ANNA, run, cell.index, column == 1)
    return run


@pytest.fixture
def ran(bench: Bench) -> str:
    """Six rows on a model that fails and one that passes, twice each."""
    rows = tuple(
        Row(f"r{at}", (f"Question {at}",), expected=f"answer {at}", tags=("even",) * (at % 2 == 0)) for at in range(6)
    )
    run = bench.plan(bench.make_set(rows=rows), "fake", "fake-echo", repeats=2)
    assert bench.work(run).status == "done"
    return judged(run)


def numbers(run: str, **more: str) -> list[int]:
    return [row.number for row in evals.rows(ANNA, run, **more).rows]


def test_a_page_has_its_rows_with_the_repeats_of_each_column(ran: str) -> None:
    page = evals.rows(ANNA, ran, first=2, count=3)
    assert (page.first, page.size, page.total) == (2, 3, 6)
    assert [row.number for row in page.rows] == [2, 3, 4]
    assert [row.content.turns[0] for row in page.rows] == ["Question 2", "Question 3", "Question 4"]
    assert [[len(column) for column in row.cells] for row in page.rows] == [[2, 2]] * 3
    shown = page.rows[0]
    assert {cell.model for cell in shown.cells[0]} == {0} and {cell.model for cell in shown.cells[1]} == {1}
    assert all(cell.row == 2 for column in shown.cells for cell in column)


def test_filters_leave_the_rows_that_they_name(ran: str) -> None:
    assert numbers(ran, only="differ") == numbers(ran, only="failed") == [0, 1, 2, 3, 4, 5]
    assert numbers(ran, only="errors") == numbers(ran, only="unjudged") == []
    for cell in evals.rows(ANNA, ran).rows[3].cells[0]:
        evals.mark(ANNA, ran, cell.index, True, "good enough")
    assert numbers(ran, only="failed") == numbers(ran, only="differ") == [0, 1, 2, 4, 5]
    with pytest.raises(BadInput):
        evals.rows(ANNA, ran, only="nonsense")


def test_words_are_looked_for_in_prompts_expected_values_and_answers(ran: str) -> None:
    assert numbers(ran, words="question 4") == [4]
    assert numbers(ran, words="ANSWER 2") == [2]
    assert numbers(ran, words="even") == [0, 2, 4]
    assert numbers(ran, words="quick 5") == [5]  # "the quick brown fox" is what one of them answers
    assert numbers(ran, words="nowhere") == []
    assert numbers(ran, words="even", only="failed") == [0, 2, 4]


def test_words_of_a_run_that_is_done_are_read_without_its_cells(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bench.plan(bench.make_set(60), "fake-echo", "fake-503")
    bench.work(run)
    for _ in range(2):
        texts.forget()
        assert numbers(run, words="said: question 41") == [41]
    bench.work(again := bench.plan(bench.make_set(60), "fake-echo", cache=False))
    monkeypatch.delattr(runs_store, "answers")
    monkeypatch.delattr(results, "run_rows")
    texts.forget()
    assert numbers(again, words="said: question 41") == [41]
    assert len(texts.row_ids(ANNA, evals.get_run(ANNA, again))) == 60


def test_words_of_what_was_asked_again_are_found(bench: Bench) -> None:
    run = bench.plan(bench.make_set(4), "fake-401")
    bench.work(run)
    assert numbers(run, words="brown") == []
    wrong = runs_store.cells(ANNA, run, 0, 1)[0]
    evals.retry_errors(ANNA, run)
    page = pages.Claims(ANNA, run, "w", order.Grid(4, 1, 1, 1)).next(lambda: ())
    assert isinstance(page, pages.Page)
    runs_store.put_cells(ANNA, [{**wrong, "status": "done", "answers": ["The Brown fox"]}])
    pages.store(ANNA, run, "w", page, {}, "open")
    assert numbers(run, words="brown") == [0]


def test_columns_are_compared_with_one_of_them_and_with_another_run(bench: Bench, ran: str) -> None:
    against = evals.rows(ANNA, ran, baseline="column:1")
    assert [row.changes for row in against.rows] == [(-1, 0)] * 6
    assert numbers(ran, only="regressed", baseline="column:1") == [0, 1, 2, 3, 4, 5]
    again = bench.plan(evals.get_run(ANNA, ran).set_id, "fake", "fake-echo", repeats=2)
    bench.work(again)
    judged(again)
    for cell in evals.rows(ANNA, again).rows[1].cells[1]:
        evals.mark(ANNA, again, cell.index, False, "")
    assert numbers(again, only="regressed", baseline=f"run:{ran}") == [1]
    change = evals.summary(ANNA, again, f"run:{ran}").columns[1].against
    assert change is not None and change.regressed == (1,) and change.difference.mean < 0
    for odd in ("column:7", "column:x"):
        with pytest.raises(BadInput):
            evals.rows(ANNA, ran, baseline=odd)
    with pytest.raises(NotFound):
        evals.rows(ANNA, ran, baseline="run:6b03f407be5a40738de802ad")


def test_a_cell_has_what_was_asked_and_its_repeats(ran: str) -> None:
    index = evals.rows(ANNA, ran).rows[4].cells[1][1].index
    found = evals.cell(ANNA, ran, index)
    assert found.asked.turns == ("Question 4",) and "Question 4" in found.cell.text
    assert [cell.repeat for cell in found.repeats] == [0, 1] and found.repeats[1] == found.cell
    assert found.cell.passed and found.cell.mark is not None
    with pytest.raises(NotFound):
        evals.cell(ANNA, ran, 999)
    with pytest.raises(NotFound):
        evals.cell(BERT, ran, index)


def test_a_cell_becomes_a_row_as_its_template_asked_it(bench: Bench) -> None:
    rows = (Row("r", vars={"city": "Oslo"}), Row("s", vars={"city": "Rome"}, expected="forum"))
    ways = (Template("Short", ("What is in {{city}}?",), "Be brief."),)
    run = bench.plan(bench.make_set(rows=rows, templates=ways), "fake")
    bench.work(run)
    made = evals.as_row(ANNA, run, 0)
    assert (made.turns, made.system) == (("What is in Oslo?",), "Be brief.") and made.expected
    assert evals.as_row(ANNA, run, 1).expected == "forum"


def test_rows_of_wide_runs_come_in_smaller_pages(bench: Bench) -> None:
    run = bench.plan(bench.make_set(30), *["fake"] * 4, repeats=20)
    page = evals.rows(ANNA, run)
    assert page.size == 12 and len(page.rows) == 12
    assert all(cell.status == "queued" for row in page.rows for column in row.cells for cell in column)


def test_one_after_the_other_has_the_same_columns(bench: Bench) -> None:
    run = bench.plan(bench.make_set(4), "fake", "fake-echo", order="models")
    bench.work(run)
    judged(run)
    shown = evals.rows(ANNA, run).rows
    assert [[column[0].passed for column in row.cells] for row in shown] == [[False, True]] * 4
    assert numbers(run, words="question 3") == [3]
