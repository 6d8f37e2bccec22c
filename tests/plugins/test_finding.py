"""Where plugins come from, and that one that cannot be loaded is named and harms nobody."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import hooks, plugins
from hub.db.mongo import collection
from hub.errors import HubError, NotFound
from hub.plugins import Plugin, switch
from hub.settings import settings
from tests.plugins.conftest import ADMIN, Put, forget

HOOK = "from hub import hooks\n@hooks.implementation\ndef exporters():\n    return []\n"


def by_name() -> dict[str, Plugin]:
    return {one.name: one for one in plugins.every(ADMIN)}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package with two entry points, one of which leads nowhere."""
    site = tmp_path / "site"
    about = site / "harbour_hub-1.2.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: harbour-hub\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text("[llm_hub]\nharbour = harbour_hub\nnowhere = harbour_hub.nowhere\n")
    (site / "harbour_hub.py").write_text(f'"""Ships."""\n{HOOK}')
    monkeypatch.syspath_prepend(str(site))
    yield
    sys.modules.pop("harbour_hub", None)


def test_an_installed_package_is_found_by_its_entry_point(package: None, put: Put) -> None:
    put(ships=HOOK, harbour="")
    found = by_name()
    one = found["harbour"]
    assert (one.origin, one.version, one.about, one.adds, one.works) == (
        "package",
        "1.2",
        "Ships.",
        ("exporters",),
        True,
    )
    assert not found["nowhere"].works
    assert "ModuleNotFoundError" in found["nowhere"].failures[0].kind
    assert found["ships"].origin == "folder"
    taken = found["harbour (folder)"]
    assert not taken.works and "a package has this name already" in taken.failures[0].message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("this is no python", "SyntaxError"),
        ("import sys\nsys.exit(3)", "RuntimeError"),
        (HOOK.replace("exporters", "exprters"), "no hook named exprters"),
        (HOOK.replace("exporters()", "exporters(whom)"), "PluginValidationError"),
    ],
)
def test_one_that_cannot_be_loaded_says_why(put: Put, text: str, said: str) -> None:
    put(broken=text, good=HOOK)
    broken = by_name()["broken"]
    assert not broken.works and by_name()["good"].works
    assert said in f"{broken.failures[0].kind}: {broken.failures[0].message}"
    put(broken=HOOK)
    assert by_name()["broken"].works and not by_name()["broken"].failures


def test_a_folder_with_modules_of_its_own(put: Put) -> None:
    put()
    folder = settings().data / "plugins" / "fleet"
    folder.mkdir()
    (folder / "__init__.py").write_text("from .ships import exporters\n__version__ = '3'\n")
    (folder / "ships.py").write_text(HOOK)
    (folder.parent / "_private.py").write_text("1 / 0")
    (folder.parent / "Not-a-name.py").write_text("1 / 0")
    (folder.parent / "notes.txt").write_text("1 / 0")
    forget()
    hooks.plugins()
    found = by_name()
    assert set(found) == {"fleet", "Not-a-name"}
    assert (found["fleet"].version, found["fleet"].adds) == ("3", ("exporters",))
    assert "small letters" in found["Not-a-name"].failures[0].message


def test_only_administrators_manage(put: Put) -> None:
    from tests.chat.conftest import ANNA

    put(good=HOOK)
    for call in (plugins.every, lambda who: plugins.switch_plugin(who, "good", on=False)):
        with pytest.raises(HubError, match="administrators"):
            call(ANNA)
    with pytest.raises(NotFound, match="no plugin named bad"):
        plugins.switch_plugin(ADMIN, "bad", on=False)


def test_a_switch_of_another_process_holds_within_three_seconds(put: Put) -> None:
    put(good=HOOK)
    assert switch.enabled("good")
    collection("plugins").update_one({"_id": "good"}, {"$set": {"enabled": False}}, upsert=True)
    began = time.monotonic()
    while switch.enabled("good"):
        assert time.monotonic() - began < 4
    assert not [one for one in hooks.plugins().hook.exporters.get_hookimpls() if switch.enabled(one.plugin_name)]


def test_the_command_line_lists_and_switches(put: Put) -> None:
    put(good=HOOK, broken="1 / 0")
    said = hub("list")
    assert "good  on  folder  exporters" in said
    assert "broken  not loaded" in said and "ZeroDivisionError: division by zero" in said
    assert hub("disable", "good") == "good is off.\n"
    assert "good  off" in hub("list")
    assert hub("enable", "good") == "good is on.\n"
    assert '"name": "good"' in hub("list", "--json")


def hub(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "hub", "plugins", *words], capture_output=True, text=True, check=True)
    return done.stdout
