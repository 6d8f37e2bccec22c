"""`hub memory` on stores of its own."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_chat import Terminal


def test_memories_come_in_are_listed_recalled_and_go_out(tmp_path: Path) -> None:
    hub, file = Terminal(tmp_path / "data"), tmp_path / "notes.md"
    file.write_text("# What you prefer\n- The user likes green tea.\n- My password is hunter22\n")
    done = hub.json("memory", "import", str(file))
    assert (done["added"], [one["code"] for one in done["refusals"]]) == (1, ["secret"])
    [fact] = hub.json("memory", "list")
    assert (fact["text"], fact["kind"], fact["shelf"]) == ("The user likes green tea.", "preference", "live")
    shown = hub.json("memory", "recall", "Which tea do I like?")
    assert [one["kind"] for one in shown["items"]] == ["profile"]
    assert "green tea" in shown["texts"][0]
    whole = hub.json("memory", "export")
    assert [one["id"] for one in whole["facts"]] == [fact["id"]]
    missing = hub("memory", "import", "nowhere.md")
    assert (missing.returncode, "There is no file" in missing.stderr) == (1, True)
