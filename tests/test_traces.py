"""Rows of a timeline from what a model did: parallel calls, pauses, answers that went on, sub-agents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hub.models.types import Usage
from hub.runs.records import Call, Step, ToolAnswer
from hub.traces import Pause, Span, Trace, Work, spans

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SPENT = Usage(100, 20)
STEPS = (
    Step(0, 50, 250, 900, SPENT, "tool_calls", 0.002),
    Step(1, 1500, 1700, 2000, SPENT, "stop", 0.003),
)
CALLS = (Call("a", "look", '{"path": "a.txt"}', 0), Call("b", "look", "{}", 0))
GAVE = (
    ToolAnswer("a", "look", "Empty.", "Look", "visibility", "read", ms=600, began_ms=900),
    ToolAnswer("b", "look", "No such file.", error=True, ms=100, began_ms=905),
)
ANSWER = Work("m", "done", STEPS, CALLS, GAVE, usage=SPENT + SPENT, cost=0.005, started_at=NOON, total_ms=2010)


def labels(rows: tuple[Span, ...]) -> list[tuple[str, str, int | None, int | None]]:
    return [(row.kind, row.label, row.began_ms, row.ms) for row in rows]


def test_calls_of_one_round_stand_under_their_step_each_with_its_own_time() -> None:
    rows = spans(ANSWER)
    assert labels(rows) == [
        ("step", "Step 1", 50, 850),
        ("tool", "Look", 900, 600),
        ("tool", "look", 905, 100),
        ("step", "Step 2", 1500, 500),
    ]
    assert [row.status for row in rows] == ["done", "done", "error", "done"]
    assert (rows[0].said, rows[3].said) == ("Called 2 tools", "Answered")
    assert rows[1].parts[0].text == '{"path": "a.txt"}' and rows[1].parts[1].text == "Empty."
    assert (rows[0].first_token_ms, rows[0].cost) == (250, 0.002)


def test_a_call_whose_begin_was_not_kept_begins_at_the_end_of_its_request() -> None:
    old = tuple(replace(one, began_ms=None) for one in GAVE)
    assert [row.began_ms for row in spans(replace(ANSWER, results=old))][1:3] == [900, 900]


def test_a_pause_of_a_day_takes_no_place_on_the_scale() -> None:
    asked = Pause("a", "Look", NOON, "visibility", "allowed", NOON + timedelta(hours=23))
    rows = spans(replace(ANSWER, pauses=(asked,)))
    assert labels(rows)[1] == ("pause", "Waited for you", 900, 23 * 3_600_000)
    assert rows[1].said == "Allowed" and rows[2].label == "Look" and rows[-1].began_ms == 1500


def test_an_answer_that_waits_says_for_what() -> None:
    waits = replace(ANSWER, status="waiting", steps=STEPS[:1], results=GAVE[1:], pauses=(Pause("a", "Look", NOON),))
    rows = spans(waits)
    assert [(row.kind, row.status) for row in rows] == [
        ("step", "done"),
        ("pause", "waiting"),
        ("tool", "waiting"),
        ("tool", "error"),
    ]
    given_up = spans(replace(waits, status="cancelled"))
    assert (given_up[1].label, given_up[2].said) == ("Nobody replied", "Not run")


def test_a_request_that_failed_is_a_row_too() -> None:
    rows = spans(replace(ANSWER, status="error", steps=STEPS[:1], total_ms=2300, error="Overloaded."))
    assert (rows[-1].label, rows[-1].status, rows[-1].began_ms, rows[-1].ms) == ("Step 2", "error", 1500, 800)
    assert rows[-1].parts[0].text == "Overloaded." and rows[-1].cost is None
    assert Trace("m", "c", "", "error", spans=rows).errors == 2


def test_one_that_is_being_written_has_its_open_rows() -> None:
    asking = replace(ANSWER, status="running", steps=STEPS[:1])
    assert labels(spans(asking))[-1] == ("step", "Step 2", 1500, None)
    calling = spans(replace(asking, results=GAVE[:1]))
    assert [(row.kind, row.status) for row in calling] == [("step", "done"), ("tool", "done"), ("tool", "running")]
    assert labels(spans(Work("m", "running"))) == [("step", "Step 1", 0, None)]


def test_a_call_that_was_cut_off_is_not_known_to_have_run() -> None:
    rows = spans(replace(ANSWER, status="interrupted", steps=STEPS[:1], results=GAVE[:1]))
    assert rows[-1].status == "lost" and rows[-1].began_ms is None


def test_an_answer_that_went_on_keeps_counting_its_steps() -> None:
    more = replace(ANSWER, steps=(*STEPS, Step(2, 2100, 2200, 2600, None, "length")))
    rows = spans(more)
    assert labels(rows)[-1] == ("step", "Step 3", 2100, 500) and rows[-1].said == "Reached its output limit"


def test_calls_kept_of_another_answer_took_no_time_here() -> None:
    kept = (replace(GAVE[0], began_ms=None), replace(GAVE[1], error=False, began_ms=0))
    rows = spans(replace(ANSWER, steps=STEPS[1:], results=kept))
    assert [(row.kind, row.status, row.began_ms) for row in rows] == [
        ("tool", "kept", None),
        ("tool", "done", 0),
        ("step", "done", 1500),
    ]
    assert rows[-1].label == "Step 1"


def test_of_an_old_answer_without_steps_the_one_it_took_is_told() -> None:
    old = Work("m", "done", usage=SPENT, cost=0.01, first_token_ms=300, total_ms=1200)
    assert labels(spans(old)) == [("step", "Step 1", 0, 1200)]
    assert spans(Work("m", "done")) == ()


def test_an_unknown_price_stays_unknown_and_is_not_nothing() -> None:
    rows = spans(
        replace(ANSWER, steps=(replace(STEPS[0], cost=None), STEPS[1]), results=(replace(GAVE[0], cost=None),))
    )
    assert (rows[0].cost, rows[1].cost) == (None, None) and rows[-1].cost == 0.003


def below(id_: str, parent: str, call: str, **more: object) -> Work:
    """A sub-agent with a step, a call "a" of its own in it, and another step."""
    work = replace(ANSWER, id=id_, parent=parent, call=call, name=id_.upper(), task="Look.", text="Seen.")
    return replace(
        work, calls=CALLS[:1], results=GAVE[:1], **{"started_at": NOON + timedelta(milliseconds=910), **more}
    )


def test_a_sub_agent_stands_in_the_row_of_its_call_with_what_it_did_inside() -> None:
    first = below("one", "", "a")
    second = below("two", "one", "a", started_at=NOON + timedelta(milliseconds=1810))
    rows = spans(ANSWER, [second, first])
    assert [row.kind for row in rows] == ["step", "agent", "tool", "step"]
    agent = rows[1]
    assert (agent.label, agent.began_ms, agent.ms) == ("ONE", 900, 2010)
    assert [part.title for part in agent.parts] == ["Task", "Answer", "Arguments", "Result"]
    assert labels(agent.spans)[0] == ("step", "Step 1", 950, 850), "its times count from where it was asked"
    inner = agent.spans[1]
    assert (inner.kind, inner.label, inner.began_ms) == ("agent", "TWO", 1800)
    assert len({row.id for row in Trace("m", "c", "", "done", spans=rows).all()}) == 10
    assert Trace("m", "c", "", "done", spans=rows).usage == Usage(600, 120), "six requests"


def test_a_sub_agent_of_a_call_that_runs_yet_is_placed_by_its_own_begin() -> None:
    running = replace(ANSWER, status="running", steps=(), calls=(), results=())
    rows = spans(running, [below("one", "", "zz", status="running")])
    assert (rows[0].kind, rows[0].status, rows[0].began_ms) == ("agent", "running", 910)


def test_a_sub_agent_that_waited_for_the_person_stands_where_it_was_first_asked() -> None:
    resumed = (replace(GAVE[0], began_ms=1400, ms=80), GAVE[1])
    assert spans(replace(ANSWER, results=resumed), [below("one", "", "a")])[1].began_ms == 910
    later = below("one", "", "a", started_at=NOON + timedelta(hours=20))
    assert spans(replace(ANSWER, results=resumed), [later])[1].began_ms == 1400, "leave was waited for first"
