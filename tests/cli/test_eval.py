"""`hub eval`, run as a person or a build server runs it, on embedded stores and a provider on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from hub import evals
from hub.cli import app
from hub.cli.migrate import migrate_mongo
from hub.cli.programs import ROOT
from hub.cli.several import spread
from hub.db.who import OWNER
from tests.evals.runs import connect
from tests.fakes.openai_server import FakeServer

ROWS = "prompt,expected\none tokens=3,the quick brown\ntwo tokens=2,the quick\nthree tokens=1,nothing\n"


@pytest.fixture(autouse=True)
def _stored(mongo: str) -> None:
    migrate_mongo()


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    return file


def call(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["eval", *arguments])
    assert result.exit_code == code, result.output
    return result.stdout


def told(*arguments: str, code: int = 0) -> Any:
    return orjson.loads(call(*arguments, "--json", code=code))


def ask(file: Path, server: FakeServer, *more: str, model: str = "fake", code: int = 0) -> Any:
    return told("run", str(file), "--base-url", server.url, "--model", model, *more, code=code)


def test_a_table_is_run_on_models_of_a_base_url(rows: Path, server: FakeServer) -> None:
    found = ask(rows, server, "--model", "fake?gap=1", "--repeats", "2", "--concurrency", "4")
    assert (found["cells"], found["passed"], found["failed"], found["errors"]) == (12, 8, 4, 0)
    assert (found["calls"], len(server.requests)) == (12, 12)
    assert found["tokens"]["out"] == 24
    assert found["cost"] is None
    assert found["status"] == "done"
    assert [one["name"] for one in found["columns"]] == ["fake", "fake?gap=1"]
    assert not any(request.body.get("stream") for request in server.requests)


@pytest.mark.parametrize(
    "words",
    [
        "FILE --model a b c --json",
        "FILE --model a --json --model b --model=c",
        "FILE --model a,b --model c",
        "--model a b c FILE",
        "--json --model a b,c --judge j FILE",
        "--judge j FILE --model=a b c",
        "--model a b c -- FILE",
    ],
)
def test_models_are_named_in_any_way(words: str) -> None:
    made = spread(words.split(), {"--model", "--judge"})
    named = [name for flag, name in pairwise(made) if flag == "--model"]
    assert ",".join(named) == "a,b,c"
    assert made.count("FILE") == 1
    assert [word for word in made if word.startswith("--j")] == [word for word in words.split() if word[:3] == "--j"]


def test_a_stranger_names_several_models_after_one_flag(rows: Path, server: FakeServer) -> None:
    found = told("run", str(rows), "--base-url", server.url, "--model", "fake", "fake?gap=1", "--no-stream")
    assert [one["name"] for one in found["columns"]] == ["fake", "fake?gap=1"]
    assert found["calls"] == len(server.requests) == 6


def test_streams_where_that_is_asked_for(rows: Path, server: FakeServer) -> None:
    ask(rows, server, "--stream")
    assert all(request.body["stream"] for request in server.requests)


def test_the_key_stays_in_the_environment(rows: Path, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.db.mongo import collection, database

    missing = ask(rows, server, "--api-key-env", "SOME_KEY", code=2)
    assert "SOME_KEY is not set" in missing["error"]["message"]
    monkeypatch.setenv("SOME_KEY", "sk-very-secret")
    ask(rows, server, "--api-key-env", "SOME_KEY")
    assert server.requests[0].headers["authorization"] == "Bearer sk-very-secret"
    kept = [repr(row) for name in database().list_collection_names() for row in collection(name).find({})]
    assert not any("very-secret" in row for row in kept)


def test_the_same_file_is_the_same_set_and_what_was_answered_is_not_asked_again(rows: Path, server: FakeServer) -> None:
    first, second = ask(rows, server), ask(rows, server)
    assert (first["set"], first["version"]) == (second["set"], second["version"])
    assert (second["cached"], second["calls"], len(server.requests)) == (3, 0, 3)
    assert ask(rows, server, "--no-cache")["calls"] == 3
    rows.write_text(ROWS.replace("nothing", "the"))
    assert ask(rows, server)["version"] == 2


def test_thresholds_and_regressions_are_status_1(rows: Path, server: FakeServer, tmp_path: Path) -> None:
    ask(rows, server, "--threshold", "0.6")
    ask(rows, server, "--threshold", "0.7", code=1)
    many = tmp_path / "many.yaml"
    good = "".join(f"- prompt: number {n} tokens=2\n  expected: the quick\n" for n in range(40))
    many.write_text(good)
    base = ask(many, server)
    many.write_text(good.replace("tokens=2", "tokens=1"))
    worse = ask(many, server, "--baseline", base["run"], "--fail-on-regression")
    assert "none of these rows" in " ".join(worse["sentences"])
    many.write_text(good)
    again = ask(many, server, "--baseline", base["run"], "--fail-on-regression", "--no-cache")
    assert (again["regressed"], again["columns"][0]["regressed"]) == (False, [])
    assert call("run", str(rows), "--model", "x", "--fail-on-regression", code=2) == ""


def test_errors_are_status_2_and_apart_from_failures(rows: Path, server: FakeServer, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    found = ask(rows, server, "--junit", str(report), model="fake-401", code=2)
    assert found["errors"] > 0
    assert found["failed"] == 0
    assert b"<error " in report.read_bytes()


def test_a_file_that_cannot_be_read_is_status_2_and_names_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"prompt": "a"}\n{"prompt"\n')
    assert "line 2" in told("run", str(bad), "--model", "x", code=2)["error"]["message"]
    assert "names no models" in told("run", str(_csv(tmp_path)), code=2)["error"]["message"]
    assert told("run", "nowhere.csv", code=2)["error"]["kind"] == "bad_input"
    assert told("run", str(_csv(tmp_path)), "--model", "x", "--stream", code=2)["error"]["kind"] == "bad_input"


def test_unpriced_models_are_not_asked_unless_somebody_says_so(rows: Path, server: FakeServer) -> None:
    said = ask(rows, server, "--max-cost", "1", code=2)["error"]
    assert "price of fake is not known" in said["message"]
    assert "--yes" in said["hint"]
    assert not server.requests
    assert ask(rows, server, "--max-cost", "1", "--yes")["cells"] == 3


def test_the_cap_is_status_3_and_a_higher_one_goes_on(tmp_path: Path, server: FakeServer) -> None:
    bench = connect(server, OWNER)
    bench.price(fake=1000.0)  # a thousandth of a dollar a token
    file = tmp_path / "many.csv"
    file.write_text("prompt\n" + "".join(f"number {n} tokens=2\n" for n in range(10)))
    (tmp_path / "run.yaml").write_text(
        "models: [{model: fake, params: {max_tokens: 20}}]\nrows: many.csv\nlimits: {total: 1}\n"
    )
    found = told("run", str(tmp_path / "run.yaml"), "--max-cost", "0.13", code=3)
    assert found["status"] == "capped"
    assert 0 < found["cost"] <= 0.13
    assert 0 < len(server.requests) < 10
    told("resume", found["run"], code=3)
    whole = told("resume", found["run"], "--max-cost", "5")
    assert (whole["status"], len(server.requests)) == ("done", 10)


def test_a_run_file_with_a_file_beside_it(tmp_path: Path, server: FakeServer) -> None:
    _csv(tmp_path)
    (tmp_path / "notes.txt").write_text("The heron stands.")
    (tmp_path / "more.jsonl").write_text('{"prompt": "p tokens=1", "file": "notes.txt"}\n')
    (tmp_path / "run.yaml").write_text(
        "name: Mine\nmodels: [fake]\nrows: more.jsonl\nrepeats: 2\nchecks: [{kind: equals, value: the}]\n"
    )
    found = told("run", str(tmp_path / "run.yaml"), "--base-url", server.url)
    assert (found["name"], found["cells"], found["passed"]) == ("Mine", 2, 2)
    assert [len(row.files) for row in evals.set_rows(OWNER, found["set"])] == [1]


def test_files_from_elsewhere_are_not_sent(tmp_path: Path, server: FakeServer) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("private")
    (inner / "run.yaml").write_text("models: [fake]\nrows:\n- prompt: read\n  file: ../secret.txt\n")
    said = told("run", str(inner / "run.yaml"), "--base-url", server.url, code=2)
    assert "not in its folder" in said["error"]["message"]
    assert not server.requests


def test_lists_imports_and_exports(rows: Path, server: FakeServer, tmp_path: Path) -> None:
    kept = told("import", str(rows))
    assert (kept["name"], kept["version"], kept["rows"]) == ("rows", 1, 3)
    assert "must equal" in kept["notes"][0]
    ran = ask(rows, server)
    assert [one["id"] for one in told("sets")] == [kept["set"]] == [ran["set"]]
    assert [one["id"] for one in told("list")] == [ran["run"]]
    assert "rows" in call("list")
    assert "rows" in call("sets")
    for form in ("csv", "jsonl", "junit", "html", "md", "parquet", "ipynb"):
        out = tmp_path / f"out.{form}"
        call("export", "rows", "--form", form, "-o", str(out))
        assert out.stat().st_size > 500
    assert "the quick brown" in call("export", ran["run"])
    call("export", ran["run"], "--form", "xlsx", code=1)
    call("export", "nothing", code=1)


def test_ctrl_c_pauses_and_resume_asks_what_is_left(tmp_path: Path, server: FakeServer) -> None:
    file = tmp_path / "slow.jsonl"
    file.write_text("".join(f'{{"prompt": "number {n} tokens=1"}}\n' for n in range(30)))
    command = ("run", str(file), "--base-url", server.url, "--model", "fake?first=1000", "--concurrency", "3")
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "eval", *command],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # Whoever runs the tests in the background has them ignore it, and so would the child.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        assert server.wait_for(lambda fake: len(fake.requests) >= 5, 60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "hub eval resume" in said
    run = said.rsplit(" ", 1)[1].strip()
    assert [one["status"] for one in told("list")] == ["paused"]
    asked = len(server.requests)
    found = told("resume", run)
    assert (found["status"], found["unjudged"], found["calls"]) == ("done", 30, 30)
    assert len(server.requests) == 30
    assert 5 <= asked < 30
    assert told("resume", run)["calls"] == 30, "a run that is done is told again"


def _csv(folder: Path) -> Path:
    file = folder / "rows.csv"
    file.write_text(ROWS)
    return file
