"""Agents: made, changed, tried, shared, and brought back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub import agents
from hub.agents.records import AgentSpec
from hub.db.who import Who
from hub.errors import BadInput, NotFound
from hub.runs.records import Limits

ADMIN, ANNA, BEN = Who("a", "Admin", "admin"), Who("b", "Anna"), Who("c", "Ben")
SCHEMA = {"type": "object", "properties": {"a.b": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "string"}}}


def test_an_agent_keeps_what_it_was_made_of(agent_store: None) -> None:
    spec = AgentSpec(
        "  Tax   adviser ",
        instructions="Be\0 brief.",
        tools=("calculator",),
        schema=SCHEMA,
        starters=("Hi", " "),
        hue=400,
    )
    made = agents.create(ANNA, spec)
    assert made.spec == replace(spec, name="Tax adviser", instructions="Be brief.", starters=("Hi",), hue=40)
    assert agents.find(ANNA, made.id) == made
    assert [one.id for one in agents.visible(ANNA)] == [made.id]


def test_versions_are_kept_and_brought_back(agent_store: None) -> None:
    made = agents.create(ANNA, AgentSpec("One"))
    second = agents.save(ANNA, made.id, replace(made.spec, instructions="More."), base=1)
    assert second.version == 2
    assert agents.save(ANNA, made.id, second.spec).version == 2
    with pytest.raises(BadInput, match="version 2 now"):
        agents.save(ANNA, made.id, made.spec, base=1)
    assert agents.rollback(ANNA, made.id, 1).spec == made.spec
    assert [(one.number, one.why) for one in agents.versions(ANNA, made.id)] == [
        (3, "version 1 brought back"), (2, "edited"), (1, "made here"),
    ]  # fmt: skip
    with pytest.raises(BadInput):
        agents.rollback(ANNA, made.id, 3)
    with pytest.raises(NotFound):
        agents.rollback(ANNA, made.id, 9)


def test_what_is_tried_is_seen_where_it_is_asked_for(agent_store: None) -> None:
    made = agents.create(ANNA, AgentSpec("One"))
    agents.share(ANNA, made.id, people=[BEN.id])
    agents.try_(ANNA, made.id, replace(made.spec, instructions="Tried."))
    assert agents.find(ANNA, made.id).spec.instructions == ""
    assert agents.find(ANNA, made.id, draft=True).spec.instructions == "Tried."
    assert agents.find(BEN, made.id, draft=True).spec.instructions == ""
    agents.save(ANNA, made.id, replace(made.spec, instructions="Saved."))
    assert agents.find(ANNA, made.id, draft=True).spec.instructions == "Saved."


def test_only_whom_it_is_shared_with_may_use_it_and_only_its_owner_changes_it(agent_store: None) -> None:
    made = agents.create(ANNA, AgentSpec("One"))
    for refused in (lambda: agents.find(BEN, made.id), lambda: agents.duplicate(BEN, made.id)):
        with pytest.raises(NotFound):
            refused()
    agents.share(ANNA, made.id, people=[BEN.id, ANNA.id])
    seen = agents.find(BEN, made.id)
    assert (seen.mine, seen.people, agents.find(ANNA, made.id).people) == (False, (), (BEN.id,))
    for change in (
        lambda: agents.save(BEN, made.id, AgentSpec("Mine")),
        lambda: agents.try_(BEN, made.id, AgentSpec("Mine")),
        lambda: agents.delete(BEN, made.id),
        lambda: agents.share(BEN, made.id),
        lambda: agents.versions(BEN, made.id),
    ):
        with pytest.raises(NotFound):
            change()
    copied = agents.duplicate(BEN, made.id)
    assert (copied.mine, copied.spec.name) == (True, "One (copy)")
    with pytest.raises(BadInput, match="administrator"):
        agents.share(ANNA, made.id, everybody=True)
    agents.share(ANNA, made.id)
    with pytest.raises(NotFound):
        agents.find(BEN, made.id)
    common = agents.create(ADMIN, AgentSpec("Common"))
    agents.share(ADMIN, common.id, everybody=True)
    assert [one.spec.name for one in agents.visible(BEN)] == ["One (copy)", "Common"]


def test_a_deleted_agent_is_gone_until_it_is_brought_back(agent_store: None) -> None:
    made = agents.create(ANNA, AgentSpec("One"))
    agents.delete(ANNA, made.id)
    assert agents.visible(ANNA) == []
    with pytest.raises(NotFound):
        agents.find(ANNA, made.id)
    assert agents.restore(ANNA, made.id).spec == made.spec


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (AgentSpec(" "), "needs a name"),
        (AgentSpec("x" * 81), "at most 80"),
        (AgentSpec("x", instructions="x" * 40_001), "instructions can have at most 40,000"),
        (AgentSpec("x", starters=("a", "x" * 301)), "Starter 2"),
        (AgentSpec("x", limits=Limits(0)), "1 to 100 steps"),
        (AgentSpec("x", limits=Limits(5, cost=0.0)), "above nothing"),
        (AgentSpec("x", schema={"type": "nothing"}), "no JSON schema"),
        (AgentSpec("x", helpers=tuple(map(str, range(21)))), "At most 20 helpers"),
    ],
)
def test_what_cannot_be_is_said(agent_store: None, wrong: AgentSpec, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        agents.create(ANNA, wrong)
    assert agents.visible(ANNA) == []
