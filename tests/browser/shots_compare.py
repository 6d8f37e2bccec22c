"""Comparisons for the pictures: two, four and 24 columns, one that failed, blind before and after the vote, merges.

`python -m tests.browser.shots_compare [folder]` draws only these.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub import compare, runs
from hub.cli.programs import ROOT
from hub.db.who import OWNER
from hub.models import catalogue, connections
from hub.models.blocking import wait_for
from hub.settings import override
from tests.browser.chromium import launch
from tests.browser.conftest import each_chat_alone
from tests.browser.shots import SCHEMES, SIZES, Shot, draw, origin
from tests.cli.hub_process import hub_up
from tests.fakes.openai_server import FakeServer

QUESTION = "Why is the sky dark at night, if stars are everywhere?"
ANSWERS = (
    "Because the universe is **not old enough** to be full of light.\n\nLight from beyond about 13.8 billion light "
    "years has not reached us yet, so in most directions a line of sight ends in darkness.\n\n- The question is known "
    "as *Olbers' paradox*.\n- Expansion stretches what comes from far away into infrared and radio.\n",
    "Short answer: **time and expansion**.\n\n| cause | share |\n|---|--:|\n| finite age | most |\n"
    "| redshift | some |\n| dust | none |\n\n"
    "Dust does not help: it would heat up until it glowed as brightly as the stars behind it.\n",
    "The night sky is dark since stars are far apart and each lives only a few billion years. Even in an endless "
    "universe the light would need some 10^23 years to fill the space between them.\n",
    "Think of a forest: in a large one you see a trunk in every direction. Our forest of stars is *young*, so the "
    "trees that would close the gaps have not come into sight.\n",
)
NAMES = ("Larch 70B", "Rowan mini", "Alder large", "Hazel 2")
MERGED = (
    "The sky is dark because the universe is young and grows: most lines of sight end before the first stars, and what "
    "comes from far away is stretched beyond red. Dust would not do it, since it would glow.\n"
)
CHECKLIST = (
    '{"differences": ["Name Olbers\' paradox", "Say that dust does not explain it", "Use the picture of a forest", '
    '"Give the age of the universe"]}'
)


class Models:
    """Models of one provider under names of their own, and comparisons of them."""

    def __init__(self, url: str, provider: FakeServer) -> None:
        self.url, self.provider = url, provider
        made = connections.add(OWNER, "openai_compatible", name="Orchard", base_url=provider.url, key="k")
        wait_for(catalogue.refresh(OWNER, made))
        self.ids = [f"{made.id}/fake-says?{name}" for name in NAMES]
        for id_, name in zip(self.ids, NAMES, strict=True):
            catalogue.mark(OWNER, id_, alias=name)
        self.broken = f"{made.id}/fake-quota"
        catalogue.mark(OWNER, self.broken, alias="Birch 8B")
        catalogue.set_default(OWNER, self.ids[0])

    def start(self, models: Sequence[str], says: Sequence[str], *, blind: bool = False, wait: bool = True) -> str:
        """A comparison whose columns say this."""
        self.provider.says = list(says)
        with httpx.Client(base_url=self.url, timeout=120, headers={"origin": origin(self.url)}) as client:
            asked: dict[str, Any] = {"text": QUESTION, "models": [{"model": one} for one in models], "blind": blind}
            made = client.post("/api/comparisons", json=asked).raise_for_status().json()
            if wait:
                client.get(f"/api/runs/{made['run']}/events?from=1").raise_for_status()
        return made["comparison"]

    def merged(self) -> str:
        """One that was merged twice, once by a checklist that waits to be ticked."""
        made = self.start(self.ids, ANSWERS)
        for kind, says in (("fuse", MERGED), ("guided", CHECKLIST)):
            self.provider.says = [says]
            run = compare.merge(OWNER, made, kind, model=self.ids[0]).run
            assert run
            assert runs.wait(run, 60)
        return made


def to_merges(page: Page) -> None:
    """Goes where the merges stand."""
    page.locator(".pane.merge").last.scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Write the answer")).to_be_visible()


def compare_shots(models: Models) -> list[Shot]:
    """The page in its states."""
    two = models.start(models.ids[:2], ANSWERS)
    four = models.start(models.ids, ANSWERS)
    failed = models.start([models.ids[0], models.broken, models.ids[1]], ANSWERS)
    many = models.start(models.ids * 6, ANSWERS * 6)
    blind = models.start(models.ids, ANSWERS, blind=True)
    voted = models.start(models.ids, ANSWERS, blind=True)
    standing = compare.open_comparison(OWNER, voted).comparison.panes
    ranks = {one.id: rank for one, rank in zip(standing, (2, 1, 4, 3), strict=True)}
    compare.vote(OWNER, voted, 1, ranks=ranks, reason="The picture helps", tags=["Clear"])
    return [
        Shot("compare-two", f"/compare?c={two}", "Which answer is better?"),
        Shot("compare-four", f"/compare?c={four}", "Which answer is best?"),
        Shot("compare-failed", f"/compare?c={failed}", "Which answer is better?"),
        Shot("compare-many", f"/compare?c={many}", "Which answer is best?"),
        Shot("compare-blind", f"/compare?c={blind}", "Figures are shown after the vote"),
        Shot("compare-voted", f"/compare?c={voted}", "You said"),
        Shot("compare-merged", f"/compare?c={models.merged()}", "Merge the answers", to_merges, "Write the answer"),
    ]


def draw_streaming(browser: Browser, models: Models, scheme: str, size: str, folder: Path) -> Path:
    """A picture of answers that are being written."""
    slow = [f"{id_.split('?')[0].replace('fake-says', 'fake')}?tokens=900&gap=40" for id_ in models.ids]
    for id_, name in zip(slow, NAMES, strict=True):
        catalogue.mark(OWNER, f"{id_}&{name}", alias=name)
    made = models.start([f"{id_}&{name}" for id_, name in zip(slow, NAMES, strict=True)], (), wait=False)
    try:
        return draw(
            browser, models.url, Shot("compare-streaming", f"/compare?c={made}", "Stop all"), scheme, size, folder
        )
    finally:
        compare.stop(OWNER, made)


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        FakeServer(flavour="openrouter", gap_ms=4) as provider,
        hub_up(Path(scratch) / "data", discover_local="false") as hub,
    ):
        each_chat_alone(hub)
        override(mongo_url=hub.running.mongo_url, data=hub.data)
        compare.begin()
        models = Models(hub.running.url, provider)
        draw_all(models, compare_shots(models), folder)


def draw_all(models: Models, shots: Sequence[Shot], folder: Path) -> None:
    """Every picture in every look."""
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with sync_playwright() as driver, launch(driver) as browser:
        for shot in [Shot("compare-new", "/compare", "Which model answers best?"), *shots]:
            for look in looks:
                print(draw(browser, models.url, shot, *look, folder).name)
        for look in looks:
            print(draw_streaming(browser, models, *look, folder).name)


if __name__ == "__main__":
    main()
