"""Lists that are kept by hand match the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.cli import migrate, worker
from hub.cli.programs import ROOT
from hub.errors import BadInput
from hub.settings import example, settings
from tests.conftest import Configure


def modules_with(pattern: str) -> set[str]:
    """Names of modules under hub/ with a line that matches."""
    files = (file for file in Path(ROOT, "hub").rglob("*.py") if re.search(pattern, file.read_text(), re.MULTILINE))
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for file in files}


def test_every_store_with_indexes_is_migrated() -> None:
    assert set(migrate.STORES) == modules_with(r"^INDEXES\b")


def test_the_worker_knows_every_module_with_jobs() -> None:
    assert set(worker.TASKS) == modules_with(r"^@(jobs\.)?(task|periodic)\(") - {"hub.jobs"}


def test_the_example_of_the_environment_is_complete() -> None:
    assert (ROOT / ".env.example").read_text() == example()


def test_only_the_settings_read_the_environment() -> None:
    readers = modules_with(r"os\.(environ|getenv)")
    assert readers - {"hub.models.litellm_library", "hub.mcp.launch"} == {"hub.settings"}


def test_a_setting_that_cannot_be_used_is_named(configure: Configure) -> None:
    configure(port="eight")
    with pytest.raises(BadInput, match="HUB_PORT"):
        settings()
