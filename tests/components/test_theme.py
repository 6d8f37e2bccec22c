"""The colours can be read: WCAG AA in light and dark, page and sidebar."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
FAMILIES = ("red", "orange", "green", "blue", "gray")


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faded(text: str, page: str, share: float) -> str:
    """The colour of `text` mixed into `page`, as color-mix does it."""
    mixed = [round(int(text[at : at + 2], 16) * share + int(page[at : at + 2], 16) * (1 - share)) for at in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("place", ["page", "sidebar"])
def test_text_and_its_quieter_grey(mode: str, place: str) -> None:
    colours = THEME[mode] if place == "page" else THEME[mode] | THEME[mode]["sidebar"]
    for surface in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], surface) >= 7
        assert contrast(faded(colours["textColor"], surface, 0.66), surface) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_accent(mode: str) -> None:
    colours = THEME[mode]
    assert contrast("#ffffff", colours["primaryColor"]) >= 4.5, "white text on a button"
    assert contrast(colours["primaryColor"], colours["backgroundColor"]) >= 3, "a button on the page"
    assert contrast(colours["linkColor"], colours["backgroundColor"]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("family", FAMILIES)
def test_words_of_state(mode: str, family: str) -> None:
    colours = THEME[mode]
    text = colours[f"{family}TextColor"]
    assert contrast(text, colours[f"{family}BackgroundColor"]) >= 4.5
    assert contrast(text, colours["backgroundColor"]) >= 4.5


def test_the_style_sheet_stays_small_and_scoped() -> None:
    sheet = (ROOT / "components" / "theme.css").read_text()
    assert len(sheet.splitlines()) <= 80
    assert not re.search(r"\.st-emotion|\be[0-9a-z]{6,}\d\b", sheet), "hashed class names change with every release"
