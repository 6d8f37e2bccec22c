"""The transcript's and the composer's own scripts and styles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from components import composer, transcript
from components.transcript import diagram_library
from hub.render.code import highlighted

HERE = Path(transcript.__file__).parents[1]
ASSETS = sorted([*HERE.glob("dom.*s"), *HERE.glob("transcript/*.*s"), *HERE.glob("composer/*.*s")])


@pytest.mark.parametrize("asset", ASSETS, ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(asset: Path):
    assert not re.findall(r"https?://(?!www\.w3\.org)[\w.]+", asset.read_text())


def test_streamlit_still_brings_what_we_borrow():
    served = Path(streamlit.__file__).parent / "static"
    assert (served / diagram_library()).is_file()
    styles = "".join(path.read_text() for path in served.glob("static/css/*.css"))
    assert "font-family:Material Symbols Rounded" in styles


def test_code_colours_cover_what_the_highlighter_makes():
    css = (HERE / "prose.css").read_text()
    made = highlighted(
        'import os\n@deco\nclass A(B):\n    """doc"""\n    def f(self): return "x" + 1  # no\n', "python"
    )
    classes = set(re.findall(r'class="(\w+)"', made)) - {"n", "p", "o", "w"}
    assert classes
    assert not [name for name in classes if not re.search(rf"\.{name}\b", css)]


def test_every_action_of_the_page_has_someone_who_does_it():
    from hub.chat import act

    sent = set(re.findall(r'kind: "([\w-]+)"', "".join(path.read_text() for path in HERE.glob("transcript/*.js"))))
    assert sent - {"earlier", "finished"} <= act.kinds()


def test_commands_are_told_apart():
    names = [command.name for command in composer.COMMANDS]
    assert len(names) == len(set(names))
