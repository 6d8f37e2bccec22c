"""A process whose agent asks another one that takes long: `python -m tests.agents.dying MODEL`."""

from __future__ import annotations

import sys
from threading import Event

from hub import agents, chat
from hub.agents.records import AgentSpec
from tests.chat.conftest import ANNA
from tests.chat.test_given import able


def main() -> None:
    """Asks, and waits for its end."""
    model = sys.argv[1]
    chat.start()
    agents.start()
    slow = agents.create(ANNA, AgentSpec("Slow", model=f"{model}fake?tokens=5000&gap=20"))
    top = agents.create(ANNA, AgentSpec("Top", model=able(model, "fake-caller"), helpers=(slow.id,)))
    sent = chat.send(ANNA, text='call ask_slow {"task": "Talk."}', attached={"agents": {"agent": top.id}})
    print(sent.answers[0], sent.run, flush=True)
    Event().wait()


if __name__ == "__main__":
    main()
