"""`hub schedules preview`."""

from __future__ import annotations

import json
import subprocess
import sys

from typer.testing import CliRunner

from hub.cli import app

FROM = ["--tz", "Europe/Berlin", "--from", "2027-03-27T12:00"]


def test_json() -> None:
    ran = CliRunner().invoke(app, ["schedules", "preview", "jeden Tag um 2:30", *FROM, "--count", "2", "--json"])
    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == {
        "when": {"kind": "repeat", "zone": "Europe/Berlin", "crons": ["30 2 * * *"]},
        "sentence": "Every day at 02:30, Berlin time",
        "zone": "Europe/Berlin",
        "times": [
            {"utc": "2027-03-28T01:00:00Z", "local": "2027-03-28T03:00:00+02:00"},
            {"utc": "2027-03-29T00:30:00Z", "local": "2027-03-29T02:30:00+02:00"},
        ],
        "notes": [
            "On Sunday 28 March 2027 clocks go forward at 02:00: it runs at 03:00 instead of 02:30.",
            "On Sunday 31 October 2027 clocks go back at 03:00: it runs once, at the first 02:30.",
        ],
    }


def test_text() -> None:
    ran = CliRunner().invoke(app, ["schedules", "preview", "0 9 * * MON", *FROM, "--count", "1"])
    assert ran.stdout.startswith("Every Monday at 09:00, Berlin time\n\ncron  0 9 * * 1\nMon 2027-03-29 09:00 +0200")


def test_what_is_unclear_is_said_with_status_1() -> None:
    ran = CliRunner().invoke(app, ["schedules", "preview", "biweekly", "--json"])
    assert ran.exit_code == 1
    error = json.loads(ran.stdout)["error"]
    assert error["kind"] == "bad_input"
    assert error["hint"].startswith("Write every two weeks")
    ran = CliRunner().invoke(app, ["schedules", "preview", "daily", "--tz", "Mars/Olympus"])
    assert (ran.exit_code, ran.stderr.split("\n")[0]) == (1, 'The time zone "Mars/Olympus" is not known.')
    assert CliRunner().invoke(app, ["schedules", "preview", "daily", "--from", "soon"]).exit_code == 1


def test_it_loads_no_store_and_no_model() -> None:
    code = (
        "import sys; from hub.schedules.when import parse; "
        "print([name for name in ('pymongo', 'litellm', 'psycopg', 'httpx', 'pydantic') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
