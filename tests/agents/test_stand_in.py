"""What an agent says of its models: others that stand in when one cannot answer, and a schema that answers fit."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub import agents, chat, runs
from hub.agents.records import AgentSpec
from hub.models import connections, shape
from hub.tools import check
from hub.turns import Tool, ToolResult
from tests.agents.conftest import Shed, said
from tests.chat.conftest import ANNA
from tests.chat.test_given import able
from tests.fakes.openai_server import FakeServer
from tests.fakes.script import text_of

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "integer"}},
    "required": ["answer"],
    "additionalProperties": False,
}


def agent(model: str, *fallbacks: str, **more: Any) -> str:
    return agents.create(ANNA, AgentSpec("One", model=model, fallbacks=fallbacks, **more)).id


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("fake-429-long", "rate limited"),
        ("fake-500", "the provider failed"),
        ("fake-401", "the key was refused"),
        ("fake-402", "no credit"),
        ("fake-404", "not there any more"),
        ("fake-context", "the conversation is too long for it"),
        ("fake-cut", None),
    ],
)
def test_another_model_stands_in(model: str, server: FakeServer, name: str, why: str | None) -> None:
    got = said(agent(f"{model}{name}", f"{model}fake-echo"), "Hello")
    if why is None:  # it had said something
        assert got.status == "error" and got.model == f"{model}{name}"
        return
    assert (got.status, got.model, got.model_label) == ("done", f"{model}fake-echo", "fake-echo")
    assert got.text == "You said: Hello"
    assert got.notices == (f"{name} could not answer ({why}). fake-echo answered.",)


def test_a_model_without_a_key_and_one_that_is_gone_are_passed_over(model: str) -> None:
    bare = connections.add(ANNA, "openai", name="Bare", key="k")
    connections.update(ANNA, bare.id, enabled=False)
    got = said(agent(f"{bare.id}/gpt", "0" * 24 + "/gone", f"{model}fake-500", f"{model}fake"), "Hello")
    assert got.status == "done" and got.text == text_of(20)
    assert got.notices == (
        "gpt could not answer (not there any more). fake-500 could not answer (the provider failed). fake answered.",
    )


def test_what_another_would_refuse_as_well_is_not_tried(model: str, server: FakeServer) -> None:
    for name in ("fake-content", "fake-400"):
        got = said(agent(f"{model}{name}", f"{model}fake"), "Hello")
        assert got.status == "error" and got.model == f"{model}{name}"
    assert {one.body["model"] for one in server.requests} == {"fake-content", "fake-400"}


def test_when_none_can_the_last_error_stands_and_all_are_named(model: str) -> None:
    got = said(agent(f"{model}fake-500", f"{model}fake-429-long"), "Hello")
    assert got.status == "error" and got.error and got.error.kind == "rate_limited"
    assert got.notices == ("fake-500 could not answer (the provider failed).",)


def test_it_stays_for_the_rest_of_the_answer_and_its_price_counts(model: str, server: FakeServer, shed: Shed) -> None:
    caller = able(model, "fake-caller")
    got = said(
        agent(f"{model}fake-500", caller, tools=("shed:look",)), 'call look {"path": "a"}\ncall look {"path": "b"}'
    )
    assert (got.status, len(shed.ran), got.model) == ("done", 2, caller)
    assert [one.body["model"] for one in server.requests].count("fake-500") == 1
    assert got.usage and got.cost == pytest.approx((got.usage.input * 1.0 + got.usage.output * 2.0) / 1_000_000)


def test_columns_and_the_persons_own_choice(model: str) -> None:
    one = agent(f"{model}fake", f"{model}fake-echo")
    targets = [(f"{model}fake-500", None), (f"{model}fake", None)]
    sent = chat.send(ANNA, text="Hi", targets=targets, attached={"agents": {"agent": one}})
    assert sent.run and runs.wait(sent.run, timeout=30)
    assert chat.get_message(ANNA, sent.answers[0]).status == "error", "a column is that model or nothing"
    alone = said(one, "Hi", targets=targets[:1])
    assert (alone.status, alone.model) == ("done", f"{model}fake-echo")


def test_a_run_that_is_found_dead_knows_who_answered(model: str) -> None:
    got = said(agent(f"{model}fake-500", f"{model}fake-echo"), "Hello")
    events = _events(str(got.run))
    assert [one.data["model"] for one in events if one.type == "model"] == [f"{model}fake-echo"]


def _events(run: str) -> list[Any]:
    runs.shut_down(5)
    from hub.runs import store

    return store.read_log(run, 1)


def test_an_answer_fits_its_schema_or_is_asked_for_again(model: str, server: FakeServer) -> None:
    server.says = ["It is 42.", '{"answer": "42"}', '```json\n{"answer": 42}\n```']
    got = said(agent(f"{model}fake-says", schema=SCHEMA), "What is it?")
    assert (got.text, got.notices) == ('{"answer": 42}', ())
    first, second, third = [one.body for one in server.requests if one.path.endswith("/chat/completions")]
    assert json.dumps(SCHEMA, separators=(",", ":")) in first["messages"][0]["content"]
    assert "it is no JSON" in second["messages"][-1]["content"]
    assert "answer: '42' is not of type 'integer'" in third["messages"][-1]["content"]
    assert "response_format" not in first, "nobody knows whether it takes one"
    assert got.usage and got.usage.output == 3, "all tries count"


def test_what_never_fits_is_kept_and_said(model: str, server: FakeServer) -> None:
    server.says = ["No.", "No!", "Never."]
    got = said(agent(f"{model}fake-says", schema=SCHEMA), "What is it?")
    assert got.status == "done" and got.text == "Never."
    assert got.notices == ("The answer does not fit the agent's schema, after 3 tries: it is no JSON.",)


def test_tools_are_called_before_the_answer_fits(model: str, server: FakeServer, shed: Shed) -> None:
    made = agent(able(model, "fake-caller"), schema={"type": "string"})
    got = said(made, 'call look {"path": "a"}')
    assert len(shed.ran) == 1 and "does not fit" in got.notices[0]
    assert got.text.startswith("All done:")


def test_a_schema_fetches_nothing_and_runs_no_pattern(model: str, server: FakeServer) -> None:
    away = {"type": "object", "properties": {"x": {"$ref": f"{server.root}/schema.json"}}}
    with pytest.raises(shape.Unchecked):
        shape.misfit({"x": 1}, json.dumps(away).encode())
    tool = Tool(_spec(away), "T", "x", lambda _: ToolResult(""))
    with pytest.raises(Exception, match="cannot be checked"):
        check.arguments(tool, '{"x": 1}')
    assert server.requests == []
    assert shape.misfit("a" * 60 + "!", json.dumps({"type": "string", "pattern": "^(a+)+$"}).encode()) == ""


def _spec(parameters: dict[str, Any]) -> Any:
    from hub.models.types import ToolSpec

    return ToolSpec("t", "", parameters)
