"""The evaluate pages without a browser, over the real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components import state
from hub import evals
from hub.db.who import OWNER, Who
from hub.evals.plan import begin
from hub.evals.records import Asked, Row, RunRequest, SetDraft, Template
from tests.conftest import Configure
from tests.evals.runs import connect
from tests.fakes.openai_server import FakeServer

PAGES = Path(__file__).parents[2] / "pages"


def open_page(name: str = "evaluate", **query: str) -> AppTest:
    """The page after one run."""
    page = AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=30)
    page.session_state[state.WHO] = OWNER
    for key, value in query.items():
        page.query_params[key] = value
    return page.run()


def said(page: AppTest) -> str:
    texts = (*page.markdown, *page.caption, *page.title, *page.subheader, *page.error, *page.warning)
    return " ".join(str(text.value) for text in texts)


def a_set(who: Who = OWNER, **more: object) -> str:
    rows = (Row("a", ("What is 1 + 1?",), expected="2", tags=("sum",)), Row("b", ("And 2 + 2?",), expected="4"))
    return evals.create_set(who, SetDraft("Sums", rows, **more)).id  # type: ignore[arg-type]


def test_without_anything_it_says_what_there_would_be(mongo: str) -> None:
    page = open_page()
    assert "No runs yet" in said(page) and "New prompt set" in [button.label for button in page.button]
    page = open_page(view="Prompt sets")
    assert "No prompt sets yet" in said(page)
    assert "No votes yet" in said(open_page(view="Leaderboard"))


def test_what_is_not_there_or_not_ones_own_is_said(mongo: str) -> None:
    theirs = a_set(Who("bert", "Bert"))
    for name, key in (("evaluate_set", "set"), ("evaluate_run", "run")):
        for id_ in ("", "nonsense", theirs):
            page = open_page(name, **{key: id_})
            assert not page.exception and "There is no such" in said(page) and "Sums" not in said(page)


def test_templates_are_saved_as_the_next_version(mongo: str) -> None:
    made = a_set()
    page = open_page("evaluate_set", set=made)
    page.segmented_control(key=f"part_{made}").set_value("Templates").run()
    page.button(key="add_template").click().run()
    stamp = next(field.key for field in page.text_area if field.key.endswith("_1_turns")).removesuffix("_turns")
    page.text_area(key=f"{stamp}_turns").set_value("Think first.\n---\n{{prompt}}").run()
    page.text_input(key=f"{stamp}_name").set_value("Careful").run()
    page.button(key="save_templates").click().run()
    found = evals.get_set(OWNER, made)
    assert found.version == 2 and found.templates[1] == Template("Careful", ("Think first.", "{{prompt}}"))
    assert not page.exception


def test_a_set_that_moved_on_is_not_overwritten(mongo: str) -> None:
    made = a_set()
    page = open_page("evaluate_set", set=made)
    page.segmented_control(key=f"part_{made}").set_value("Templates").run()
    page.button(key="add_template").click().run()
    evals.add_rows(OWNER, made, [Row("c", ("Elsewhere",))])
    page.button(key="save_templates").click().run()
    assert evals.get_set(OWNER, made).rows == 3
    assert len(evals.get_set(OWNER, made).templates) == 1


def test_checks_are_drawn_from_their_kinds_and_saved(mongo: str) -> None:
    made = a_set()
    page = open_page("evaluate_set", set=made)
    page.session_state[state.EVALUATE].work.checks.append({"kind": "contains"})
    page.segmented_control(key=f"part_{made}").set_value("Checks").run()
    assert "Contains" in said(page)
    field = next(one for one in page.text_area if one.label == "Texts")
    field.set_value("{{expected}}\ntwo").run()
    page.button(key="save_checks").click().run()
    assert evals.get_set(OWNER, made).checks == ({"kind": "contains", "value": ["{{expected}}", "two"]},)


def test_versions_say_what_changed_and_lead_back(mongo: str) -> None:
    made = a_set()
    evals.add_rows(OWNER, made, [Row("c", ("Three?",))])
    page = open_page("evaluate_set", set=made)
    page.segmented_control(key=f"part_{made}").set_value("Versions").run()
    assert not page.exception and len(page.expander) == 2


def test_a_run_is_planned_with_the_demo(mongo: str) -> None:
    made = a_set()
    page = AppTest.from_file(str(PAGES / "evaluate_new.py"), default_timeout=30)
    page.session_state[state.WHO] = OWNER
    page.session_state[state.EVALUATE] = state.EvaluateState()
    page.session_state[state.EVALUATE].ask([Asked("demo/demo"), Asked("demo/demo")], made)
    page.run()
    assert not page.exception
    assert "Add a model" not in said(page)
    assert [button for button in page.button if button.label.startswith("Start 4 cells")]
    page.number_input(key="run_1_repeats").set_value(3).run()
    assert [button for button in page.button if button.label.startswith("Start 12 cells")]


def test_a_judge_is_asked_for_when_only_a_row_needs_one(mongo: str) -> None:
    rubric = {"kind": "rubric", "value": "It is friendly."}
    made = evals.create_set(OWNER, SetDraft("Sums", (Row("a", ("Hello?",), checks=(rubric,)),)))
    text = said(open_page("evaluate_new", set=made.id))
    assert "Rows have 1 check of their own" in text and "Judge" in text
    assert "Judge" not in said(open_page("evaluate_new", set=a_set()))


@pytest.mark.parametrize("part", ["Answers", "Charts", "Plan"])
def test_a_run_that_nobody_works_on_yet_is_drawn(mongo: str, part: str) -> None:
    made = a_set(checks=({"kind": "contains", "value": ["{{expected}}"]},))
    run = begin(OWNER, RunRequest(made, (Asked("demo/demo"),), unpriced=True))
    page = open_page("evaluate_run", run=run)
    page.segmented_control(key=f"part_{run}").set_value(part).run()
    assert not page.exception
    wanted = {"Answers": "Sums", "Charts": "No answers yet", "Plan": "Copied in when"}
    assert wanted[part] in said(page)


def test_a_run_gets_the_rows_that_are_ticked(mongo: str) -> None:
    made = a_set()
    run = begin(OWNER, RunRequest(made, (Asked("demo/demo"),)))
    assert "every row of the newest version" in said(open_page("evaluate_extend", run=run))
    evals.add_rows(OWNER, made, [Row("c", ("Three?",), tags=("odd",)), Row("d", ("Four?",)), Row("e", ("Five?",))])
    page = open_page("evaluate_extend", run=run)
    assert [one.label for one in page.checkbox] == ["Three?", "Four?", "Five?"]
    page.checkbox(key=f"pick_{run}_tick_d").check().run()
    page.text_input(key=f"pick_{run}_words").set_value("ODD").run()
    page.button(key=f"pick_{run}_all").click().run()
    assert not page.exception and "2 of 3 new rows chosen" in said(page)
    assert page.button(key="extend_start").label == "Start 2 new cells"
    page.text_input(key=f"pick_{run}_words").set_value("").run()
    assert [one.value for one in page.checkbox] == [True, True, False]
    assert page.session_state[state.EVALUATE].new.rows == {"c", "d"}


def test_judges_have_their_leaderboard_below_the_votes(mongo: str) -> None:
    with FakeServer(tokens=4) as server:
        bench = connect(server, OWNER)
        server.says = ['{"reason": "So.", "winner": "A"}', '{"reason": "So.", "winner": "B"}'] * 3
        every = {"kind": "pairwise", "against": "every"}
        run = bench.plan(bench.make_set(3), "fake", "fake-echo", checks=(every,), judge=bench.model("fake-says"))
        bench.work(run)
    page = open_page(view="Leaderboard")
    assert not page.exception and "No votes yet" in said(page) and "What judges say" in said(page)
    assert "no mark of yours to compare it with yet" in said(page)
    assert "3 comparisons by fake-says on 3 prompts" in said(page)


def test_a_store_that_is_away_is_said(data_dir: Path, configure: Configure) -> None:
    configure(mongo_url="mongodb://127.0.0.1:9/?directConnection=true", store_timeout=0.2)
    for name in ("evaluate", "evaluate_set", "evaluate_new", "evaluate_run"):
        query = {"set": "6b03f407be5a40738de802ad", "run": "6b03f407be5a40738de802ad"}
        assert "comes back by itself" in said(open_page(name, **query))
