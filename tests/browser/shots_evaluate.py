"""What the pictures of Evaluate show: prompt sets, runs in every state, votes.

`python -m tests.browser.shots_evaluate [folder]` draws only these.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from hub import evals, votes
from hub.cli.programs import ROOT
from hub.db.who import OWNER
from hub.evals.records import Row, SetDraft, Template
from hub.settings import override
from hub.votes import Contender
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, clicking, draw, hub_with_things
from tests.cli.hub_process import HubProcess
from tests.evals.written import CHECKS, Wanted, mark_some, write_run

MODELS = ("GPT-5 mini", "Claude Haiku 4.5", "Mistral Small 3.2", "Qwen3 8B", "Llama 3.2 1B")
RATES = (0.91, 0.84, 0.8, 0.62, 0.35)
CASES = (
    ("A robe takes 2 bolts of blue fiber and half that much white fiber. How many bolts in total does it take?", "3"),
    ("A train leaves at 9:40 and arrives at 13:05. How many minutes does it travel?", "205"),
    ("Six pupils share 4 pizzas of 9 slices each. How many slices does each of them get?", "6"),
    ("A shop sells 3 pencils for $2. How many dollars do 24 pencils cost?", "16"),
    ("A tank of 120 litres loses 5 % a day. How many litres are left after one day?", "114"),
)
PAUSED = (
    "Both models are paused: the provider refused the key three times in a row. Nothing was charged. Check the key on "
    "the Models page, then retry the errors."
)


@dataclass(frozen=True)
class Shown:
    """The ids of what is there to be seen."""

    arithmetic: str
    travel: str
    large: str
    small: str
    failed: str
    half: str


def store(hub: HubProcess) -> Shown:
    """Store it."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    arithmetic = evals.create_set(OWNER, SetDraft("Arithmetic", _rows(200), checks=CHECKS, description="Word problems"))
    travel = evals.create_set(OWNER, _travel())
    evals.add_rows(OWNER, travel.id, [Row("", vars={"city": "Vienna", "season": "winter"}, expected="ball")])
    four = (MODELS[:4], RATES[:4])
    write_run(OWNER, arithmetic, _rows(200), Wanted("Arithmetic, last week", *four, 3, seed=2))
    shown = Shown(
        arithmetic.id,
        travel.id,
        write_run(
            OWNER,
            arithmetic,
            _rows(3000),
            Wanted("Arithmetic, all models", MODELS, RATES, faulty=(3,), fault=0.04),
        ),
        write_run(
            OWNER,
            arithmetic,
            _rows(200),
            Wanted("Arithmetic, new prompt", *four, 3, seed=3, faulty=(3,), fault=0.04),
        ),
        write_run(
            OWNER,
            arithmetic,
            _rows(20),
            Wanted("With a wrong key", MODELS[:2], RATES[:2], faulty=(0, 1), fault=1, status="paused", said=PAUSED),
        ),
        write_run(OWNER, arithmetic, _rows(200), Wanted("Half way", *four, seed=5, share=0.4, status="paused")),
    )
    mark_some(OWNER, shown.small, 60)
    _vote()
    return shown


def _rows(count: int) -> tuple[Row, ...]:
    tags = (("money",), ("time", "long"), (), ("money", "hard"), ())
    cases = [CASES[at % len(CASES)] for at in range(count)]
    return tuple(Row(f"r{at}", (asked,), expected=told, tags=tags[at % 5]) for at, (asked, told) in enumerate(cases))


def _travel() -> SetDraft:
    ways = (
        Template("Short", ("Name one thing to do in {{city}} in {{season}}.",)),
        Template("Careful", ("What is worth seeing in {{city}} in {{season}}?",), "You are a careful travel writer."),
    )
    rows = (
        Row("lisbon", vars={"city": "Lisbon", "season": "spring"}, expected="tram", tags=("sea",)),
        Row("oslo", vars={"city": "Oslo", "season": "winter"}, expected="fjord", tags=("sea", "snow")),
    )
    checks = (
        {"kind": "contains", "value": ["{{expected}}"], "ignore_case": True},
        {"kind": "length", "unit": "words", "max": 120},
    )
    return SetDraft("Travel notes", rows, ways, checks)


