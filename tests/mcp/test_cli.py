"""`hub mcp` on stores of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.cli.test_chat import Terminal
from tests.mcp.conftest import ROOT


def test_servers_come_in_are_tried_listed_and_go_out(tmp_path: Path) -> None:
    hub, file = Terminal(tmp_path / "data"), tmp_path / "servers.json"
    entry = {"command": sys.executable, "args": ["-m", "tests.mcp.servers.program"], "env": {"PYTHONPATH": str(ROOT)}}
    file.write_text(json.dumps({"mcpServers": {"Program": entry, "Odd": {"type": "pigeon"}}}))
    done = {one["name"]: one for one in hub.json("mcp", "import", str(file))}
    assert done["Program"]["id"] and "pigeon" in done["Odd"]["said"]
    shown = hub.json("mcp", "test", "Program")
    assert "add" in [tool["name"] for tool in shown["tools"]] and shown["state"] == "ready"
    [listed] = hub.json("mcp", "list")
    assert (listed["name"], "add" in listed["tools"]) == ("Program", True)
    missing = hub("mcp", "test", "Nobody")
    assert (missing.returncode, "There is no MCP server Nobody" in missing.stderr) == (1, True)
    broken = hub("mcp", "add", "Broken", "--", "no-such-program")
    assert broken.returncode == 0
    tried = hub("mcp", "test", "Broken")
    assert (tried.returncode, "no-such-program cannot be started" in tried.stderr) == (1, True)
