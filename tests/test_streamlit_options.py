"""What we rely on in Streamlit that nothing promises: an upgrade that drops it fails here first."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

CONFIG = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text())
TABLES = {"server.trustedUserHeaders"}
HIDDEN = ("runner.postScriptGC", "server.trustedUserHeaders", "global.minCachedMessageSize")


def options(table: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every option of the file by its full name."""
    for name, value in table.items():
        full = f"{path}.{name}" if path else name
        if isinstance(value, dict) and full not in TABLES:
            yield from options(value, full)
        else:
            yield full, value


@pytest.mark.parametrize("name", [name for name, _ in options(CONFIG)])
def test_every_option_of_the_file_exists(name: str) -> None:
    assert name in config.get_config_options()


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_options_still_exist(name: str) -> None:
    assert name in config.get_config_options()


def test_no_collection_after_every_run() -> None:
    assert CONFIG["runner"]["postScriptGC"] is False


def test_the_identity_headers_become_the_keys_that_the_shell_reads() -> None:
    assert CONFIG["server"]["trustedUserHeaders"] == {
        "x-hub-user-id": "id",
        "x-hub-user-name": "name",
        "x-hub-user-role": "role",
    }


def test_nothing_is_reported_to_anybody() -> None:
    assert CONFIG["browser"]["gatherUsageStats"] is False
