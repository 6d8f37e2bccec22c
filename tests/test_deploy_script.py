"""scripts/deploy.sh, make-env and backup against real git repositories; docker is a program that writes down what it
is asked, since no engine runs where the tests do (`make container-check` runs the image itself)."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

DOCKER = """#!/bin/sh
echo "TAG=${TAG-} docker $*" >> "$CALLS"
case "$*" in
    "compose ps"*) echo running ;;
    *"hub backup -") [ ! -e "$FAILS/backup" ] || exit 1; echo sealed ;;
    build*) [ ! -e "$FAILS/build" ] || exit 1 ;;
    *pull*) [ ! -e "$FAILS/pull" ] || exit 1 ;;
    *" up "*) [ ! -e "$FAILS/up-$TAG" ] || exit 1 ;;
    *"health.py ready") [ ! -e "$FAILS/ready" ] || exit 1 ;;
esac
"""


@dataclass
class Server:
    """A machine with a clone of `origin`, and what its docker was asked."""

    origin: Path
    tree: Path
    calls: Path
    fails: Path

    def git(self, *words: str, where: Path | None = None) -> str:
        command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *words]
        done = subprocess.run(command, cwd=where or self.tree, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, text: str) -> str:
        (self.origin / "app.txt").write_text(text)
        self.git("add", "-A", where=self.origin)
        self.git("commit", "-qm", text, where=self.origin)
        return self.git("rev-parse", "HEAD", where=self.origin)

    def run(self, *words: str, script: str = "deploy.sh", **more: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        environment = os.environ | {"DOCKER": str(self.calls.with_name("docker")), "CALLS": str(self.calls)}
        environment |= {"FAILS": str(self.fails), "READY_SECONDS": "1", **more}
        command = [str(self.tree / "scripts" / script), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    @property
    def asked(self) -> str:
        return self.calls.read_text()

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    made = Server(tmp_path / "origin", tmp_path / "tree", tmp_path / "calls", tmp_path / "fails")
    made.fails.mkdir()
    shutil.copytree(ROOT / "scripts", made.origin / "scripts")
    (made.origin / ".gitignore").write_text(".env\n/.deploy/\n/backups/\n")
    made.git("init", "-q", "-b", "main", where=made.origin)
    made.commit("one")
    made.git("clone", "-q", str(made.origin), str(made.tree), where=tmp_path)
    docker = tmp_path / "docker"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    assert made.run(script="make-env").returncode == 0
    return made


def test_what_is_new_is_backed_up_built_started_and_looked_at(server: Server) -> None:
    new = server.commit("two")
    done = server.run()
    assert done.returncode == 0, done.stderr
    tag = f"git-{new[:12]}"
    steps = [line.split(" docker ")[1] for line in server.asked.splitlines()]
    order = ["compose ps", "compose exec -T web python3 -m hub backup -", f"build --tag llm-hub:{tag}"]
    order += ["compose up --detach --no-build", "compose exec -T web python3 /app/deploy/health.py ready"]
    assert [step[: len(wanted)] for step, wanted in zip(steps, order, strict=True)] == order
    assert f"TAG={tag} docker compose up" in server.asked
    assert server.head == new and server.git("symbolic-ref", "--short", "HEAD") == "main"
    (backup,) = (server.tree / "backups").iterdir()
    assert backup.read_text() == "sealed\n" and stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert f"\nTAG={tag}\n" in (server.tree / ".env").read_text(), "what docker compose starts from now on"
    assert stat.S_IMODE((server.tree / ".env").stat().st_mode) == 0o600
    assert "Nothing new." in server.run().stdout


def test_what_is_not_ready_is_taken_back_and_not_tried_again(server: Server) -> None:
    server.commit("two")
    assert server.run().returncode == 0
    good, bad = server.head, server.commit("three")
    (server.fails / f"up-git-{bad[:12]}").touch()
    done = server.run()
    assert done.returncode == 2 and f"git-{good[:12]} is ready again" in done.stdout
    assert f"TAG=git-{good[:12]} docker compose up" in server.asked.splitlines()[-2]
    assert server.head == good and server.git("symbolic-ref", "--short", "HEAD") == "main"
    again = server.run()
    assert again.returncode == 0 and "was taken back" in again.stdout and "docker build" not in server.asked
    newer = server.commit("four")
    assert server.run().returncode == 0 and server.head == newer


def test_going_back_by_hand_holds_until_there_is_something_newer(server: Server) -> None:
    assert server.run("--back").returncode == 1
    server.commit("two")
    server.run()
    first = server.head
    server.commit("three")
    server.run()
    done = server.run("--back")
    assert done.returncode == 0 and server.head == first, done.stderr
    assert "docker build" not in server.asked and "waiting for another one" in server.run().stdout


def test_an_image_is_pulled_by_its_tag(server: Server) -> None:
    done = server.run("--image", "v1.2.0")
    assert done.returncode == 0, done.stderr
    assert "TAG=v1.2.0 docker compose pull --quiet web" in server.asked and "docker build" not in server.asked
    (server.fails / "pull").touch()
    done = server.run("--image", "v1.3.0")
    assert done.returncode == 1 and "cannot be pulled" in done.stderr and " up " not in server.asked


def test_a_backup_that_fails_or_an_image_that_cannot_be_built_changes_nothing(server: Server) -> None:
    before = server.head
    server.commit("two")
    for part, sentence in (("backup", "The backup failed"), ("build", "cannot be built")):
        (server.fails / part).touch()
        done = server.run()
        assert done.returncode == 1 and sentence in done.stderr
        assert server.head == before and " up " not in server.asked
        (server.fails / part).unlink()
    assert not list((server.tree / "backups").glob("*.part"))


def test_refusals(server: Server) -> None:
    before = server.head

    def refused(sentence: str, *words: str, **more: str) -> None:
        done = server.run(*words, **more)
        assert done.returncode == 1 and sentence in done.stderr, done.stdout + done.stderr
        assert " up " not in server.asked and server.head == before

    refused("Usage:", "--what")
    refused("needs a tag", "--image")
    refused("letters, digits", "--image", "v1; rm -rf /")
    server.commit("two")
    refused("no good signature", VERIFY="signed")
    (server.tree / "scripts" / "make-env").write_text((ROOT / "scripts" / "make-env").read_text() + "# by hand\n")
    refused("changed by hand")
    server.git("checkout", "-q", "--", ".")
    server.git("checkout", "-q", "--detach")
    refused("No branch is checked out")
    server.git("checkout", "-q", "main")
    with (server.tree / ".deploy" / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused("Another deploy is at work")
    moved = server.origin.with_name("moved")
    server.origin.rename(moved)
    refused("cannot be reached")
    moved.rename(server.origin)
    server.git("checkout", "-q", "--orphan", "other", where=server.origin)
    server.commit("another history")
    server.git("branch", "-qM", "main", where=server.origin)
    refused("does not continue what runs here")
    (server.tree / ".env").write_text("MONGO_PASSWORD=changeme\n")
    refused("everybody knows")


def test_secrets_are_made_once_and_never_changed(tmp_path: Path) -> None:
    def make(*words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"HUB_ROOT": str(tmp_path)}
        command = [str(ROOT / "scripts" / "make-env"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    missing = make("--check")
    assert missing.returncode == 1 and missing.stderr.count("is missing") == 3 and not (tmp_path / ".env").exists()
    made = make()
    assert made.returncode == 0 and str(tmp_path) in made.stdout
    file = tmp_path / ".env"
    values = dict(line.split("=", 1) for line in file.read_text().splitlines() if not line.startswith("#"))
    assert values.keys() == {"MONGO_PASSWORD", "POSTGRES_PASSWORD", "HUB_SECRET_KEY"}
    assert len(set(values.values())) == 3 and all(len(value) == 48 for value in values.values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not any(value in made.stdout for value in values.values())
    before = file.read_text()
    assert make().stdout == "" and file.read_text() == before and make("--check").returncode == 0
    file.write_text("OPENAI_API_KEY=kept\nMONGO_PASSWORD='of-my-own-choice-1'\n")
    assert make().returncode == 0
    assert file.read_text().startswith("OPENAI_API_KEY=kept\nMONGO_PASSWORD='of-my-own-choice-1'\nPOSTGRES_PASSWORD=")
    for bad, sentence in (
        ("ChangeMe-please-now", "everybody knows"),
        ("x7", "shorter than 16"),
        ("with:a@colon/and/slash", "mean something in an address"),
    ):
        file.write_text(f"MONGO_PASSWORD={bad}\n")
        refused = make()
        assert refused.returncode == 1 and sentence in refused.stderr and bad not in refused.stderr
        assert file.read_text() == f"MONGO_PASSWORD={bad}\n"
