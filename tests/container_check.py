"""`make container-check`: the real Dockerfile built and run by podman, against stores of this machine.

Web, worker and scheduler run from the image with a read-only file system, without capabilities and not as root. A
conversation is held over HTTP as a person who signs in; then everything is asked to stop and has to do so by itself.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson

from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres
from hub.db.processes import free_port
from tests.servers import server

ROOT = Path(__file__).parent.parent
BASE = re.compile(r"^FROM (\S+)", re.MULTILINE)
IMAGE = "localhost/llm-hub:check"
RUNTIME = ["--runtime", "runc", "--network", "host", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=2000:2000"]
CLOSED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
LARGEST = 900_000_000
"""Bytes that the image may have."""
PATIENCE = 180.0


class Podman:
    """podman with storage of its own under `folder`, so that nothing of the machine's is touched."""

    def __init__(self, folder: Path) -> None:
        self._words = ["podman", "--root", str(folder / "storage"), "--runroot", str(folder / "run")]
        self._words += ["--storage-driver", "vfs", "--cgroup-manager", "cgroupfs"]

    def __call__(self, *words: str, check: bool = True) -> str:
        """The output of a command; raises CalledProcessError after showing what it said."""
        done = subprocess.run([*self._words, *words], capture_output=True, text=True, check=False)
        if check and done.returncode:
            print(done.stdout[-4000:], done.stderr[-8000:], sep="\n", file=sys.stderr)
            done.check_returncode()
        return done.stdout + (done.stderr if words[0] == "logs" else "")

    def loud(self, *words: str) -> None:
        """A long command that shows what it does."""
        subprocess.run([*self._words, *words], check=True)

    def stand_in(self, name: str, folder: Path) -> None:
        """Debian bookworm with Python 3.11 under the name of the official image, unless it was kept."""
        if name in self("images", "--format", "{{.Repository}}:{{.Tag}}").split():
            return
        root = folder / "base"
        packages = "--include=python3,python3-venv,ca-certificates"
        subprocess.run(
            ["debootstrap", "--variant=minbase", packages, "bookworm", str(root)], check=True, stdout=subprocess.DEVNULL
        )
        for left in ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
            shutil.rmtree(root / left)
            (root / left).mkdir()
        archive = folder / "base.tar"
        subprocess.run(["tar", "-C", str(root), "-cf", str(archive), "."], check=True)
        self("import", str(archive), name)
        shutil.rmtree(root)
        archive.unlink()

    def build(self, folder: Path) -> None:
        """The project's Dockerfile, as it stands."""
        self.loud(
            "build",
            "--pull=never",
            "--layers=false",
            "--format",
            "docker",
            *RUNTIME,
            *ways_out(folder),
            "-t",
            IMAGE,
            str(ROOT),
        )

    def size(self, name: str) -> int:
        """Bytes of an image with all its layers."""
        return int(self("image", "inspect", "--format", "{{.Size}}", name))


def ways_out(folder: Path) -> list[str]:
    """Options that let a build reach package indexes as this machine's pip does: settings, certificates, proxies."""
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    wanted = {"index-url", "extra-index-url", "find-links", "cert", "trusted-host"}
    found: dict[str, str] = {}
    for name, value in re.findall(r"^[^.]+\.([a-z-]+)='(.*)'$", listed.stdout, re.MULTILINE):
        if name in wanted:
            found[name] = value.replace("\\n", "\n    ")
    settings = folder / "pip.conf"
    settings.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in found.items()))
    options = ["-v", f"{settings}:/etc/pip.conf:ro", "-v", "/etc/ssl/certs:/etc/ssl/certs:ro"]
    options += ["-v", "/usr/share/ca-certificates:/usr/share/ca-certificates:ro"]
    places = {word.removeprefix("file://") for value in found.values() for word in value.split() if "/" in word}
    for place in sorted(place for place in places if place.startswith("/") and Path(place).is_dir()):
        options += ["-v", f"{place}:{place}:ro"]
        parent = str(Path(place).parent)  # an index may link to files beside it
        options += ["-v", f"{parent}:{parent}:ro"] if parent.count("/") > 1 else []
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        if value := os.environ.get(name) or os.environ.get(name.upper()):
            options += ["--env", f"{name}={value}"]
    return options


@contextmanager
def stores(folder: Path) -> Generator[dict[str, str]]:
    """Both embedded stores on loopback, each behind its password; the settings that name them."""
    mongo, postgres = EmbeddedMongo(folder), EmbeddedPostgres(folder)
    with server(mongo), server(postgres):
        yield {"HUB_MONGO_URL": mongo.url, "HUB_POSTGRES_URL": postgres.url}


@contextmanager
def container(podman: Podman, role: str, settings: Mapping[str, str], *more: str) -> Iterator[str]:
    """A container of the image in `role`; it has to end by itself within its time, with status 0 or by SIGTERM."""
    name = f"hub-check-{role}"
    environment = [word for key, value in settings.items() for word in ("--env", f"{key}={value}")]
    # A host name of its own, as compose gives it: processes tell each other apart by it.
    podman("run", "-d", "--name", name, "--hostname", name, *RUNTIME, *CLOSED, *environment, *more, IMAGE, role)
    try:
        yield name
        began = time.monotonic()
        podman("stop", "--time", "40", name)
        took, status = time.monotonic() - began, int(podman("inspect", "--format", "{{.State.ExitCode}}", name))
        print(f"{role} stopped after {took:.1f} s with status {status}.")
        if took > 35 or status not in {0, 143}:
            raise SystemExit(f"The {role} did not stop cleanly.")
    except BaseException:
        print(f"--- log of {role}\n{podman('logs', '--tail', '40', name, check=False)}", file=sys.stderr)
        raise
    finally:
        podman("rm", "-f", name, check=False)


