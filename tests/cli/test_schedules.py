"""`hub schedules list|run|pause|resume` as a person types them, on embedded stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from hub.db.who import OWNER
from tests.cli.hub_process import HubProcess, hub_up
from tests.cli.test_backup import hub


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hub with worker and scheduler and one schedule of its owner."""
    with (
        hub_up(tmp_path_factory.mktemp("hub") / "data", discover_local="false") as up,
        pytest.MonkeyPatch.context() as patch,
    ):
        from hub.settings import settings

        patch.setenv("HUB_MONGO_URL", up.running.mongo_url)
        patch.setenv("HUB_POSTGRES_URL", up.running.postgres_url)
        settings.cache_clear()
        from hub.schedules import manage
        from hub.schedules.records import Spec
        from hub.schedules.when import read

        when = read({"kind": "repeat", "zone": "UTC", "crons": ["0 9 * * 1-5"]})
        manage.create(OWNER, Spec("Briefing", "fast hello", model="demo/demo", when=when))
        yield up
    settings.cache_clear()


def said(folder: Path, *words: str) -> Any:
    return orjson.loads(hub(folder, "schedules", *words, "--json").stdout)


def test_listed_run_paused_and_resumed(running: HubProcess) -> None:
    folder = running.data
    [one] = said(folder, "list")
    assert one["spec"]["name"] == "Briefing" and one["sentence"] == "Every weekday at 09:00, UTC"
    ran = said(folder, "run", "briefing")
    assert ran["status"] == "done" and ran["said"].startswith("You wrote: “fast hello”")
    assert said(folder, "pause", "all") == {"paused": 1}
    assert "paused" in hub(folder, "schedules", "list").stdout
    assert said(folder, "resume", "all") == {"resumed": 1}
    wrong = hub(folder, "schedules", "run", "nothing")
    assert wrong.returncode == 1
    assert "There is no schedule “nothing”" in wrong.stderr and "Briefing" in wrong.stderr