def _vote() -> None:
    chance = random.Random(7)
    for prompt in range(40):
        one, two = chance.sample(range(4), 2)
        better = chance.random() < RATES[one] / (RATES[one] + RATES[two])
        tie = chance.random() < 0.15
        ranks = (1, 1) if tie else (1, 2) if better else (2, 1)
        contenders = [Contender(MODELS[one], f"{prompt}a"), Contender(MODELS[two], f"{prompt}b")]
        tags = ["writing"] if prompt % 3 else ["code"]
        votes.cast(
            OWNER,
            source="compare",
            prompt=f"prompt {prompt}",
            contenders=contenders,
            ranks=ranks,
            tags=tags,
            blind=True,
        )


def evaluate_shots(shown: Shown) -> list[Shot]:
    """Every view of Evaluate with something in it."""
    prompt_set, run = f"/evaluate_set?set={shown.travel}", "/evaluate_run?run="
    return [
        Shot("evaluate", "/evaluate", "Arithmetic, new prompt"),
        Shot("evaluate-sets", "/evaluate?view=Prompt+sets", "Travel notes"),
        Shot("evaluate-leaderboard", "/evaluate?view=Leaderboard", "Bradley-Terry"),
        Shot("evaluate-set", f"/evaluate_set?set={shown.arithmetic}", "Save as version 2"),
        Shot("evaluate-templates", prompt_set, "Travel notes", clicking("text=Templates"), "Add template"),
        Shot("evaluate-checks", prompt_set, "Travel notes", clicking("text=Checks"), "Add check"),
        Shot("evaluate-versions", prompt_set, "Travel notes", open_version, "1 row added"),
        Shot("evaluate-new", f"/evaluate_new?set={shown.travel}", "New run", add_models, "Start 6 cells"),
        Shot("evaluate-run", run + shown.small, "First I add what is given"),
        Shot(
            "evaluate-baseline", run + shown.small, "First I add what is given", compare_columns, "no difference shown"
        ),
        Shot(
            "evaluate-cell",
            run + shown.small,
            "First I add what is given",
            clicking("tbody .cell"),
            "What the judge was asked",
        ),
        Shot("evaluate-large", run + shown.large, "of 3,000 rows"),
        Shot("evaluate-failed", run + shown.failed, "Both models are paused"),
        Shot("evaluate-half", run + shown.half, "Resume run"),
        Shot(
            "evaluate-charts",
            run + shown.small,
            "First I add what is given",
            clicking("text=Charts"),
            "Leaderboard of this run",
        ),
        Shot("evaluate-plan", run + shown.small, "First I add what is given", clicking("text=Plan"), "Copied in when"),
    ]


EMPTY = (
    Shot("evaluate-empty", "/evaluate", "No runs yet"),
    Shot("evaluate-no-votes", "/evaluate?view=Leaderboard", "No votes yet"),
)
"""What only a hub without runs has."""


def open_version(page: Page) -> None:
    """Opens the newest version of the set."""
    page.get_by_text("Versions", exact=True).click()
    page.locator("summary", has_text="Version 2 ·").click()


def add_models(page: Page) -> None:
    """Takes the demo model."""
    page.get_by_role("button", name="Choose a model").last.click()
    page.keyboard.type("demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Adjust")).to_be_visible()
    page.get_by_role("button", name="Start 6 cells").scroll_into_view_if_needed()


def compare_columns(page: Page) -> None:
    """Compares the columns with the run before."""
    fold = page.get_by_role("button", name="Show options")
    if fold.is_visible():
        fold.click()
    before = page.get_by_label("Compare with").locator("option", has_text="Arithmetic, last week")
    page.get_by_label("Compare with").select_option(before.get_attribute("value"))


def main() -> None:
    """Draw them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with hub_with_things() as hub, sync_playwright() as driver, launch(driver) as browser:
        for shot in EMPTY:
            for look in looks:
                print(draw(browser, hub.running.url, shot, *look, folder).name)
        shown = store(hub)
        for shot in evaluate_shots(shown):
            for look in looks:
                print(draw(browser, hub.running.url, shot, *look, folder).name)


if __name__ == "__main__":
    main()
