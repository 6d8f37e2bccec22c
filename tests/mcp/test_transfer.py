"""The common JSON list of servers, in the spellings of the programs that write it."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from hub import mcp
from hub.errors import BadInput
from hub.mcp import store
from tests.mcp.conftest import ADMIN, ANNA, ROOT, call

CLAUDE = {"mcpServers": {"files": {"command": "npx", "args": ["-y", "server-files", "/data"], "env": {"KEY": "abc"}}}}
CURSOR = {"mcpServers": {"web": {"url": "https://mcp.example/mcp", "headers": {"Authorization": "Bearer sk-1"}}}}
CODE = {
    "inputs": [{"type": "promptString", "id": "key", "password": True}],
    "servers": {
        "old": {"type": "sse", "url": "https://mcp.example/sse"},
        "new": {"type": "http", "url": "https://mcp.example/mcp", "headers": {"X-Key": "${input:key}"}},
        "run": {"type": "stdio", "command": ["uvx", "thing"], "args": [1, True]},
    },
}


def added(given: dict[str, Any]) -> dict[str, tuple[mcp.Server, mcp.Access]]:
    done = mcp.import_servers(ADMIN, json.dumps(given))
    assert all(one.id for one in done), done
    return {one.name: (mcp.server(ADMIN, one.id), store.access(ADMIN, one.id)) for one in done}


def test_claude_desktop() -> None:
    server, access = added(CLAUDE)["files"]
    assert (server.transport, server.place, server.env_names) == ("stdio", "npx", ("KEY",))
    assert (access.command, access.args, access.env) == ("npx", ("-y", "server-files", "/data"), {"KEY": "abc"})


def test_cursor() -> None:
    server, access = added(CURSOR)["web"]
    assert (server.transport, access.headers) == ("http", {"Authorization": "Bearer sk-1"})


def test_visual_studio_code() -> None:
    found = added(CODE)
    assert [found[name][0].transport for name in ("old", "new", "run")] == ["sse", "http", "stdio"]
    assert found["run"][1].args == ("thing", "1", "True")
    said = {one.name: one.said for one in mcp.import_servers(ADMIN, json.dumps({"mcp": CODE}))}
    assert set(said.values()) == {"It is there already."}


@pytest.mark.parametrize("kind", ["streamable-http", "streamableHttp", "http", "HTTP"])
def test_kinds_of_http(kind: str) -> None:
    [(server, _)] = added({"mcpServers": {"x": {"type": kind, "url": "https://mcp.example/x"}}}).values()
    assert server.transport == "http"


def test_what_cannot_be_added_is_named_and_the_rest_is() -> None:
    given = {
        "bad": {"type": "carrier-pigeon", "url": "https://x.example"},
        "worse": {"command": "x", "args": "one string"},
        "empty": {},
        "good": {"url": "https://mcp.example/mcp", "disabled": True},
    }
    said = {one.name: one for one in mcp.import_servers(ADMIN, json.dumps(given))}
    assert [bool(said[name].id) for name in given] == [False, False, False, True]
    assert "carrier-pigeon" in said["bad"].said and "args" in said["worse"].said
    assert not mcp.server(ADMIN, said["good"].id).enabled
    [refused] = mcp.import_servers(ANNA, json.dumps(CLAUDE))
    assert not refused.id and "Only an administrator" in refused.said


def test_what_is_left_to_fill_in_is_said() -> None:
    said = {one.name: one.said for one in mcp.import_servers(ADMIN, json.dumps(CODE))}
    assert said["new"] == "Added. Fill in X-Key before it is used." and said["old"] == "Added."


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"mcpServers": {}}', '{"mcpServers": []}', "{", '{"a": 1}'])
def test_what_is_no_list(text: str) -> None:
    with pytest.raises(BadInput):
        mcp.import_servers(ADMIN, text)


def test_export_has_no_secrets_and_comes_back() -> None:
    secret = "sk-abcdefghijklmnop"
    given = {
        "mcpServers": {
            "run": {"command": "x", "args": ["--token", secret, f"--api-key={secret}", "-v"], "env": {"A": secret}},
            "web": {"url": f"https://mcp.example/mcp?key={secret}", "headers": {"B": secret}},
        }
    }
    added(given)
    text = mcp.export_servers(ADMIN)
    assert secret not in text
    out = json.loads(text)["mcpServers"]
    assert out["run"] == {
        "command": "x",
        "args": ["--token", "${secret}", "--api-key=${secret}", "-v"],
        "env": {"A": "${A}"},
    }
    assert out["web"] == {"type": "http", "url": "https://mcp.example/mcp?key=${key}", "headers": {"B": "${B}"}}
    for one in mcp.cards(ADMIN):
        mcp.remove(ADMIN, one.server.id)
    assert all("Fill in" in one.said for one in mcp.import_servers(ADMIN, text))


def test_an_imported_program_runs() -> None:
    entry = {"command": sys.executable, "args": ["-m", "tests.mcp.servers.program"], "env": {"PYTHONPATH": str(ROOT)}}
    [done] = mcp.import_servers(ADMIN, json.dumps({"mcpServers": {"Program": entry}}))
    mcp.test(ADMIN, done.id)
    assert call(ADMIN, "program_add", a=20, b=22).text == "42"
