"""`hub agents` and `hub chat` with an agent, on stores of their own."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_chat import Terminal


def test_agents_are_listed_and_run(tmp_path: Path) -> None:
    hub = Terminal(tmp_path / "data")
    assert hub.json("agents", "list") == []
    nobody = hub("agents", "run", "Nobody", "Hello")
    assert nobody.returncode == 1 and "There is no agent “Nobody”" in nobody.stderr
