"""What the pictures of agents show: none, thirty, one in its form with an answer beside it, its versions, a chat.

`python -m tests.browser.shots_agents [folder]` draws only these.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from components.agents.avatar import HUES
from hub import agents
from hub.agents.records import AgentSpec
from hub.cli.programs import ROOT
from hub.db.who import OWNER, Who
from hub.settings import override
from tests.browser.chromium import launch
from tests.browser.shots import SCHEMES, SIZES, Shot, clicking, draw, hub_with_things
from tests.cli.hub_process import HubProcess

EMPTY = Shot("agents-empty", "/agents", "No agents yet")
TOPICS = (
    ("Contract reader", "Finds deadlines, duties and odd clauses in a contract, and quotes them."),
    ("Release notes", "Turns merged changes into notes that a user understands."),
    ("Travel planner", "Plans a trip by train with times, prices and a plan for rain."),
    ("Interview coach", "Asks the questions of a job interview, one at a time, and says what was good."),
    ("SQL reviewer", "Reads queries, names what will be slow, and proposes an index."),
    ("Bedtime stories", "Tells a story in five minutes with the animals that you name."),
    ("مترجم", "يترجم النصوص من العربية وإليها ويحافظ على الأسلوب."),
)


SHARE = ".st-key-agent_share_open button"


def store(hub: HubProcess) -> tuple[str, str, str]:
    """Store them; the ids of one with all that there is, of one with versions, and of one of somebody else."""
    override(mongo_url=hub.running.mongo_url, postgres_url=hub.running.postgres_url, data=hub.data)
    for place in range(26):
        title, about = TOPICS[place % len(TOPICS)]
        name = title if place < len(TOPICS) else f"{title} {place // len(TOPICS) + 1}"
        tools = (None, (), ("hub:calculator", "hub:current_time"))[place % 3]
        made = AgentSpec(name=name, description=about, instructions=about, tools=tools, hue=HUES[place % len(HUES)])
        agents.create(OWNER, replace(made, starters=("Begin",)))
    full = agents.begin(OWNER, "coordinator")
    editor = next(one for one in agents.visible(OWNER) if one.spec.name == "Editor")
    shorter = replace(editor.spec, instructions=editor.spec.instructions.replace("- Mend grammar", "- Correct grammar"))
    agents.save(OWNER, editor.id, replace(shorter, starters=("Make this shorter:",)), why="one starter is enough")
    agents.begin(OWNER, "extractor")
    grace = Who("grace", "Grace")
    theirs = agents.create(grace, AgentSpec(name="Figures", description="Checks every figure.", instructions="Check."))
    agents.share(grace, theirs.id, people=[OWNER.id])
    return full.id, editor.id, theirs.id


def tried(page: Page) -> None:
    """Changes the description, and asks beside the form."""
    page.get_by_label("Description").fill("Splits a larger task among its helpers, and puts it together.")
    page.get_by_label("Name", exact=True).click()
    expect(page.get_by_text("Not saved")).to_be_attached()
    if page.viewport_size and page.viewport_size["width"] < 1000:
        page.get_by_role("radio", name="Try it").click()
    page.locator(".st-key-agent_try textarea").fill("Please reason about this before you answer fast")
    page.keyboard.press("Enter")
    expect(page.locator("article.assistant [data-act=retry]").first).to_be_attached(timeout=30_000)


def unfolded(page: Page) -> None:
    """Opens the groups of tools and of what it answers with."""
    for group in ("tools", "model"):
        page.locator(f".st-key-agent_group_{group} summary").click()
    page.locator(".st-key-agent_group_model").scroll_into_view_if_needed()


def shots(full: str, versions: str, theirs: str) -> list[Shot]:
    """Every page in its states."""
    return [
        Shot("agents", "/agents", "Contract reader"),
        Shot("agents-new", "/agents", "Contract reader", clicking(".st-key-agents_new button"), "Use Coordinator"),
        Shot("agent", f"/agent?a={full}", "Instructions", tried, "Start over"),
        Shot("agent-groups", f"/agent?a={full}", "Instructions", unfolded, "As in the chat"),
        Shot("agent-versions", f"/agent?a={versions}&part=Versions", "Bring back version 1"),
        Shot("agent-theirs", f"/agent?a={theirs}", "Checks every figure"),
        Shot(
            "agent-share", f"/agent?a={full}", "Instructions", clicking(".st-key-agent_share_open button"), "Only you"
        ),
        Shot("chat-agent", f"/?agent={full}", "Plan a two-day workshop"),
    ]


def main() -> None:
    """Draw all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    looks = [(scheme, size) for scheme in SCHEMES for size in SIZES]
    with hub_with_things() as hub, sync_playwright() as driver, launch(driver) as browser:
        url = hub.running.url
        for look in looks:
            draw(browser, url, EMPTY, *look, folder)
        for shot in shots(*store(hub)):
            for look in looks:
                print(draw(browser, url, shot, *look, folder).name)


if __name__ == "__main__":
    main()
