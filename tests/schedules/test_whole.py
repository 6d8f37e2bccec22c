"""What starts schedules, with every part in a process of its own: web, worker, scheduler, both stores."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from components.schedules.webhook import HIDDEN, example
from hub import documents
from hub.db.who import OWNER
from hub.models import catalogue
from hub.schedules import gather, manage
from hub.schedules.records import Occurrence, Schedule, Spec, Triggers
from tests.cli.hub_process import hub_up
from tests.conftest import Configure
from tests.documents.working import until

needs = pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl")


def ended(one: Schedule) -> list[Occurrence]:
    return [run for run in manage.history(OWNER, one.id) if run.ended_at]


@needs
def test_a_webhook_and_a_folder_of_documents(tmp_path: Path, configure: Configure) -> None:
    with hub_up(tmp_path / "data", discover_local="false") as hub:
        place = hub.running
        configure(mongo_url=place.mongo_url, postgres_url=place.postgres_url, data=hub.data)
        catalogue.set_default(OWNER, "demo/demo")
        shelf = documents.create_collection(OWNER, "Letters").id
        asked = "What came? {{payload}} {{new_documents}}"
        one = manage.create(OWNER, Spec("Letters", asked, triggers=Triggers(webhook=True, collection=shelf)))
        address = f"{place.url}/api/hooks/schedules/{one.id}"
        script = example(address).replace(HIDDEN, manage.secret(OWNER, one.id))
        said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)
        until(lambda: len(ended(one)) == 1, "the run of the webhook")
        [first] = ended(one)
        assert (first.status, first.cause, json.loads(said.stdout)) == ("done", "webhook", {"run": first.id})
        for number in range(12):
            documents.add_text(OWNER, shelf, f"Letter {number}", f"Letter number {number}.")
        until(lambda: documents.progress(OWNER, shelf).states == {"ready": 12}, "all letters are read")
        read = time.monotonic()
        until(lambda: len(ended(one)) == 2, "the run of the documents")
        newest = ended(one)[0]
        assert (newest.status, newest.cause) == ("done", "document")
        assert time.monotonic() - read > gather.QUIET.total_seconds() - 5, "it waited whether more would come"
        time.sleep(gather.QUIET.total_seconds() / 6)
        assert len(manage.history(OWNER, one.id)) == 2
