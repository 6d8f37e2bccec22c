"""What we use of Streamlit without its promise: an upgrade that drops one of these fails here, not in the browser."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import streamlit
from streamlit import config

ROOT = Path(__file__).parent.parent
HIDDEN = ("server.trustedUserHeaders", "runner.postScriptGC")
SERVED = Path(streamlit.__file__).parent / "static"


def _options(table: dict[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        found += _options(value, f"{key}.") if isinstance(value, dict) and key not in HIDDEN else [key]
    return found


USED = _options(tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text()))


@pytest.fixture(scope="module")
def known() -> dict[str, Any]:
    return config.get_config_options()


@pytest.mark.parametrize("name", USED)
def test_every_option_in_the_file_is_one_that_streamlit_has(name: str, known: dict[str, Any]) -> None:
    assert name in known, f"{name} is unknown to Streamlit {streamlit.__version__}"
    assert not known[name].deprecated, f"{name} is deprecated: {known[name].deprecation_text}"


def test_the_hidden_options_are_in_the_file() -> None:
    assert set(HIDDEN) <= set(USED)


def test_the_version_is_the_one_we_looked_at() -> None:
    assert streamlit.__version__.startswith("1.67."), "look at every page, then raise this number"


def test_the_browser_may_load_streamlits_mermaid() -> None:
    from components.transcript import diagram_library

    library = SERVED / diagram_library()
    assert library.is_file()
    assert re.search(r"\binitialize\b", library.read_text()), "the file is not mermaid any more"


def test_the_icons_and_the_class_names_that_our_styles_stand_on() -> None:
    scripts = "".join(path.read_text() for path in (SERVED / "static" / "js").glob("index.*.js"))
    ours = (ROOT / "components" / "theme.css").read_text()
    missing = {name for name in re.findall(r'data-testid="(\w+)"', ours) if name not in _scripts(scripts)}
    assert not missing, f"theme.css styles what Streamlit does not draw any more: {sorted(missing)}"


def _scripts(index: str) -> str:
    return index + "".join(path.read_text() for path in (SERVED / "static" / "js").glob("*.js"))
