"""Which settings count as set by a person, and which the hub has set for itself."""

from __future__ import annotations

import os

import pytest

from hub import settings as module
from hub.settings import forced, override, settings
from tests.conftest import Configure


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set, whatever a command of an earlier test has left, and what `override` changes goes back."""
    left = {name for name in os.environ if name.startswith("HUB_")}
    for name in {"HUB_MONGO_URL", "HUB_PORT", module._OWN, *left}:
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)


def test_what_a_person_sets_is_named_and_secrets_are_hidden(configure: Configure, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-1234")
    configure(port=9000, mongo_url="mongodb://me:word@db/hub")
    shown = {one.variable: one.value for one in forced()}
    assert shown["HUB_PORT"] == "9000"
    assert shown["HUB_MONGO_URL"] == shown["OPENROUTER_API_KEY"] == "hidden"
    assert "HUB_HOST" not in shown


def test_what_the_hub_sets_for_itself_is_not_a_persons(configure: Configure):
    configure(port=9000)
    override(port=9001, mongo_url="mongodb://127.0.0.1:1/")
    assert [one.variable for one in forced()] == ["HUB_PORT"]
    child = module.child_environment(data="/somewhere")
    assert set(child[module._OWN].split(",")) >= {"mongo_url", "data"}
    assert "port" not in child[module._OWN]


def test_private_networks_are_one_setting_and_older_names_open_what_they_opened(configure: Configure):
    rooms = ("documents", "tools", "mcp")
    assert not any(settings().reaches_private(room) for room in rooms)
    configure(documents_private_urls="true", mcp_private_urls="false")
    assert [settings().reaches_private(room) for room in rooms] == [True, False, False]
    configure(private_urls="true")
    assert all(settings().reaches_private(room) for room in rooms)
