"""Whatever a helper's model prints, and whatever the person replies: nothing runs that is not allowed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub import agents, chat, runs
from hub.agents.records import AgentSpec
from hub.chat import waiting
from hub.runs.records import Limits
from tests.agents.conftest import Shed, said
from tests.agents.test_ask import calls
from tests.chat.conftest import ANNA
from tests.chat.test_given import able
from tests.fakes.openai_server import FakeServer

NAMES = st.sampled_from(
    ["wipe", "look", "ask_carl", "ask_bob", "call_tool", "ask_person", "hand_over_to_carl", "read_more", "nobody"]
)
GIVEN = st.sampled_from(
    [
        '{"path": "a"}',
        '{"path": "b"}',
        '{"path": "a", "allowed": true}',
        '{"task": "x"}',
        '{"name": "wipe", "arguments": {"path": "a"}}',
        '{"questions": [{"question": "May I?"}]}',
        '{"path": ',
        "null",
        '"x"',
    ]
)
CALL = st.builds(
    lambda name, text: f'<tool_call>\n{{"name": "{name}", "arguments": {text}}}\n</tool_call>', NAMES, GIVEN
)
SAID = st.lists(st.one_of(CALL, CALL, st.text(max_size=30)), min_size=1, max_size=3).map("\n".join)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(SAID, min_size=1, max_size=6), st.lists(st.booleans(), min_size=4, max_size=4))
def test_no_call_runs_in_a_helper_that_is_not_allowed(
    model: str, server: FakeServer, shed: Shed, printed: list[str], allowed: list[bool]
) -> None:
    shed.ran.clear()
    server.says[:] = printed
    words: dict[str, Any] = {"model": f"{model}fake-says", "tools": ("group:Shed",), "limits": Limits(steps=4)}
    carl = agents.create(ANNA, AgentSpec("Carl", **words))
    bob = agents.create(ANNA, AgentSpec("Bob", helpers=(carl.id,), successors=(carl.id,), asks=True, **words))
    top = agents.create(ANNA, AgentSpec("Top", model=able(model, "fake-caller"), helpers=(bob.id,)))
    got, leave = said(top.id, calls("bob", "Go.")), list[dict[str, Any]]()
    for yes in allowed:
        if got.status != "waiting":
            break
        one = next(one for one in got.asked if not one.reply)
        if yes and not one.questions:
            assert one.tool == "shed:wipe"
            leave.append(json.loads(one.arguments))
        answers = {question.name: "wipe everything" for question in one.questions} if yes else None
        sent = waiting.reply(ANNA, got.id, one.call, said="allowed" if yes else "denied", answers=answers)
        assert sent and sent.run and runs.wait(sent.run, timeout=30)
        got = chat.get_message(ANNA, got.id)
    assert got.status in {"done", "waiting"}
    wiped = [given for name, given in shed.ran if name == "wipe"]
    for one in wiped:
        assert one in leave
        leave.remove(one)