def until_well(podman: Podman, name: str, part: str) -> None:
    """Returns when the container's own health check is content; raises SystemExit when it never is."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if podman("inspect", "--format", "{{.State.Running}}", name).strip() != "true":
            raise SystemExit(f"{name} ended while it started.")
        asked = f"python3 /app/deploy/health.py {part} && echo well"
        if "well" in podman("exec", name, "sh", "-c", asked, check=False):
            return
        time.sleep(0.5)
    raise SystemExit(f"{name} did not get well within {PATIENCE:.0f} s.")


def converse(url: str, said: str) -> dict[str, Any]:
    """Makes the first account with the token that the web process printed, and asks the demo model."""
    token = re.search(r"/setup\?token=(\S+)", said)
    if token is None:
        raise SystemExit("The web process printed no setup token.")
    password = "a password of the check"
    with httpx.Client(base_url=url, timeout=30, headers={"origin": url}) as client:
        refused = client.get("/api/conversations")
        if refused.status_code != 401:
            raise SystemExit(f"A stranger was answered with {refused.status_code}.")
        form = {"name": "Check", "password": password, "again": password, "token": token[1]}
        if client.post("/setup", data=form).status_code != 303:
            raise SystemExit("The first account could not be made.")
        client.headers["cookie"] = f"hub_session={client.cookies['hub_session']}"
        sent = client.post("/api/runs", json={"text": "long", "targets": [{"model": "demo/demo"}]})
        sent.raise_for_status()
        began, first, text = time.monotonic(), 0.0, ""
        with client.stream("GET", f"/api/runs/{sent.json()['run']}/events") as events:
            for line in events.iter_lines():
                event = orjson.loads(line[6:]) if line.startswith("data: ") else {}
                if event.get("type") == "text":
                    first = first or time.monotonic() - began
                    text += event["text"]
        answer = client.get(f"/api/conversations/{sent.json()['conversation']}").json()["messages"][-1]
        page = client.get("/")
        page.raise_for_status()
    if answer["status"] != "done" or answer["text"] != text or not text:
        raise SystemExit(
            f"The answer stands as {answer['status']} with {len(answer['text'])} of {len(text)} characters."
        )
    return {"first": first, "took": time.monotonic() - began, "characters": len(text)}


def check(folder: Path, podman: Podman, *, built: bool) -> None:
    """The whole check; raises SystemExit with a sentence at the first thing that does not hold."""
    base = BASE.findall((ROOT / "Dockerfile").read_text())[0]
    print(f"Making a stand-in for {base} ...", flush=True)
    podman.stand_in(base, folder)
    began = time.monotonic()
    if not built:
        podman.build(folder)
    size, below = podman.size(IMAGE), podman.size(base)
    print(f"Built in {time.monotonic() - began:.0f} s: {size / 1e6:.0f} MB, of which the base {below / 1e6:.0f} MB.")
    if size > LARGEST:
        raise SystemExit(f"The image is larger than {LARGEST / 1e6:.0f} MB.")
    with ExitStack() as held:
        held.callback(podman, "volume", "rm", "--force", "hub-check-data")
        settings = held.enter_context(stores(folder / "stores"))
        port = free_port()
        settings |= {"HUB_SECRET_KEY": os.urandom(24).hex(), "HUB_PORT": str(port), "HUB_HOST": "127.0.0.1"}
        settings |= {"HUB_AUTH": "on", "HUB_DISCOVER_LOCAL": "false"}
        plain = [word for key, value in settings.items() for word in ("--env", f"{key}={value}")]
        print(podman("run", "--rm", *RUNTIME, *CLOSED, *plain, IMAGE, "migrate").strip())
        data = ["-v", "hub-check-data:/data"]
        names: dict[str, str] = {}
        for role in ("web", "worker", "scheduler"):
            names[role] = held.enter_context(container(podman, role, settings, *data))
            began = time.monotonic()
            until_well(podman, names[role], "ready" if role == "web" else role)
            print(f"{role} is well {time.monotonic() - began:.1f} s after its start.", flush=True)
        said = converse(f"http://127.0.0.1:{port}", podman("logs", names["web"]))
        print(
            f"A conversation over HTTP: first words after {said['first']:.2f} s,"
            f" {said['characters']} characters in {said['took']:.1f} s."
        )
        who = podman("exec", names["web"], "sh", "-c", "id -u; touch /app/x 2>&1; command -v pip gcc strip; true")
        who = who.strip().split("\n")
        print(f"It runs as user {who[0]}; writing to the image says: {who[1]}")
        if who[0] == "0" or "Read-only" not in who[1] or any(who[2:]):
            raise SystemExit(f"The container is not as closed as it should be: {who}")
    print("Web, worker and scheduler of the real image hold.")


def main() -> int:
    """Runs the check in a scratch folder and removes it."""
    parser = argparse.ArgumentParser(description="Build the real Dockerfile with podman and talk to it.")
    parser.add_argument("--keep", metavar="FOLDER", help="keep storage and images there")
    parser.add_argument("--built", action="store_true", help="take the image that an earlier check kept")
    given = parser.parse_args()
    kept = given.keep
    folder = Path(kept or tempfile.mkdtemp(prefix="hub-check-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        check(folder, Podman(folder), built=given.built)
    finally:
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
