"""scripts/deploy-hook as a process of its own, asked over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

SCRIPT = Path(__file__).parent.parent / "scripts" / "deploy-hook"
SECRET = "of this test only, long enough"


def start(secret: Path, *command: str) -> subprocess.Popen[str]:
    words = [sys.executable, str(SCRIPT), "--port", "0", *command]
    environment = os.environ | {"DEPLOY_HOOK_SECRET": str(secret)}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.touch(0o600)
    file.write_text(SECRET + "\n")
    return file


@contextmanager
def hook(secret: Path, *command: str) -> Generator[httpx.Client]:
    child = start(secret, *command)
    try:
        assert child.stdout
        said = re.search(r"127\.0\.0\.1:(\d+)", child.stdout.readline())
        assert said
        with httpx.Client(base_url=f"http://127.0.0.1:{said[1]}", timeout=10) as client:
            yield client
    finally:
        child.kill()
        child.communicate()


def push(
    client: httpx.Client, body: Any, *, key: str = SECRET, event: str = "push", path: str = "/deploy"
) -> httpx.Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    signature = "sha256=" + hmac.new(key.encode(), data, hashlib.sha256).hexdigest()
    return client.post(path, content=data, headers={"x-hub-signature-256": signature, "x-github-event": event})


def until_lines(file: Path, count: int) -> None:
    end = time.monotonic() + 10
    while not file.exists() or len(file.read_text().splitlines()) < count:
        assert time.monotonic() < end, "the command was not started"
        time.sleep(0.02)


def test_a_signed_push_to_the_branch_starts_the_deploy_once(secret: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    with hook(secret, "sh", "-c", f"echo deployed >> {ran}") as client:
        assert push(client, {}, event="ping").status_code == 200
        other = push(client, {"ref": "refs/heads/else"})
        assert other.status_code == 200 and "Only pushes to main" in other.text
        assert push(client, {"ref": "refs/heads/main", "after": "1"}).status_code == 202
        until_lines(ran, 1)
        again = push(client, {"ref": "refs/heads/main", "after": "1"})
        assert again.status_code == 200 and "taken already" in again.text
        assert push(client, {"ref": "refs/heads/main", "after": "2"}).status_code == 202
        until_lines(ran, 2)
    assert ran.read_text() == "deployed\n" * 2


def test_nothing_else_is_let_in(secret: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    good = {"ref": "refs/heads/main", "after": "1"}
    with hook(secret, "sh", "-c", f"echo deployed >> {ran}") as client:
        assert push(client, good, key="another key of the same length").status_code == 403
        assert client.post("/deploy", json=good).status_code == 403
        tampered = client.post(
            "/deploy", content=b'{"ref": "refs/heads/main"}', headers={"x-hub-signature-256": "sha256=" + "0" * 64}
        )
        assert tampered.status_code == 403
        assert push(client, good, path="/else").status_code == 404
        assert push(client, b"not json").status_code == 400
        assert push(client, [1, 2]).status_code == 400
        assert client.get("/deploy").status_code == 501
        assert push(client, b"x" * 5_000_001).status_code == 413
    assert not ran.exists()


def test_pushes_that_come_while_a_deploy_runs_make_one_more(secret: Path, tmp_path: Path) -> None:
    ran, go = tmp_path / "ran", tmp_path / "go"
    command = f"echo begun >> {ran}; while [ ! -e {go} ]; do sleep 0.05; done"
    with hook(secret, "sh", "-c", command) as client:
        assert push(client, {"ref": "refs/heads/main", "after": "0"}).status_code == 202
        until_lines(ran, 1)
        for number in range(1, 4):
            assert push(client, {"ref": "refs/heads/main", "after": str(number)}).status_code == 202
        go.touch()
        until_lines(ran, 2)
        push(client, {"ref": "refs/heads/main", "after": "last"})
        until_lines(ran, 3)
    assert ran.read_text() == "begun\n" * 3


def test_a_secret_that_protects_nothing_is_refused(secret: Path, tmp_path: Path) -> None:
    def said(file: Path, *command: str) -> str:
        child = start(file, *command)
        _, error = child.communicate(timeout=20)
        assert child.returncode == 1
        return error

    assert "does not exist" in said(tmp_path / "none", "true")
    assert "What shall be started?" in said(secret)
    secret.chmod(0o640)
    assert "can be read by others" in said(secret, "true")
    secret.chmod(0o600)
    secret.write_text("short")
    assert "shorter than 24" in said(secret, "true")
